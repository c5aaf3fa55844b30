"""Kinks and edges of arithmetic and exponentials: what is decided there, case by case."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from opcheck import check_derivatives
from tinypt_core.ops import absolute, clip, hypot, power

from tinypt_core import Variable, gradients, ops

INF, NAN = np.inf, np.nan


def var(*values: float, dtype: Any = float) -> Variable:
    return Variable(np.array(values, dtype))


def grads(y: Variable, *xs: Variable) -> list[Any]:
    """The gradients of y's sum, as lists."""
    return [g.tolist() for g in gradients(y, xs)]


def derivatives(f: Any, x: Any, orders: int) -> list[float]:
    """f, f', f'' ... at a number."""
    x = Variable(np.array(float(x)))
    found = [f(x)]
    for _ in range(orders):
        found.append(gradients(found[-1], x, create_graph=True)[0])
    return [y.item() for y in found]


class TestTies:
    @pytest.mark.parametrize("name", ["maximum", "minimum", "fmax", "fmin"])
    def test_two_operands_share_equally(self, name: str) -> None:
        a, b = var(1, 2, 3), var(1, 2, 3)
        assert grads(ops.__getattr__(name)(a, b), a, b) == [[0.5] * 3] * 2

    def test_one_tie_among_many_leaves_the_others_alone(self) -> None:
        a, b = var(1, 2, 3), var(0, 2, 4)
        assert grads(ops.maximum(a, b), a, b) == [[1, 0.5, 0], [0, 0.5, 1]]
        assert grads(ops.minimum(a, b), a, b) == [[0, 0.5, 1], [1, 0.5, 0]]

    def test_a_tie_with_a_number(self) -> None:
        x = var(-1, 0, 1)
        assert grads(np.maximum(x, 0), x) == [[0, 0.5, 1]]
        assert grads(np.minimum(0.0, x), x) == [[1, 0.5, 0]]

    def test_ties_keep_float32(self) -> None:
        x = var(-1, 0, 1, dtype=np.float32)
        (g,) = gradients(np.maximum(x, 0), x, create_graph=True)
        assert g.dtype == np.float32
        assert type(g.creator).__name__ != "Astype"

    def test_a_tie_of_broadcast_operands(self) -> None:
        a, b = Variable(np.zeros((2, 1))), Variable(np.zeros(3))
        assert grads(ops.maximum(a, b), a, b) == [[[1.5], [1.5]], [1, 1, 1]]

    def test_a_scalar_tie(self) -> None:
        a, b = Variable(np.array(1.0)), Variable(np.array(1.0))
        assert grads(ops.maximum(a, b), a, b) == [0.5, 0.5]

    @pytest.mark.parametrize("name", ["fmax", "fmin"])
    def test_nan_loses_and_gets_nothing(self, name: str) -> None:
        a, b = var(NAN, 1), var(1, NAN)
        y = ops.__getattr__(name)(a, b)
        assert y.data.tolist() == [1, 1]
        assert grads(y, a, b) == [[0, 1], [1, 0]]

    def test_clip_shares_at_its_bounds(self) -> None:
        x, low, high = var(-2, -1, 0, 1, 2), var(-1), var(1)
        y = clip(x, low, high)
        assert grads(y, x, low, high) == [[0, 0.5, 1, 0.5, 0], [1.5], [1.5]]

    def test_clip_between_equal_bounds_keeps_the_sum_of_gradients(self) -> None:
        x, low, high = var(0, 1, 2), var(1, 1, 1), var(1, 1, 1)
        total = np.sum(grads(clip(x, low, high), x, low, high), axis=0)
        assert total.tolist() == [1, 1, 1]

    def test_absolute_at_zero(self) -> None:
        assert derivatives(absolute, 0, 1) == [0, 0]
        assert np.isnan(derivatives(absolute, 0, 2)[2])
        assert derivatives(abs, -0.0, 1) == [0, 0]

    def test_copysign_at_zero(self) -> None:
        x = var(0.0, -1.0)
        assert grads(np.copysign(x, -1.0), x) == [[0, 1]]

    @pytest.mark.parametrize("name", ["sign", "floor", "ceil", "rint", "trunc", "round"])
    def test_steps_have_gradient_zero_at_their_jumps(self, name: str) -> None:
        x = var(-1, 0, 0.5, 1)
        y = ops.__getattr__(name)(x)
        assert y.data.tolist() == getattr(np, name)(x.data).tolist()
        assert grads(y, x) == [[0] * 4]

    def test_a_step_stores_zeros_as_grad(self) -> None:
        x = var(0.5, 1.5)
        np.floor(x).backward()
        assert x.grad.tolist() == [0, 0]

    def test_an_infinite_gradient_ends_at_a_step(self) -> None:
        x = var(0.5)
        with np.errstate(divide="ignore"):
            np.sqrt(np.floor(x)).backward()
        assert x.grad.tolist() == [0]

    def test_mod_at_a_jump_is_on_the_piece_of_its_value(self) -> None:
        x, d = var(1.0), var(0.1)
        q = (1.0 - np.mod(1.0, 0.1)) / 0.1
        np.testing.assert_allclose(grads(np.mod(x, d), d), [[-q]])
        q = (1.0 - np.fmod(1.0, 0.1)) / 0.1
        np.testing.assert_allclose(grads(np.fmod(x, d), d), [[-q]])


