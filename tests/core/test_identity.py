"""Nodes are told apart by identity, whatever equality an operator's class defines."""

import dataclasses

import numpy as np
import pytest
from tinypt_core.testing import check_op

from tinypt_core import Function, Variable, grad, gradients, graph, hessian, jvp


class Rule(Function):
    """y = k x³, for the classes below to say what equality is."""

    k = 1.0

    def forward(self, x):
        return self.k * x**3

    def backward(self, gy, x):
        return gy * 3 * self.k * x**2


class AlwaysEqual(Rule):
    def __init__(self, k=1.0):
        self.k = k

    def __eq__(self, other):
        return isinstance(other, AlwaysEqual)

    def __hash__(self):
        return 0


class EqualByParameters(Rule):
    def __init__(self, k=1.0):
        self.k = k

    def __eq__(self, other):
        return type(self) is type(other) and self.k == other.k

    def __hash__(self):
        return hash(self.k)


class Unhashable(Rule):
    def __init__(self, k=1.0):
        self.k = k

    def __eq__(self, other):
        return self.k == other.k


class ComparesArrays(Rule):
    """Equality that is an array, as of classes whose parameters are arrays."""

    def __init__(self, k=1.0):
        self.k = np.asarray(k)

    def __eq__(self, other):
        return np.array([True, False])

    def __hash__(self):
        return 1


class RefusesToCompare(Rule):
    def __init__(self, k=1.0):
        self.k = k

    def __eq__(self, other):
        raise RuntimeError("compared")

    def __hash__(self):
        raise RuntimeError("hashed")


class HasALength(Rule):
    """False as a truth value."""

    def __init__(self, k=1.0):
        self.k = k

    def __len__(self):
        return 0


@dataclasses.dataclass
class Data(Rule):
    k: float = 1.0


@dataclasses.dataclass(frozen=True)
class Frozen(Rule):
    k: float = 1.0


@dataclasses.dataclass(unsafe_hash=True)
class Hashed(Rule):
    k: float = 1.0


@dataclasses.dataclass(order=True)
class Ordered(Rule):
    k: float = 1.0


class SlotsBase(Function):
    __slots__ = ()

    def forward(self, x):
        return self.k * x**3

    def backward(self, gy, x):
        return gy * 3 * self.k * x**2


@dataclasses.dataclass
class Slotted(SlotsBase):
    __slots__ = ("k",)
    k: float


class LikeAttrs(SlotsBase):
    """What attrs.define makes: slots, equality by value, no hash."""

    __slots__ = ("k",)

    def __init__(self, k=1.0):
        self.k = k

    def __eq__(self, other):
        return other.__class__ is self.__class__ and (self.k,) == (other.k,)

    __hash__ = None


class LikeFrozenAttrs(SlotsBase):
    __slots__ = ("k",)

    def __init__(self, k=1.0):
        object.__setattr__(self, "k", k)

    def __setattr__(self, name, value):
        if name in ("k",):
            raise AttributeError("frozen")
        super().__setattr__(name, value)

    def __eq__(self, other):
        return other.__class__ is self.__class__ and self.k == other.k

    def __hash__(self):
        return hash((self.__class__, self.k))


CLASSES = [
    AlwaysEqual,
    EqualByParameters,
    Unhashable,
    ComparesArrays,
    RefusesToCompare,
    HasALength,
    Data,
    Frozen,
    Hashed,
    Ordered,
    Slotted,
    LikeAttrs,
    LikeFrozenAttrs,
]
each_class = pytest.mark.parametrize("cls", CLASSES, ids=lambda c: c.__name__)


def program(cls):
    """x and y each go through an operator that equals the other's: 2 x³ · 2 y³ + x³ (k = 2)."""
    return lambda x, y: cls(2.0)(x) * cls(2.0)(y) + cls(2.0)(x) / 2


@each_class
def test_gradients_of_equal_operators_are_not_mixed_up(cls):
    x, y = Variable(np.array(2.0)), Variable(np.array(3.0))
    program(cls)(x, y).backward()
    assert x.grad == 12 * 4 * 27 + 12
    assert y.grad == 12 * 8 * 9


@each_class
def test_every_order_and_way(cls):
    f = program(cls)
    assert [float(g) for g in grad(f, argnum=(0, 1))(2.0, 3.0)] == [12 * 4 * 27 + 12, 12 * 8 * 9]
    assert hessian(f)(2.0, 3.0) == 24 * 2 * 27 + 12
    assert jvp(f, (2.0, 3.0), (1.0, 1.0))[1] == 12 * 4 * 27 + 12 + 12 * 8 * 9
    x = Variable(np.array(2.0))
    (slope,) = gradients(cls(1.0)(cls(1.0)(x)), x, create_graph=True)  # x⁹
    assert slope.data == 9 * 2**8
    assert gradients(slope, x)[0] == 72 * 2**7


@each_class
def test_one_operator_called_twice_and_a_chain_of_equals(cls):
    f, x = cls(1.0), Variable(np.array(1.1))
    (f(x) * f(x)).backward()
    assert x.grad == pytest.approx(6 * 1.1**5)
    y = x
    for _ in range(3):
        y = cls(1.0)(y)
    assert gradients(y, x)[0] == pytest.approx(27 * 1.1**26)


@each_class
def test_gradients_that_are_kept_and_asked_for_in_between(cls):
    x = Variable(np.array(2.0))
    a, b = cls(1.0)(x), cls(1.0)(x)
    y = a * 2 + b * 3
    assert [float(g) for g in gradients(y, (a, b, x))] == [2, 3, 60]
    y.backward(retain_grad=True)
    assert (a.grad, b.grad, x.grad) == (2, 3, 60)


@each_class
def test_the_picture_shows_every_node(cls):
    x = Variable(np.array(2.0))
    y = cls(1.0)(x) + cls(1.0)(x)
    assert sum(node.op == cls.__name__ for node in graph(y).nodes) == 2


def test_outputs_of_equal_operators_with_several():
    class Both(Function):
        def forward(self, x):
            return x**2, x**3

        def backward(self, gy0, gy1, x):
            return gy0 * 2 * x + gy1 * 3 * x**2

        def __eq__(self, other):
            return True

        def __hash__(self):
            return 0

    x, z = Variable(np.array(2.0)), Variable(np.array(3.0))
    a, b = Both()(x)
    c, d = Both()(z)
    (a * 1 + d * 10 + b * 100 + c * 1000).backward()
    assert x.grad == 4 + 1200
    assert z.grad == 270 + 6000


def test_the_kit_accepts_them():
    for cls in (EqualByParameters, Frozen, LikeAttrs):
        check_op(cls, order=2)


# -- keeps working -------------------------------------------------------------------------------


def test_variables_hash_by_identity_and_compare_by_element():
    x, y = Variable(np.array([1.0, 2.0])), Variable(np.array([1.0, 2.0]))
    assert len({x, y}) == 2
    assert (x == y).tolist() == [True, True]
