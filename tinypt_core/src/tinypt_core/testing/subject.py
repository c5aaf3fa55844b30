"""The operator under test: how it is called, its values, and its gradients of every order."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from tinypt_core._engine.gradients import gradients
from tinypt_core._function import Function
from tinypt_core._modes import no_grad
from tinypt_core._names import describe
from tinypt_core._operator.signature import authored
from tinypt_core._registry import table
from tinypt_core._variable import Variable
from tinypt_core.testing.cases import cases
from tinypt_core.testing.samples import Case, Path, parse
from tinypt_core.testing.values import Arrays, flat, normal, to_array, variables_of


class Subject:
    """An operator (a Function class or a registered callable) and the cases it is tried on."""

    def __init__(self, op: Any, given: Sequence[Any] = (), order: int = 3, seed: int = 0) -> None:
        self.op, self.order, self.seed, self.given = op, order, seed, given
        #: the class, or the plain function of one that is composed of operators
        self.target: Any = getattr(op, "function", op)
        cls = self.target
        ruled = isinstance(cls, type) and issubclass(cls, Function)
        if not ruled and cls is op:
            raise TypeError(
                f"check_op takes a Function class or a registered operator, not {op!r}; "
                f"use check_gradient for a plain function of Variables"
            )
        self.cls: Any = cls if ruled else None
        self.registered = op is not cls
        self.call: Callable[..., Any] = op if self.registered else op.apply
        named = getattr(op, "__qualname__", "") if self.registered else cls.__name__
        self.name = named.rpartition(":")[2]
        self.shared: dict[Any, Any] = {}  #: results that several promises share

    @property
    def package(self) -> str:
        """Who provides it."""
        provider = str(getattr(self.op, "provider", ""))
        if provider or self.cls is None:
            return provider or f"module {self.target.__module__}"
        return describe(self.cls).split(" (")[1][:-1]

    def rng(self, *salt: int) -> np.random.Generator:
        """Random numbers that depend on the seed alone."""
        return np.random.default_rng([self.seed, *salt])

    @cached_property
    def own(self) -> bool:
        """Whether somebody who knows the domain gave the samples."""
        return bool(self.given) or hasattr(self.target, "samples")

    @cached_property
    def first_class(self) -> bool:
        """Whether `apply` has a signature of its own, so that any array in it is an input."""
        if self.cls is None or not hasattr(self.cls, "_signature"):
            return True
        bases = authored(self.cls)  # without Function and object
        return bool([base for base in bases if "apply" in vars(base)])

    def is_input(self, path: Path) -> bool:
        """Whether an array at this place is an input, and not a parameter."""
        if self.first_class:
            return bool(path[0] != "kwargs")
        names, arity = self.cls._signature.names, int(self.cls._signature.arity)
        if path[0] == "kwargs":
            return path[1] in names
        return len(path) == 1 and (arity < 0 or int(path[0]) < arity)

    @cached_property
    def cases(self) -> list[Case]:
        """Every call the operator is tried on; the plain ones first."""
        return cases(self)

    @cached_property
    def elementwise(self) -> bool:
        """Whether the class says so."""
        return bool(self.cls is not None and self.cls.elementwise)

    @cached_property
    def looks_elementwise(self) -> bool:
        """Whether inputs of one shape give a value of that shape, as far as one can see."""
        same = [c for c in self.cases if c.kind == "gradient" and len({x.shape for x in c.xs}) == 1]
        found = [[y.shape for y in self.value(c)] == [c.xs[0].shape] for c in same
                 if self.accepts(c) is not None]  # fmt: skip
        return self.elementwise or (bool(found) and all(found))

    @cached_property
    def writes(self) -> bool:
        """Whether it returns nothing and writes into its first argument, as np.put does."""
        if self.cls is not None or not hasattr(self.target, "samples"):
            return False
        (x, *rest), kwargs = parse(next(iter(self.target.samples(self.rng(0)))))
        with no_grad():
            is_array = isinstance(x, np.ndarray)
            return is_array and self.call(Variable(x.copy()), *rest, **kwargs) is None

    @cached_property
    def n_inputs(self) -> int:
        """How many inputs it is given when nobody says."""
        if self.first_class:
            kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
            found = inspect.signature(self.call).parameters.values()
            return max(1, sum(p.kind in kinds and p.default is p.empty for p in found))
        arity = int(self.cls._signature.arity)
        return 3 if arity < 0 else arity

    def accepts(self, case: Case) -> bool | None:
        """Whether the values of forward on a case are finite; None if it raises."""
        try:
            with np.errstate(all="ignore"):
                return bool(all(np.all(np.isfinite(y)) for y in self.value(case)))
        except Exception:
            return None

    @cached_property
    def constant(self) -> bool:
        """Whether it only tells something about arrays, as `x > 0` or `np.shape(x)` do."""
        for case in self.cases:
            try:
                outs = self.run(case, variables_of(case.fresh()))
            except Exception:
                continue
            return not any(isinstance(y, Variable) for y in outs)
        return self.cls is not None and not hasattr(self.cls, "forward")

    @cached_property
    def numpy_function(self) -> Any:
        """NumPy's function of the same name, or None."""
        function: Any = np
        for part in (self._registered_name() or "?").split("."):
            function = getattr(function, part, None)
        return function if callable(function) else None

    def _registered_name(self) -> str:
        if self.registered:
            return self.name
        known = {op.function: name for name, op in table.loaded().items()}
        return str(known.get(self.target, ""))

    def refused_by_numpy(self, case: Case) -> bool:
        """Whether NumPy's function of the same name raises on a case too."""
        if self.numpy_function is None:
            return False
        try:
            args, kwargs = case.fill(case.xs)
            self.numpy_function(*args, **kwargs)
            return False
        except Exception:
            return True

    def like_numpy(self, case: Case) -> bool:
        """Whether NumPy's function of the same name gives the same."""
        try:
            args, kwargs = case.fill(case.xs)
            theirs = [np.asarray(y) for y in flat(self.numpy_function(*args, **kwargs))]
            ours = self.value(case)
            return all(np.array_equal(a, b, True) for a, b in zip(theirs, ours, strict=True))
        except Exception:
            return False

    def diagonal(self, case: Case) -> bool:
        """Whether element i of the output depends on element i of the one input alone."""
        if len(case.xs) != 1 or case.size < 2:
            return False
        x = case.xs[0]
        half = (np.arange(x.size) % 2 == 0).reshape(x.shape)
        try:
            (y,), (z,) = self.value(case), self.value(case, [np.where(half, x * 1.001, x)])
        except Exception:  # several outputs, or a step out of the domain
            return False
        return bool(y.shape == x.shape and np.array_equal(y[~half], z[~half]))

    def run(self, case: Case, values: Sequence[Any]) -> list[Any]:
        """What the operator returns for these Variables or arrays, as a flat list."""
        args, kwargs = case.fill(values)
        if self.writes:
            args[0] = np.positive(args[0])
        outs = self.call(*args, **kwargs)
        return flat(args[0] if self.writes else outs)

    def value(self, case: Case, xs: Arrays | None = None) -> Arrays:
        """Its values, as arrays."""
        with no_grad():
            outs = self.run(case, variables_of(case.fresh() if xs is None else xs))
        ys = [to_array(y) for y in outs]
        if xs is None and ("first", case) not in self.shared:
            self.shared["first", case] = [y.copy() for y in ys]
        return ys

    def first_value(self, case: Case) -> Arrays:
        """What the very first call on this case gave."""
        if ("first", case) not in self.shared:
            self.value(case)
        return self.shared["first", case]  # type: ignore[no-any-return]

    def floats(self, outs: Sequence[Any]) -> list[Variable]:
        """Those of the outputs that can be differentiated."""
        return [y for y in outs if isinstance(y, Variable) and y.dtype.kind in "fc"]

    def differentiable(self, case: Case) -> bool:
        """Whether there is anything to differentiate, and by."""
        key = "differentiable", case
        if key not in self.shared:
            found = bool(case.xs) and bool(self.floats(self.run(case, variables_of(case.fresh()))))
            self.shared[key] = found
        return bool(self.shared[key])

    def cotangents(self, case: Case, rng: np.random.Generator) -> Arrays:
        """A random gradient for each output."""
        outs = self.floats(self.run(case, variables_of(case.fresh())))
        return [normal(rng, y).astype(y.dtype) for y in outs]

    def nth(self, case: Case, groups: Sequence[Arrays]) -> Arrays:
        """The gradients of the gradients, len(groups) - 1 times.

        groups: the inputs, then a gradient for each output, then one for each of those
        gradients, and so on: each step differentiates by everything that came before.
        """
        given = all(a is b for a, b in zip(groups[0], case.xs, strict=True))
        variables = variables_of(case.fresh() if given else groups[0])
        outs: Sequence[Any] = self.run(case, variables)
        if len(groups) == 1:
            return [to_array(y) for y in outs if to_array(y).dtype.kind in "fc"]
        outs = self.floats(outs)
        for k, group in enumerate(groups[1:], 1):
            more = variables_of([g.copy() for g in group])
            outs = gradients(outs, variables, more, create_graph=k < len(groups) - 1)
            variables += more
        return [to_array(g) for g in outs]

    def gradient(self, case: Case, gys: Arrays, xs: Arrays | None = None) -> Arrays:
        """The gradient of each input, in a plain pass."""
        variables = variables_of(case.fresh() if xs is None else xs)
        outs = self.floats(self.run(case, variables))
        return list(gradients(outs, variables, gys))

    def nodes(self, outs: Sequence[Any]) -> list[Any]:
        """The nodes of this operator behind its outputs, each once."""
        found = [y.creator for y in outs if isinstance(y, Variable)]
        return list({id(f): f for f in found if f is not None}.values())
