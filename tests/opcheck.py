"""How a table of operators is checked: one row is an operator and where its arguments lie.

    @table(
        Row("hypot", real, real),               # elementwise: in several shapes that broadcast
        Row("cumsum", real(2, 3), axis=1),      # in one shape, with NumPy's arguments
    )
    class TestFamily(OperatorTable):
        pass

Every row has NumPy's own values, shapes and dtypes, in every layout of memory and in float32.
Everything else that an operator promises is the conformance kit's to check: it is handed the rows
as its samples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import product
from typing import Any

import numpy as np
import pytest
from tinypt_core.testing import check_op

from tinypt_core import ConformanceError, Variable, gradients, registry

# -- where arguments lie -----------------------------------------------------------------------


@dataclass(frozen=True)
class Domain:
    """Random arrays: `draw` makes them from a generator and a shape. `real(2, 3)` has a shape."""

    draw: Callable[[np.random.Generator, tuple[int, ...]], Any]
    shape: tuple[int, ...] | None = None

    def __call__(self, *shape: int) -> Domain:
        return replace(self, shape=shape)

    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        return np.asarray(self.draw(rng, shape if self.shape is None else self.shape), float)


def _spaced(rng: np.random.Generator, shape: tuple[int, ...], offset: float) -> Any:
    size = int(np.prod(shape))
    return (rng.permutation(size).reshape(shape) - size // 2) * 0.5 + offset


real = Domain(lambda rng, shape: rng.normal(size=shape))
positive = Domain(lambda rng, shape: np.exp(rng.uniform(-1, 1, shape)))
unit = Domain(lambda rng, shape: rng.uniform(-0.9, 0.9, shape))
#: away from 0, of both signs
nonzero = Domain(lambda rng, shape: rng.choice([-1, 1], shape) * rng.uniform(0.3, 2, shape))
#: away from integers
between = Domain(lambda rng, shape: rng.integers(-3, 3, shape) + rng.uniform(0.2, 0.8, shape))
#: all different; `distinct` and `others` never meet
distinct = Domain(lambda rng, shape: _spaced(rng, shape, 0.1))
others = Domain(lambda rng, shape: _spaced(rng, shape, 0.35))


@dataclass(frozen=True)
class Row:
    """One operator, the domains of its arguments (other values are passed as they are), its
    keyword arguments, and the function it is held to: NumPy's of that name if `like` is None.
    """

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    like: Callable[..., Any] | None

    def __init__(
        self,
        name: str,
        *args: Any,
        like: Callable[..., Any] | None = None,
        **kwargs: Any,
    ) -> None:
        for key, value in locals().items():
            if key not in ("self", "__class__"):
                object.__setattr__(self, key, value)

    def __str__(self) -> str:
        shapes = [str(a.shape) for a in self.args if isinstance(a, Domain) and a.shape is not None]
        others = [f"{a!r}" for a in self.args if not isinstance(a, Domain)]
        words = [*shapes, *others, *(f"{k}={v}" for k, v in self.kwargs.items())]
        return " ".join([self.name, *words]).replace("\n", "")

    @property
    def broadcasts(self) -> int:
        """How many arguments have no shape of their own."""
        return sum(isinstance(a, Domain) and a.shape is None for a in self.args)

    def call(self, *args: Any) -> tuple[Any, ...]:
        """What the operator is called with: these arguments, as they are."""
        return args

    def op(self, *args: Any) -> Any:
        return registry.get(self.name)(*self.call(*args), **self.kwargs)

    def numpy(self, *args: Any) -> Any:
        function = self.like or reduce(getattr, self.name.split("."), np)
        return function(*self.call(*args), **self.kwargs)

    def draws(self, seed: int = 0) -> list[list[Any]]:
        """Arguments in each of the shapes, one after the other."""
        rng = np.random.default_rng(seed)
        return [self._drawn(rng, list(shapes)) for shapes in SHAPES[self.broadcasts]]

    def _drawn(self, rng: np.random.Generator, shapes: list[tuple[int, ...]]) -> list[Any]:
        return [
            a.sample(rng, shapes.pop(0) if a.shape is None else a.shape)
            if isinstance(a, Domain)
            else a
            for a in self.args
        ]

    def samples(self) -> list[tuple[Any, ...]]:
        """The same as samples for the kit."""
        return [(*self.call(*args), self.kwargs) for args in self.draws()]


#: by how many arguments have no shape of their own: shapes that go together
SHAPES: tuple[list[list[tuple[int, ...]]], ...] = (
    [[]],
    [[(2, 3)], [()], [(0, 3)], [(3, 1, 2)]],
    [[(2, 3), (2, 3)], [(3,), (2, 1)], [(), (2, 2)], [(2, 1, 3), ()], [(), ()], [(0, 1), (3,)]],
    [[(2, 3), (2, 3), (2, 3)], [(2, 3), (3,), (2, 1)], [(), (1, 3), (2, 1)], [(2,), (0, 1), ()]],
)


# -- the judges --------------------------------------------------------------------------------


def outputs(y: Any) -> list[Any]:
    return list(y) if isinstance(y, (tuple, list)) else [y]


def is_float(a: Any) -> bool:
    return isinstance(a, np.ndarray) and a.dtype.kind == "f"


def apply(f: Callable[..., Any], args: Sequence[Any]) -> list[Variable]:
    """The outputs of f, with the float arrays among its arguments as Variables, and those."""
    return outputs(f(*[Variable(a) if is_float(a) else a for a in args]))


def check_value(f: Callable[..., Any], like: Callable[..., Any], args: Sequence[Any]) -> None:
    """The values, shapes and dtypes of f are those of the function it is like."""
    for y, expected in zip(apply(f, args), outputs(like(*args)), strict=True):
        expected = np.asarray(expected.data if isinstance(expected, Variable) else expected)
        assert isinstance(y, Variable), f"a {type(y)}, not a Variable"
        assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
        np.testing.assert_allclose(y.data, expected, rtol=1e-12, atol=1e-14)


def derivative(
    f: Callable[..., Any], args: Sequence[Any], weights: Any, directions: Any, order: int
) -> tuple[Variable, list[Variable]]:
    """The weighted sum of f's outputs, differentiated `order` times along directions; and xs."""
    values = [Variable(a) if is_float(a) else a for a in args]
    xs = [v for v in values if isinstance(v, Variable)]
    total: Any = Variable(np.zeros(()))
    for y, w in zip(outputs(f(*values)), weights, strict=True):
        total = total + (y * w).sum()
    for direction in directions[:order]:
        gxs = gradients(total, xs, create_graph=True)
        total = sum((g * d).sum() for g, d in zip(gxs, direction, strict=True))
    return total, xs