class TestPower:
    @pytest.mark.parametrize("c", [0, 0.0, 1, 1.0, 2, 3, 4])
    def test_integer_exponents_at_zero(self, c: float) -> None:
        expected, factor = [], 1.0
        for k in range(6):
            expected.append(factor if k == c else 0.0)
            factor *= c - k
        expected = [v if k == c else 0.0 for k, v in enumerate(expected)]
        assert derivatives(lambda x: x**c, 0, 5) == expected
        exponents = np.array(float(c))
        assert derivatives(lambda x: np.power(x, exponents), 0, 5) == expected

    def test_a_variable_exponent_at_zero_to_the_zero(self) -> None:
        x, p = var(0, 0, 0), var(0, 1, 2)
        y = power(x, p)
        assert y.data.tolist() == [1, 0, 0]
        assert grads(y, x, p) == [[0, 1, 0], [0, 0, 0]]
        (gx,) = gradients(y, x, create_graph=True)
        assert grads(gx, x) == [[0, 0, 2]]

    def test_an_infinite_base_to_the_zero(self) -> None:
        x = var(INF, NAN)
        assert grads(x**0, x) == [[0, 0]]

    @pytest.mark.parametrize("c", [-3, -2, -1, 1, 2, 3, 3.0, -2.0])
    def test_a_negative_base_with_integer_exponents(self, c: float) -> None:
        check_derivatives(lambda x: x**c, [np.array([-1.5, -0.5, 2.0])])
        check_derivatives(lambda x: power(x, np.array([c])), [np.array([-1.5, -0.5, 2.0])])

    def test_the_base_is_fine_where_the_exponent_has_no_derivative(self) -> None:
        x, p = var(-2, -2), var(2, 3)
        gx, gp = grads(power(x, p), x, p)
        assert gx == [-4, 12]
        assert np.isnan(gp).all()

    def test_the_mixed_derivative_at_exponent_zero(self) -> None:
        check_derivatives(power, [np.array([0.5, 2.0]), np.array([0.0, 0.0])])

    @pytest.mark.parametrize("base", [2, 2.0, 0, 0.5])
    def test_a_number_to_a_variable(self, base: float) -> None:
        p = np.array([0.5, 1.5])
        np.testing.assert_array_equal((base ** Variable(p)).data, base**p)
        check_derivatives(lambda v: base**v, [p])

    def test_integers_with_a_negative_exponent_are_numpys_error(self) -> None:
        with pytest.raises(ValueError, match=r"Pow.*Integers to negative integer powers"):
            Variable(np.array([1, 2])) ** -1

    def test_the_class_with_a_constant_exponent(self) -> None:
        from tinypt_ops_basic import Pow

        x = var(2, 3)
        y = Pow(3)(x)
        assert y.data.tolist() == [8, 27]
        assert grads(y, x) == [[12, 27]]
        assert ops.pow is not None
        assert y.creator.params == {"c": 3}

    def test_a_float32_base_stays_float32_and_float_power_too(self) -> None:
        x = var(1, 2, dtype=np.float32)
        for y in (x**2, x**2.5, 2.0**x, ops.float_power(x, 2)):
            assert y.dtype == np.float32
        assert ops.float_power(np.array([2]), -1).dtype == float


