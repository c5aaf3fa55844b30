"""Complex numbers in the kit: its arithmetic on a model, and the promise where the core has it."""

from __future__ import annotations

import numpy as np
import pytest
from tinypt_core.testing import check_op
from tinypt_core.testing.levels import cojoin, join, level
from tinypt_core.testing.mismatch import disagreement
from tinypt_core.testing.promises.plane import takes_complex
from tinypt_core.testing.samples import Case
from tinypt_core.testing.values import normal

from tinypt_core import ConformanceError, Function

Z = np.array([0.3 + 0.4j, -1.2 + 0.1j])


class Model:
    """z^2 and its derivatives of two orders, in NumPy; `wrong` spoils one of them."""

    def __init__(self, wrong=lambda g: g):
        self.wrong = wrong

    def cotangents(self, case, rng):
        return [normal(rng, case.xs[0])]

    def nth(self, case, groups):
        z, *rest = (group[0] for group in groups)
        if not rest:
            return [z * z]
        if len(rest) == 1:
            return [self.wrong(2 * rest[0] * z)]
        return [2 * rest[0] * rest[1], 2 * z * rest[1]]


def test_a_product_of_vectors_is_the_real_part_of_the_sum():
    g, dx = Z * 1j + 2, Z[::-1] - 0.5
    np.testing.assert_allclose(cojoin([g]) @ join([dx]), np.sum(g * dx).real)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("step", [1, 1j])
def test_a_holomorphic_rule_is_right_in_both_directions(order, step):
    rng = np.random.default_rng(0)
    at = level(Model(), Case([Z]), order, rng)
    assert disagreement(at, at.with_input(0, step * normal(rng, Z) / 4), "") is None


@pytest.mark.parametrize("wrong", [np.conj, lambda g: g.real + 0j, lambda g: 1j * g])
def test_a_rule_that_is_wrong_in_the_plane_is_caught(wrong):
    rng = np.random.default_rng(0)
    at = level(Model(wrong), Case([Z]), 1, rng)
    found = [disagreement(at, at.with_input(0, s * normal(rng, Z) / 4), "") for s in (1, 1j)]
    assert any(found)


class Square(Function):
    """y = x^2."""

    def forward(self, x):
        return x * x

    def backward(self, gy, x):
        return 2 * gy * x


class SquaredMagnitude(Function):
    """|x|^2, its rule for real numbers only."""

    def forward(self, x):
        return np.abs(x) ** 2

    def backward(self, gy, x):
        return 2 * gy * x


def test_real_numbers_are_held_to_the_rest():
    check_op(Square)


@pytest.mark.skipif(not takes_complex(), reason="the core has no complex numbers")
def test_a_rule_for_real_numbers_only():
    with pytest.raises(ConformanceError) as caught:
        check_op(SquaredMagnitude, Z)
    assert "complex" in {b.promise for b in caught.value.broken}


class Wave(Function):
    """sin(x) x, on nobody's list; `wrong` spoils its rule off the real line."""

    wrong = staticmethod(lambda x: x)

    def forward(self, x):
        return np.sin(x) * x

    def backward(self, gy, x):
        x = self.wrong(x)
        return gy * (np.cos(x) * x + np.sin(x))


class Conjugated(Wave):
    """A conj too many."""

    wrong = staticmethod(np.conj)


class Widened(Wave):
    """Its rule widens complex64."""

    wrong = staticmethod(lambda x: x * np.complex128(1) if np.iscomplexobj(x) else x)


class Doubled(Function):
    """2x, and a conj too many."""

    def forward(self, x):
        return 2 * x

    def backward(self, gy):
        return gy * 2.0 if gy.dtype.kind != "c" else np.conj(gy) * 2


class Turned(Function):
    """2x; its rule is not linear in a complex gy."""

    def forward(self, x):
        return 2 * x

    def backward(self, gy):
        return gy * 2.0 if gy.dtype.kind != "c" else 2 * gy * np.abs(gy)


@pytest.mark.parametrize(
    ("op", "broken"),
    [
        (Conjugated, {"complex"}),
        (Widened, {"complex64"}),
        (Doubled, {"complex"}),
        (Turned, {"complex", "complex-adjoint"}),
    ],
)
def test_four_lines_of_a_stranger_are_held_to_the_plane(op, broken):
    with pytest.raises(ConformanceError) as caught:
        check_op(op)
    assert {b.promise for b in caught.value.broken} == broken


def test_four_lines_that_are_right_pass():
    check_op(Wave)


class Relu(Function):
    """max(x, 0)."""

    def forward(self, x):
        return np.maximum(x, 0)

    def backward(self, gy, x):
        return gy * (x > 0)


class Huber(Function):
    """x^2/2 near 0, |x| - 1/2 elsewhere."""

    def forward(self, x):
        return np.where(np.abs(x) < 1, x * x / 2, np.abs(x) - 0.5)

    def backward(self, gy, x):
        return gy * np.clip(x, -1, 1)


class RealsOnly(Function):
    """exp(x), which refuses complex numbers."""

    def forward(self, x):
        if np.iscomplexobj(x):
            raise TypeError("real numbers only")
        return np.exp(x)

    def backward(self, gy, y):
        return gy * y


class RuleOfReals(Function):
    """x sqrt(1 + x^2); its rule cannot run on complex numbers."""

    def forward(self, x):
        return x * np.sqrt(1 + x * x)

    def backward(self, gy, x):
        return gy * np.hypot(1, x) + gy * x * x / np.hypot(1, x)


@pytest.mark.parametrize("op", [Relu, Huber, RealsOnly, SquaredMagnitude, RuleOfReals])
def test_what_is_meant_for_real_numbers_raises_no_alarm(op):
    check_op(op)