def check_derivatives(
    f: Callable[..., Any], args: Sequence[Any], orders: int = 3, seed: int = 1, rtol: float = 1e-6
) -> None:
    """Derivatives of each order, along random directions, against central differences of the
    order below. args: float64 arrays to differentiate by; anything else is constant."""
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=y.shape) for y in apply(f, args)]
    arrays = [a for a in args if is_float(a)]
    directions = [[rng.normal(size=a.shape) for a in arrays] for _ in range(orders)]

    def value(order: int, t: float) -> float:
        along = iter(directions[order])
        moved = [np.asarray(a + t * next(along)) if is_float(a) else a for a in args]
        return derivative(f, moved, weights, directions, order)[0].item()

    for order in range(orders):
        h = 1e-3
        slope = (
            8 * (value(order, h) - value(order, -h)) - value(order, 2 * h) + value(order, -2 * h)
        ) / (12 * h)
        total, xs = derivative(f, args, weights, directions, order)
        gxs = gradients(total, xs)
        for g, x in zip(gxs, xs, strict=True):
            assert (g.shape, g.dtype) == (x.shape, x.dtype), f"gradient {g.shape} of {x.shape}"
        found = sum(float((g * d).sum()) for g, d in zip(gxs, directions[order], strict=True))
        allowed = rtol * (1 + abs(slope) + abs(value(order, 0)))
        assert abs(found - slope) <= allowed, (
            f"derivative {order + 1}: rule says {found}, differences say {slope}"
        )