class TestOrigin:
    def test_hypot_at_the_origin(self) -> None:
        x, y = var(0, 3), var(0, 4)
        assert grads(hypot(x, y), x, y) == [[0, 0.6], [0, 0.8]]
        (gx,) = gradients(hypot(x, y), x, create_graph=True)
        assert np.isnan([grads(gx, x, y)[0][0], grads(gx, x, y)[1][0]]).all()

    def test_hypot_of_0d_at_the_origin(self) -> None:
        x = Variable(np.array(0.0))
        assert grads(hypot(x, 0.0), x) == [0]

    def test_hypot_does_not_overflow(self) -> None:
        x, y = var(3e200), var(4e200)
        np.testing.assert_allclose(grads(hypot(x, y), x, y), [[0.6], [0.8]])

    def test_roots_at_zero_are_infinite(self) -> None:
        x = var(0.0)
        with np.errstate(divide="ignore"):
            assert grads(np.sqrt(x), x) == [[INF]]
            assert grads(np.cbrt(x), x) == [[INF]]


class TestRange:
    """±1000 overflow e^x: what is finite stays finite, without a warning."""

    def test_logaddexp(self) -> None:
        a, b = var(1e3, 1e3, -1e3, -1e3), var(1e3, -1e3, 1e3, -1e3)
        y = np.logaddexp(a, b)
        np.testing.assert_allclose(y.data, [1e3 + np.log(2), 1e3, 1e3, np.log(2) - 1e3])
        np.testing.assert_allclose(grads(y, a, b), [[0.5, 1, 0, 0.5], [0.5, 0, 1, 0.5]])
        (ga,) = gradients(y, a, create_graph=True)
        np.testing.assert_allclose(grads(ga, a), [[0.25, 0, 0, 0.25]], atol=1e-12)

    def test_logaddexp2(self) -> None:
        a, b = var(2e3, 2e3, -2e3), var(2e3, -2e3, -2e3)
        np.testing.assert_allclose(grads(np.logaddexp2(a, b), a, b), [[0.5, 1, 0.5], [0.5, 0, 0.5]])

    @pytest.mark.parametrize("name", ["logaddexp", "logaddexp2"])
    def test_minus_infinity_is_the_neutral_element(self, name: str) -> None:
        a, b = var(-INF, -INF, 1), var(-INF, 2, -INF)
        y = ops.__getattr__(name)(a, b)
        assert y.data.tolist() == [-INF, 2, 1]
        assert grads(y, a, b) == [[0, 0, 1], [0, 1, 0]]

    def test_logsumexp(self) -> None:
        x = var(1e3, -1e3, 1e3)
        y = ops.logsumexp(x)
        np.testing.assert_allclose(y.data, 1e3 + np.log(2))
        np.testing.assert_allclose(grads(y, x), [[0.5, 0, 0.5]])
        (g,) = gradients(y, x, create_graph=True)
        np.testing.assert_allclose(grads(g[0], x), [[0.25, 0, -0.25]], atol=1e-12)
        np.testing.assert_allclose(ops.logsumexp(var(-1e3, -1e3)).data, np.log(2) - 1e3)

    def test_logsumexp_with_minus_infinity(self) -> None:
        x = Variable(np.array([[-INF, 0.0], [-INF, -INF]]))
        y = ops.logsumexp(x, axis=1)
        assert y.data.tolist() == [0, -INF]
        assert grads(y, x) == [[[0, 1], [0, 0]]]

    def test_logsumexp_of_nothing_is_minus_infinity(self) -> None:
        assert ops.logsumexp(var()).item() == -INF

    def test_log1p_and_expm1(self) -> None:
        x = var(-1e3, -40, 1e-20)
        y = np.expm1(x)
        np.testing.assert_allclose(y.data, [-1, -1, 1e-20])
        np.testing.assert_allclose(grads(y, x), [[0, np.exp(-40), 1]], atol=1e-300)
        x = var(1e3, 1e-20)
        np.testing.assert_allclose(np.log1p(x).data, [np.log(1001), 1e-20])
        np.testing.assert_allclose(grads(np.log1p(x), x), [[1 / 1001, 1]])

    def test_expm1_overflows_only_as_numpys_does(self) -> None:
        with np.errstate(over="ignore"):
            assert np.expm1(var(1e3)).data.tolist() == [INF]

    def test_nan_to_num(self) -> None:
        x = var(1, NAN, INF, -INF)
        y = np.nan_to_num(x, nan=5, posinf=6, neginf=7)
        assert y.data.tolist() == [1, 5, 6, 7]
        assert grads(y, x) == [[1, 0, 0, 0]]


