"""Ties, zeros, equal numbers and empty arrays in reductions: what is decided there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tinypt_core import Variable, gradients, ops


def grads(y: Variable, *xs: Variable) -> list[Any]:
    return [g.tolist() for g in gradients(y, xs)]


def var(*values: float) -> Variable:
    return Variable(np.array(values, float))


class TestTies:
    @pytest.mark.parametrize(("name", "values"), [("max", [1, 3, 3]), ("min", [5, 2, 2])])
    def test_equal_extremes_share(self, name: str, values: list[float]) -> None:
        x = var(*values)
        assert grads(ops.__getattr__(name)(x), x) == [[0, 0.5, 0.5]]

    def test_each_row_shares_on_its_own(self) -> None:
        x = Variable(np.array([[1.0, 1.0, 1.0], [0.0, 2.0, 1.0]]))
        third = 1 / 3
        assert grads(x.max(axis=1), x) == [[[third] * 3, [0, 1, 0]]]
        assert grads(x.max(axis=(0, 1)), x) == [[[0] * 3, [0, 1, 0]]]

    def test_ptp_of_equal_numbers(self) -> None:
        x = var(2, 2)
        assert grads(np.ptp(x), x) == [[0, 0]]

    def test_median_between_ties(self) -> None:
        x = var(1, 2, 2, 2, 9)
        assert grads(np.median(x), x) == [[0, 1 / 3, 1 / 3, 1 / 3, 0]]
        x = var(1, 2, 3, 3)
        assert grads(np.median(x), x) == [[0, 0.5, 0.25, 0.25]]

    def test_nan_is_the_maximum_and_takes_the_gradient(self) -> None:
        x = var(1, np.nan, 3)
        y = x.max()
        assert np.isnan(y.item())
        assert grads(y, x) == [[0, 1, 0]]

    def test_ties_stay_float32(self) -> None:
        x = Variable(np.ones(3, np.float32))
        (g,) = gradients(x.max(), x, create_graph=True)
        assert g.dtype == np.float32


class TestEqualNumbers:
    @pytest.mark.parametrize("value", [0.0, 1.0, 0.1, 1e10])
    @pytest.mark.parametrize("n", [1, 2, 3, 7])
    def test_std_has_gradient_zero(self, value: float, n: int) -> None:
        x = Variable(np.full(n, value))
        (g,) = gradients(x.std(), x, create_graph=True)
        assert g.data.tolist() == [0] * n
        if n > 1:  # a number alone has no other to differ from
            assert np.isnan(grads(g, x)[0]).all(), "that gradient is a convention"

    def test_std_of_one_equal_row_leaves_the_other_alone(self) -> None:
        x = Variable(np.array([[0.1, 0.1, 0.1], [1.0, 2.0, 3.0]]))
        (g,) = gradients(x.std(axis=1), x)
        assert g[0].tolist() == [0, 0, 0]
        np.testing.assert_allclose(g[1], gradients(x[1].std(), x)[0][1])

    def test_var_has_gradient_zero(self) -> None:
        x = Variable(np.full(4, 3.0))
        assert grads(x.var(), x) == [[0] * 4]


class TestEmpty:
    @pytest.mark.parametrize("name", ["sum", "prod", "nansum", "cumsum", "cumprod"])
    def test_of_nothing(self, name: str) -> None:
        x = Variable(np.ones((0, 3)))
        y = ops.__getattr__(name)(x, axis=0)
        assert y.data.tolist() == getattr(np, name)(x.data, axis=0).tolist()
        assert gradients(y, x)[0].shape == (0, 3)

    @pytest.mark.parametrize("name", ["mean", "var", "std", "median"])
    def test_spreads_of_nothing_warn_as_numpys_do(self, name: str) -> None:
        x = Variable(np.ones((0, 3)))
        with pytest.warns(RuntimeWarning):
            y = ops.__getattr__(name)(x, axis=0)
        assert np.isnan(y.data).all()
        assert gradients(y, x)[0].shape == (0, 3)


class TestSpread:
    def test_sum_copies_nothing_on_the_way_back(self) -> None:
        x = Variable(np.ones((100, 100)))
        y = x.sum()
        (gx,) = (y.creator._rule(np.ones(())),)
        assert gx.strides == (0, 0)

    def test_sum_keeps_no_array(self) -> None:
        import weakref

        a = np.ones(3)
        x = Variable(a) * 2
        y = x.sum()
        data = weakref.ref(x.data)
        del x
        assert data() is None
        assert y.item() == 6

    def test_ufunc_methods(self) -> None:
        x = Variable(np.array([[1.0, 2.0], [3.0, 4.0]]))
        assert np.add.reduce(x).data.tolist() == [4, 6]
        assert np.multiply.reduce(x, axis=1).data.tolist() == [2, 12]
        assert np.maximum.reduce(x).data.tolist() == [3, 4]
        assert np.add.accumulate(x).data.tolist() == [[1, 2], [4, 6]]

    def test_the_class_with_its_parameters(self) -> None:
        from tinypt_ops_basic import Sum

        x = Variable(np.ones((2, 3)))
        assert Sum(axis=0)(x).data.tolist() == [2, 2, 2]
        assert Sum(0, True)(x).shape == (1, 3)


class TestAverage:
    def test_weights_that_sum_to_zero(self) -> None:
        with pytest.raises(ZeroDivisionError, match="average"):
            np.average(var(1, 2), weights=[1.0, -1.0])

    def test_weights_of_another_shape_need_an_axis(self) -> None:
        with pytest.raises(TypeError, match="average: Axis must be specified"):
            np.average(Variable(np.ones((2, 3))), weights=np.ones(3))

    def test_weights_that_do_not_fit(self) -> None:
        with pytest.raises(ValueError, match="average: Shape of weights"):
            np.average(Variable(np.ones((2, 3))), axis=0, weights=np.ones(3))

    def test_constants_weighted_by_a_variable(self) -> None:
        a, w = np.array([1.0, 3.0]), var(1, 1)
        assert grads(np.average(a, weights=w), w) == [[-0.5, 0.5]]

    def test_integers(self) -> None:
        y = np.average(Variable(np.array([1, 2])), weights=[1, 3])
        assert (y.item(), y.dtype) == (1.75, float)


class TestShapesRefused:
    def test_sum_to(self) -> None:
        with pytest.raises(ValueError, match=r"SumTo: shape \(2,\) does not broadcast to \(3,\)"):
            ops.sum_to(var(1, 2, 3), (2,))
        with pytest.raises(ValueError, match="SumTo"):
            ops.sum_to(var(1, 2, 3), (1, 1, 3))

    def test_gradient_with_too_many_spacings(self) -> None:
        with pytest.raises(TypeError, match="Gradient: invalid number of arguments"):
            np.gradient(var(1, 2, 3), 1.0, 2.0)

    def test_gradient_of_too_few_samples(self) -> None:
        with pytest.raises(ValueError, match="Gradient: Shape of array too small"):
            np.gradient(var(1.0))

    def test_gradient_by_a_variable_spacing(self) -> None:
        with pytest.raises(TypeError, match="the spacing is a constant"):
            np.gradient(np.ones(3), Variable(np.array(1.0)))