def check_float32(f: Callable[..., Any], args: Sequence[Any]) -> None:
    """With float32 data nothing is float64: not the output, not the gradients of two orders.
    Their values are those of float64."""
    args = [a.astype(np.float32) if is_float(a) else a for a in args]
    exact = [a.astype(np.float64) if is_float(a) else a for a in args]
    for order, (ys, expected) in enumerate(zip(_levels(f, args), _levels(f, exact), strict=False)):
        for y, wide in zip(ys, expected, strict=True):
            assert y.dtype == np.float32, f"derivative {order} is {y.dtype}"
            cast = order and type(y.creator).__name__ == "Astype"
            assert not cast, f"rule {order} computed in another dtype"
            scale = 1 + np.abs(wide.data).max(initial=0)
            np.testing.assert_allclose(y.data, wide.data, atol=2e-4 * scale)


def _levels(f: Callable[..., Any], args: Sequence[Any]) -> Iterator[list[Variable]]:
    """The outputs, the gradients of their sum, and the gradients of the sum of those."""
    values = [Variable(a) if is_float(a) else a for a in args]
    xs = [v for v in values if isinstance(v, Variable)]
    ys = outputs(f(*values))
    yield ys
    for _ in range(2):
        ys = list(gradients(ys, xs, create_graph=True))
        yield ys


LAYOUTS = ("C", "Fortran", "reversed", "strided", "read-only")


def laid_out(a: Any, layout: str) -> Any:
    """The same array in another layout of memory."""
    if not is_float(a):
        return a
    if layout == "Fortran":
        return np.asfortranarray(a) if a.ndim else a
    if layout == "reversed":
        flip = (slice(None, None, -1),) * a.ndim
        return np.asarray(a[flip].copy()[flip])
    if layout == "strided":
        wide = np.zeros([2 * n for n in a.shape], a.dtype)
        wide[(slice(None, None, 2),) * a.ndim] = a
        return np.asarray(wide[(slice(None, None, 2),) * a.ndim])
    if layout == "read-only":
        a = a.copy()
        a.flags.writeable = False
    return a


# -- the table ---------------------------------------------------------------------------------

#: every operator that some table has a row for
CHECKED: set[str] = set()


#: promises that an operator does not keep yet; its entry goes when it is mended
NOT_YET: dict[str, set[str]] = {}


def table(*rows: Row) -> Any:
    """Give a class of tests its rows."""
    CHECKED.update(row.name for row in rows)

    def give(tests: type[OperatorTable]) -> type[OperatorTable]:
        tests.rows = rows
        return tests

    return give


class OperatorTable:
    """The tests that every row, and every operator of a table, has to pass."""

    rows: tuple[Row, ...] = ()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One test of values per row, one of the contract per operator, whatever its aliases."""
        if "row" in metafunc.fixturenames:
            metafunc.parametrize("row", self.rows, ids=str)
        else:
            names = {registry.get(row.name).function: row.name for row in reversed(self.rows)}
            metafunc.parametrize("name", [*reversed(names.values())])

    def test_value(self, row: Row) -> None:
        for args, layout in product(row.draws(), LAYOUTS):
            check_value(row.op, row.numpy, [laid_out(a, layout) for a in args])

    def test_numpys_function_dispatches(self, row: Row) -> None:
        if row.like is None:
            check_value(row.numpy, row.op, row.draws()[0])

    def test_contract(self, name: str) -> None:
        samples = [s for row in self.rows if row.name == name for s in row.samples()]
        try:
            check_op(registry.get(name), *samples)
        except ConformanceError as error:
            if {b.promise for b in error.broken} - NOT_YET.get(name, set()):  # type: ignore[attr-defined]
                raise
