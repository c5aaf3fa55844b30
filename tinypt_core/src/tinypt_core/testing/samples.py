"""What an operator is tried on: its own samples, the caller's, or normal draws in many shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

#: where a float array stands in a call: in args, in a list in args, or in kwargs by name
Path = tuple[Any, ...]


class Case:
    """One call of the operator: its arguments, and which of them are differentiated.

    kind: the promise that a failure on this case breaks ("gradient" for an ordinary one).
    """

    def __init__(
        self,
        args: Sequence[Any],
        kwargs: dict[str, Any] | None = None,
        inputs: Callable[[Path], bool] = lambda path: True,
        kind: str = "gradient",
        role: str = "plain",
        layout: Callable[[np.ndarray], np.ndarray] = np.copy,
    ) -> None:
        self.args, self.kwargs = tuple(args), dict(kwargs or {})
        self.kind = kind
        #: "far" for large values; "picked" for points that may be the very kinks of the operator
        self.role = role
        self._inputs = inputs
        #: how its arrays lie in memory
        self.layout = layout
        self.slots = [path for path in _paths(self.args, self.kwargs) if inputs(path)]
        self.xs = [_at(self.args, self.kwargs, path) for path in self.slots]
        #: its parameters before the operator had them in hand
        self.untouched = copied(self.parameters)

    def fresh(self) -> list[np.ndarray]:
        """The arrays once more, laid out the same in memory: an operator may spoil its own."""
        return [np.asarray(self.layout(x)) for x in self.xs]

    def fill(self, values: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
        """The arguments of the call, with other values in place of the arrays."""
        nested = {path[0] for path in self.slots if len(path) == 2}
        args = [list(a) if i in nested else a for i, a in enumerate(self.args)]
        kwargs = dict(self.kwargs)
        for path, value in zip(self.slots, values, strict=True):
            if path[0] == "kwargs":
                kwargs[path[1]] = value
            elif len(path) == 2:
                args[path[0]][path[1]] = value
            else:
                args[path[0]] = value
        return args, kwargs

    def like(
        self,
        xs: Sequence[np.ndarray],
        kind: str | None = None,
        layout: Callable[[np.ndarray], np.ndarray] = np.copy,
    ) -> Case:
        """The same call on other arrays."""
        args, kwargs = self.fill(xs)
        return Case(args, kwargs, self._inputs, kind or self.kind, self.role, layout)

    @property
    def smooth(self) -> bool:
        """Whether the points are random, so that a kink is a rare accident."""
        return self.role != "picked"

    @property
    def size(self) -> int:
        """How many elements are differentiated."""
        return sum(x.size for x in self.xs)

    @property
    def parameters(self) -> tuple[Any, ...]:
        """Everything in the call that is not differentiated."""
        args, kwargs = self.fill([None] * len(self.xs))
        return (*args, kwargs)

    @property
    def real(self) -> bool:
        """Whether no input is complex."""
        return all(x.dtype.kind == "f" for x in self.xs)

    @property
    def scalar_parameters(self) -> bool:
        """Whether no parameter has elements of its own, that would have to fit the inputs."""
        given = (*self.parameters[:-1], *self.kwargs.values())
        return not any(isinstance(p, (np.ndarray, list, tuple)) for p in given)

    def __str__(self) -> str:
        words = [_brief(a) for a in self.args]
        words += [f"{name}={_brief(value)}" for name, value in self.kwargs.items()]
        return f"({', '.join(words)})"


def _paths(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[Path]:
    for i, arg in enumerate(args):
        if _is_float_array(arg):
            yield (i,)
        elif isinstance(arg, (list, tuple)):
            yield from ((i, j) for j, a in enumerate(arg) if _is_float_array(a))
    yield from (("kwargs", name) for name, a in kwargs.items() if _is_float_array(a))


def _at(args: tuple[Any, ...], kwargs: dict[str, Any], path: Path) -> np.ndarray:
    value: Any = kwargs if path[0] == "kwargs" else args
    for key in path[1:] if path[0] == "kwargs" else path:
        value = value[key]
    return value  # type: ignore[no-any-return]


def _is_float_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in "fc"


def _brief(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape}{_layout(value)}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_brief, value))}]"
    text = repr(value)
    return text if len(text) < 40 else text[:37] + "..."


def _layout(x: np.ndarray) -> str:
    words = [] if x.flags.c_contiguous else ["Fortran" if x.flags.f_contiguous else "strided"]
    words += [] if x.flags.writeable else ["read-only"]
    return "".join(" " + w for w in words)


def copied(value: Any) -> Any:
    """Lists, dicts and arrays copied, also inside each other; anything else as it is."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return {key: copied(v) for key, v in value.items()}
    return type(value)(map(copied, value)) if type(value) in (list, tuple) else value


