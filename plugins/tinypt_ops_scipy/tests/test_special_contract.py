"""What holds for every operator: SciPy's value and dtype, the ufunc protocol, clear refusals."""

import numpy as np
import pytest
import scipy.special
from tinypt_core import Variable, gradients, ops

PAIRS = ["xlogy", "kl_div", "betaln"]
UFUNCS = ["erf", "erfc", "ndtr", "log_ndtr", "gammaln", "digamma", "psi", "expit"]
UFUNCS += ["logit", "i0", "i1", "entr", *PAIRS]


def inputs(name, dtype=float, shape=(2, 3)):
    rng = np.random.default_rng(0)
    n = 2 if name in PAIRS else 1
    return [rng.uniform(0.2, 0.8, shape).astype(dtype) for _ in range(n)]


@pytest.mark.parametrize("name", UFUNCS)
def test_scipys_own_function_takes_variables(name):
    xs = inputs(name)
    f = getattr(scipy.special, name)
    y = f(*map(Variable, xs))
    assert isinstance(y, Variable)
    np.testing.assert_allclose(y.data, f(*xs), rtol=1e-15, atol=1e-16)
    np.testing.assert_array_equal(getattr(ops, name)(*xs).data, y.data)


@pytest.mark.parametrize("shape", [(), (3,), (0, 3)])
@pytest.mark.parametrize("name", UFUNCS)
def test_float32_stays_float32_to_the_third_order(name, shape):
    xs = [Variable(x) for x in inputs(name, np.float32, shape)]
    g = getattr(ops, name)(*xs)
    for _ in range(3):
        assert g.dtype == np.float32
        assert g.shape == shape
        (g,) = gradients(g, xs[0], create_graph=True)


@pytest.mark.parametrize("f", [
    lambda x: ops.polygamma(1, x),
    lambda x: ops.iv(2, x),
    lambda x: ops.softmax(x, axis=0),
    lambda x: ops.log_softmax(x, axis=-1),
])  # fmt: skip
def test_float32_with_parameters(f):
    x = Variable(np.array([0.5, 1.5], np.float32))
    y = f(x)
    assert y.dtype == gradients(y, x)[0].dtype == np.float32


def central(f, x, direction, eps=1e-5):
    return (f(x + eps * direction) - f(x - eps * direction)) / (2 * eps)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2)])
def test_softmax_to_the_third_order(name, axis):
    """Each order against central differences of the one below, along random directions."""
    rng = np.random.default_rng(1)
    x, *ws = rng.normal(size=(5, 2, 3, 4))

    def derivative(order, at):
        v = Variable(at)
        g = (getattr(ops, name)(v, axis=axis) * ws[0]).sum()
        for w in ws[1 : 1 + order]:
            g = (gradients(g, v, create_graph=True)[0] * w).sum()
        return g.data

    np.testing.assert_array_equal(
        getattr(ops, name)(x, axis).data, getattr(scipy.special, name)(x, axis=axis)
    )
    for order in (1, 2, 3):
        want = central(lambda at, n=order: derivative(n - 1, at), x, ws[order])
        np.testing.assert_allclose(derivative(order, x), want, rtol=1e-6, atol=1e-8)


def test_broadcasting_is_undone():
    a, b = Variable(np.full((2, 1), 0.5)), Variable(np.full(3, 0.7))
    ga, gb = gradients(scipy.special.betaln(a, b), [a, b])
    assert ga.shape == (2, 1)
    assert gb.shape == (3,)


def test_python_numbers_as_constants():
    x = Variable(np.array([0.5, 2.0], np.float32))
    assert scipy.special.xlogy(2.0, x).dtype == np.float32
    np.testing.assert_allclose(gradients(ops.xlogy(2.0, x), x)[0], [4, 1])


def test_empty_softmax_is_empty():
    x = Variable(np.ones((0, 3)))
    assert ops.softmax(x).shape == ops.log_softmax(x).shape == (0, 3)


def test_refusals_name_the_operator():
    x = Variable(np.ones(3))
    with pytest.raises(ValueError, match="polygamma"):
        ops.polygamma(-1, x)
    with pytest.raises(np.exceptions.AxisError, match="Softmax"):
        ops.softmax(x, axis=4)


def test_scipys_plain_functions_refuse_instead_of_cutting_the_graph():
    with pytest.raises(TypeError, match="Variable"):
        scipy.special.softmax(Variable(np.ones(3)))


@pytest.mark.parametrize(("axis", "keepdims"), [(None, False), (1, False), (0, True)])
def test_a_weighted_logsumexp(axis, keepdims):
    from tinypt_core.testing import check_gradient

    from tinypt_ops_scipy.special import logsumexp

    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 3)), rng.uniform(0.5, 2, 3)
    b[0] = -0.1
    f = lambda a, b: logsumexp(a, axis, b=b, keepdims=keepdims)
    if axis == 0:
        b = np.abs(b)
    want = scipy.special.logsumexp(a, axis=axis, b=b, keepdims=keepdims)
    np.testing.assert_allclose(f(a, b), want)
    check_gradient(f, a, b, order=2)
