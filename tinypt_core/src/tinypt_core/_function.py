"""Function: the contract of an operator.

An operator is one class: `forward` computes on arrays, `backward` is its gradient rule and asks
by name for what it needs. Calling an instance makes it a node of the graph.
"""

from __future__ import annotations

import _thread
import os
from collections.abc import Callable
from copy import copy
from typing import Any, ClassVar
from weakref import ref

from tinypt_core._errors import DefinitionError
from tinypt_core._modes import get_mode
from tinypt_core._operator import call
from tinypt_core._operator.signature import (
    Signature,
    no_method,
    own_slots,
    parameters,
    read_signature,
)
from tinypt_core._operator.textbook import Textbook, by_hand, written
from tinypt_core._variable import Variable

_claiming = _thread.allocate_lock()  # threading costs an import


class Function(Textbook):
    """A differentiable operator, and the node it leaves in the graph.

    forward(self, *arrays): compute the output, an array, or a tuple of arrays for several.
    backward(self, gy, ...): the gradient of each input from that of the output, one rule for
    every order, written in plain NumPy. After `gy` (one per output) it names what it needs:
    parameters of forward, or `y` for the output (`y0, y1 ...` for several).
    Constructor arguments are the operator's parameters.

    A rule may read from self its parameters, and what the constructor made of them; `shapes`, the
    shapes of the inputs; and `needs`, which inputs want a gradient.

    keeps_nothing: set it to True when a rule that asks for nothing but `gy` reads no
    `self.inputs` or `self.outputs` either, so that nothing needs to be kept for it.
    elementwise: set it to True when forward and rule are arithmetic and ufuncs only. Then 0-d
    values come as NumPy scalars, which are several times as fast, and Python numbers as such; and
    an array that the rule computed is the caller's.
    up_to_phase: set it to True when complex results are determined only up to a phase, as
    eigenvectors are; the conformance kit then leaves complex inputs out.

    Raises an error that is a TypeError, where the class statement stands, for a rule that asks for
    a name nobody has, and for a class that is no operator.

    >>> import numpy as np
    >>> class Cube(Function):
    ...     def forward(self, x):
    ...         return x**3
    ...     def backward(self, gy, x):
    ...         return gy * 3 * x**2
    >>> x = Variable(np.array(2.0))
    >>> y = Cube()(x)
    >>> y.backward()
    >>> y, x.grad
    (variable(8.0), array(12.))
    """

    __slots__ = ()

    keeps_nothing: ClassVar[bool] = False
    elementwise: ClassVar[bool] = False
    up_to_phase: ClassVar[bool] = False
    forward: Callable[..., Any]
    backward: Callable[..., Any]

    _signature: ClassVar[Signature]
    _written: ClassVar[Callable[..., Any] | None] = None
    _rule: ClassVar[Callable[..., Any]]
    _run: ClassVar[Callable[..., Any]]
    _call: ClassVar[Callable[..., Any]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        problem = no_method(cls)
        rule = cls.__dict__.get("backward")
        if rule is not None and not problem:
            cls._written = written(rule)
            cls.backward = by_hand(cls._written)
        if not problem and hasattr(cls, "forward"):  # else a base class that only shares its rule
            cls._signature = read_signature(cls)
            problem = cls._signature.problem if cls._written is not None else ""
        if problem:
            raise DefinitionError(f"{cls.__qualname__}: {problem}")
        call.prepare_later(cls)

    def __call__(self, *inputs: Any) -> Any:
        mode = get_mode()
        node = self._claim()
        y = call.run(node, inputs, mode)
        if y.__class__ is Variable and y._edge is node:
            node._made = ref(y)
        return y

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Call the operator with its inputs, then its parameters: what `ops.NAME` does.

        >>> import numpy as np
        >>> from tinypt_core.ops import sum
        >>> sum.function.apply(Variable(np.ones((2, 3))), axis=0)
        variable([2. 2. 2.])
        """
        return cls._call(*args, **kwargs)

    def of(self, *xs: Any) -> Any:
        """This operator of whatever flows: of arrays an array, of Variables a Variable.

        A rule whose line NumPy has no name for runs an operator of its own this way.

        >>> import numpy as np
        >>> class Twice(Function):
        ...     def forward(self, x):
        ...         return 2 * x
        ...     def backward(self, gy):
        ...         return Twice().of(gy)
        >>> Twice().of(np.array([1.0, 2.0])), Twice().of(Variable(np.array(3.0)))
        (array([2., 4.]), variable(6.0))
        """
        for x in xs:
            if isinstance(x, Variable):
                return self(*xs)
        return self.forward(*xs)

    @property
    def params(self) -> dict[str, Any]:
        """The operator's parameters by name, as its constructor stored them."""
        return {name: getattr(self, name) for name in parameters(type(self)) if hasattr(self, name)}

    def _claim(self) -> Function:
        """This instance for its first call, a twin with the same parameters for each further."""
        with _claiming:
            if not hasattr(self, "_behind"):
                object.__setattr__(self, "_behind", ())
                return self
        twin = copy(self)
        object.__setattr__(twin, "_behind", ())
        return twin

    # -- pickling and copying take the parameters, not the node --------------------------------

    def __getstate__(self) -> tuple[dict[str, Any], dict[str, Any]]:
        own = own_slots(type(self))
        slots = {s: getattr(self, s) for s in own if hasattr(self, s)}
        return dict(getattr(self, "__dict__", {})), slots

    def __setstate__(self, state: tuple[dict[str, Any], dict[str, Any]]) -> None:
        for part in state:
            for name, value in part.items():
                object.__setattr__(self, name, value)


def _renew_lock() -> None:
    global _claiming
    _claiming = _thread.allocate_lock()


if hasattr(os, "register_at_fork"):  # a child has none of the threads that may have held it
    os.register_at_fork(after_in_child=_renew_lock)