def parse(sample: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """A sample as arguments: one array, or a tuple that may end in a dict of keywords."""
    if not isinstance(sample, tuple):
        return (sample,), {}
    if sample and isinstance(sample[-1], dict):
        return sample[:-1], sample[-1]
    return sample, {}


def elements(case: Case) -> Iterator[Case]:
    """One element of an elementwise call, 0-d, and none of its elements."""
    arrays = [a for a in case.args if isinstance(a, np.ndarray)]
    wide = np.broadcast_shapes(*[a.shape for a in arrays])
    if not wide or 0 in wide:
        return
    flat = {id(a): np.broadcast_to(a, wide).reshape(-1) for a in arrays}
    for kind, part in ("zero-d", 0), ("empty", slice(0, 0)):
        args = [np.array(flat[id(a)][part]) if id(a) in flat else a for a in case.args]
        yield Case(args, case.kwargs, case._inputs, kind, case.role)


# -- normal draws ----------------------------------------------------------------------------------

_SHAPES = (3,), (2, 3), (1, 3), (3, 1), (2, 3, 4)
_PAIRS = ((3,), ()), ((2, 3), (3,)), ((2, 3), (2, 1)), ((), (2, 2)), ((2, 1, 3), (4, 1))

#: domains to try in turn, as maps of a normal draw
_DOMAINS: tuple[Callable[[np.ndarray], np.ndarray], ...] = (
    lambda x: x,
    lambda x: np.abs(x) + 0.1,
    lambda x: np.tanh(x) * 0.9,
    lambda x: np.abs(x) + 1.1,
    lambda x: 0.5 + 0.4 * np.tanh(x),
)


def draws(n: int, accepts: Callable[[Case], bool | None], rng: np.random.Generator) -> list[Case]:
    """Normal draws for an operator of n inputs, in the first domain where its values are finite.

    accepts: whether the values of forward on a case are finite, None if it raises. No cases if
    there is no such domain.
    """
    for domain in _DOMAINS:

        def draw(
            *shapes: tuple[int, ...], domain: Callable[[np.ndarray], np.ndarray] = domain
        ) -> list[np.ndarray]:
            return [np.asarray(domain(rng.normal(size=shape))) for shape in shapes]

        probes = [Case(draw(*[shape] * n)) for shape in ((2, 3), (3,), (16,), (4, 4))]
        found = list(map(accepts, probes))
        if any(found) and False not in found:
            plain = [Case(draw(*[shape] * n)) for shape in _SHAPES]
            cases = [probes[found.index(True)], *plain]
            cases.append(Case(draw(*[()] * n), kind="zero-d"))
            cases.append(Case(draw(*[(0, 3)] * n), kind="empty"))
            cases += [
                Case(draw(*[pair[(i + swap) % 2] for i in range(n)]), kind="broadcasting")
                for pair in (_PAIRS if n > 1 else ())
                for swap in (0, 1)
            ]
            return cases + [c for c in _far(n, rng) if accepts(c)]
    return []


def _far(n: int, rng: np.random.Generator) -> Iterator[Case]:
    """Large values, whole numbers and zeros, in any domain that takes them."""
    for size in 3.0, 30.0:
        yield Case([rng.normal(size=(7,)) * size for _ in range(n)], role="far")
    whole = [-2.0, -1.0, 0.0, 1.0, 2.0]
    yield Case([np.roll(whole, 2 * i) for i in range(n)], role="picked")
    if n > 1:
        yield Case([np.array(whole)] * n, role="picked")


_LARGE = 50.0, 100.0, 300.0, 700.0, 1000.0


def far_and_wide(rng: np.random.Generator) -> np.ndarray:
    """Values of every size and sign, for a function of one variable."""
    near = rng.uniform(-30, 30, 120)
    sizes = np.concatenate([10.0 ** rng.uniform(-6, 3, 35), rng.uniform(1, 1.2, 5) * _LARGE])
    return np.concatenate([near, sizes, -sizes])