class TestDtypes:
    @pytest.mark.parametrize(
        "f",
        [
            lambda x: x * 2.0, lambda x: x + 1, lambda x: 1 - x, lambda x: x / 3, lambda x: 2 / x,
            lambda x: x**2, lambda x: x**0.5, lambda x: np.maximum(x, 0.0), lambda x: x % 2.0,
            lambda x: np.clip(x, 0.0, 1.5), lambda x: np.hypot(x, 1.0), lambda x: x.mean(),
            lambda x: np.logaddexp(x, 0.0), lambda x: x.var(), lambda x: x.std(),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("shape", [(), (3,)])
    def test_python_numbers_are_weak(self, f: Any, shape: tuple[int, ...]) -> None:
        x = Variable(np.full(shape, 1.25, np.float32))
        y = f(x)
        assert y.dtype == np.float32
        (g,) = gradients(y, x, create_graph=True)
        assert g.dtype == np.float32
        assert gradients(g, x)[0].dtype == np.float32

    def test_float16_forward(self) -> None:
        x = var(1, 2, 3, dtype=np.float16)
        for y in (x + 1, x * x, np.exp(x), np.sqrt(x), x.sum(), x.mean(), x**2, np.maximum(x, 0)):
            assert y.dtype == np.float16

    def test_float32_meets_float64(self) -> None:
        a, b = var(1, 2, dtype=np.float32), var(3, 4)
        y = a * b
        ga, gb = gradients(y, (a, b))
        assert (y.dtype, ga.dtype, gb.dtype) == (float, np.float32, float)

    def test_astype_casts_the_gradient_back(self) -> None:
        x = var(1, 2, dtype=np.float32)
        y = x.astype(np.float64)
        assert y.dtype == np.float64
        (g,) = gradients((y**3).sum(), x, create_graph=True)
        assert g.dtype == np.float32
        assert grads(g, x) == [[6, 12]]

    def test_a_gradient_ends_at_a_cast_to_integers(self) -> None:
        x = var(1.5)
        y = x.astype(int)
        assert y.dtype == int
        assert grads(y * 2.0 + x, x) == [[1]]

    def test_integers_divide_into_floats(self) -> None:
        assert (Variable(np.array([1, 2])) / 2).data.tolist() == [0.5, 1]


class TestRefusals:
    @pytest.mark.parametrize(
        "call",
        [
            lambda v: np.add(v, 1, out=np.ones(2)),
            lambda v: np.add(v, 1, where=np.array([True, False])),
            lambda v: np.add(v, 1, dtype=np.float32),
            lambda v: np.sum(v, dtype=np.float32),
            lambda v: np.sum(v, where=np.array([True, False])),
            lambda v: np.power(v, 2, dtype=np.float32),
            lambda v: np.clip(v, 0, 1, dtype=np.float32),
            lambda v: np.greater(v, 1, out=np.ones(2, bool)),
            lambda v: np.argmax(v, out=np.ones((), int)),
            lambda v: np.mean(v, out=np.ones(())),
            lambda v: v.sum(dtype=np.float32),
        ],
    )
    def test_out_where_and_dtype(self, call: Any) -> None:
        with pytest.raises(TypeError, match=r"out|where|dtype"):
            call(var(1, 2))

    def test_shapes_that_do_not_broadcast(self) -> None:
        with pytest.raises(ValueError, match=r"Mul.*\(2,\) \(3,\)"):
            var(1, 2) * var(1, 2, 3)

    def test_keepdims_takes_no_dtype(self) -> None:
        with pytest.raises(TypeError, match="keepdims"):
            np.sum(var(1), 0, np.float32)
