"""Program: the NumPy calls of one case of a function, in the order in which they run."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import numpy as np


class Ref(NamedTuple):
    """A value of the program: an input, a constant, or the result of a step."""

    id: int


class Method:
    """A method of an array, as a function of the array."""

    known: ClassVar[dict[str, Method]] = {}

    def __new__(cls, name: str) -> Method:
        """One object per name, so that steps compare."""
        if name not in cls.known:
            cls.known[name] = object.__new__(cls)
        return cls.known[name]

    def __init__(self, name: str) -> None:
        self.name = self.__name__ = name

    def __call__(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(x, self.name)(*args, **kwargs)


class UfuncMethod:
    """`np.add.reduce` and its kind, as a function."""

    known: ClassVar[dict[tuple[str, str], UfuncMethod]] = {}

    def __new__(cls, ufunc: Any, method: str) -> UfuncMethod:
        """One object per ufunc and method, so that steps compare."""
        key = (ufunc.__name__, method)
        if key not in cls.known:
            cls.known[key] = object.__new__(cls)
        return cls.known[key]

    def __init__(self, ufunc: Any, method: str) -> None:
        self.ufunc, self.method = ufunc, method

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return getattr(self.ufunc, self.method)(*args, **kwargs)


class Opaque:
    """The forward or the rule of an operator that does not compute in NumPy alone.

    key: what tells it from others.
    """

    def __init__(self, call: Callable[..., Any], words: str, key: Any) -> None:
        self.call, self.words, self.key = call, words, (words, key)

    def __call__(self, *args: Any) -> Any:
        return self.call(*args)


class Info(NamedTuple):
    """What is known of a value.

    kind: "array", "scalar" (NumPy's), "number" (Python's), or "tuple", whose length is the shape.
    """

    shape: tuple[int, ...]
    dtype: Any
    kind: str


@dataclass
class Step:
    """One call. out: the id of its result. err: NumPy's error settings where they are not those
    of the caller. guards: whether another shape or dtype of the result is another case."""

    fn: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    out: int
    label: str = ""
    err: tuple[tuple[str, str], ...] = ()
    guards: bool = False

    def refs(self) -> Iterator[int]:
        """The ids that it reads."""
        yield from refs_in(self.args)
        yield from refs_in(self.kwargs)

    def frozen(self) -> Any:
        """It as something to compare and to hash, but for where the result goes."""
        return (
            getattr(self.fn, "key", id(self.fn)),
            frozen(self.args),
            frozen(self.kwargs),
            self.err,
        )


@dataclass
class Guard:
    """What a value was when Python asked for it: another value is another case."""

    ref: Ref
    value: Any
    guards: bool = True

    def refs(self) -> Iterator[int]:
        """The id that it reads."""
        yield self.ref.id


@dataclass
class Program:
    """One case of a function: inputs, calls, and what comes out.

    inputs: names by id, in the order of the call. outputs: the tree of results, of Refs and
    constants. info: what is known of each value. constants: arrays by id. names: words for values.
    strides: of the inputs, where something was decided by how arrays lie in memory.
    """

    inputs: dict[int, str] = field(default_factory=dict)
    steps: list[Any] = field(default_factory=list)
    outputs: Any = None
    info: dict[int, Info] = field(default_factory=dict)
    constants: dict[int, Any] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    strides: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def frozen(self) -> Any:
        """It as something to compare: two traces of a pure function are equal."""
        steps = [
            (s.out, s.frozen()) if isinstance(s, Step) else (s.ref.id, frozen(s.value))
            for s in self.steps
        ]
        constants = {k: frozen(v) for k, v in self.constants.items()}
        return steps, frozen(self.outputs), constants

    def calls(self) -> list[Step]:
        """The steps that are calls."""
        return [step for step in self.steps if isinstance(step, Step)]


def reads(program: Program) -> Counter[int]:
    """How often each value is read, by calls and as a result."""
    counts = Counter(at for step in program.steps for at in step.refs())
    counts.update(refs_in(program.outputs))
    return counts


def refs_in(value: Any) -> Iterator[int]:
    """The ids of the values in a structure of arguments."""
    kind = value.__class__
    if kind is Ref:
        yield value.id
    elif kind is slice:
        yield from refs_in((value.start, value.stop, value.step))
    elif isinstance(value, (tuple, list)):
        for v in value:
            yield from refs_in(v)
    elif isinstance(value, dict):
        for v in value.values():
            yield from refs_in(v)


def mapped(value: Any, leaf: Callable[[Any], Any]) -> Any:
    """The same structure of arguments, with `leaf` of everything that is no container."""
    kind = value.__class__
    if kind is slice:
        return slice(*(mapped(v, leaf) for v in (value.start, value.stop, value.step)))
    if kind is Ref or not isinstance(value, (tuple, list, dict)):
        return leaf(value)
    if isinstance(value, dict):
        return {k: mapped(v, leaf) for k, v in value.items()}
    parts = [mapped(v, leaf) for v in value]
    if isinstance(value, list):
        return parts
    return kind(*parts) if hasattr(value, "_fields") else tuple(parts)


def frozen(value: Any) -> Any:
    """Arguments as something to compare and to hash: numbers by type and bits."""
    kind = value.__class__
    if isinstance(value, (np.ndarray, np.generic)):
        return kind, value.dtype.str, value.shape, value.tobytes()
    if kind is float or kind is complex:
        return kind, repr(value)
    if kind is slice:
        return slice, frozen(value.start), frozen(value.stop), frozen(value.step)
    if isinstance(value, (tuple, list)):
        return kind, tuple(map(frozen, value))
    if isinstance(value, dict):
        return dict, tuple((k, frozen(v)) for k, v in value.items())
    try:
        hash(value)
    except TypeError:
        return kind, id(value)
    return kind, value


#: functions of the operator module and their signs
SIGNS: dict[Any, str] = {
    operator.add: "+", operator.sub: "-", operator.mul: "*", operator.truediv: "/",
    operator.floordiv: "//", operator.mod: "%", operator.pow: "**", operator.matmul: "@",
    operator.lt: "<", operator.le: "<=", operator.gt: ">", operator.ge: ">=",
    operator.eq: "==", operator.ne: "!=",
    operator.and_: "&", operator.or_: "|", operator.xor: "^",
    operator.lshift: "<<", operator.rshift: ">>",
}  # fmt: skip
UNARY: dict[Any, str] = {operator.neg: "-", operator.pos: "+", operator.invert: "~"}
