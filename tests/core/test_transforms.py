"""grad, value_and_grad, vjp, jvp, jacobian, hessian, hvp, numerical_diff as functions of arrays."""

from collections import namedtuple

import numpy as np
import pytest
from tinypt_core.ops import exp, sin

from tinypt_core import (
    GradientError,
    Variable,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    numerical_diff,
    value_and_grad,
    vjp,
)


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def differences(f, x, eps=1e-5):
    """Gradient of a scalar function of an array, by central differences."""
    out = np.empty_like(x)
    for i in np.ndindex(x.shape):
        ahead, behind = x.copy(), x.copy()
        ahead[i] += eps
        behind[i] -= eps
        out[i] = (f(ahead) - f(behind)) / (2 * eps)
    return out


# -- grad ----------------------------------------------------------------------------------------


def test_grad_of_a_number_is_a_0d_array():
    g = grad(sin)(0.5)
    assert type(g) is np.ndarray
    assert g.shape == ()
    assert g == np.cos(0.5)


def test_grad_keeps_shape_and_dtype():
    x = np.linspace(0, 1, 6, dtype=np.float32).reshape(2, 3)
    g = grad(lambda x: np.sum(2 * np.exp(x)))(x)
    assert g.dtype == np.float32
    np.testing.assert_allclose(g, 2 * np.exp(x), rtol=1e-6)


def test_argnum_picks_and_a_tuple_gives_a_tuple():
    def f(a, b, c):
        return a * b**2 + c

    assert grad(f, 1)(2.0, 3.0, 4.0) == 12
    assert grad(f, -1)(2.0, 3.0, 4.0) == 1
    assert grad(f, (2, 0))(2.0, 3.0, 4.0) == (1, 9)
    assert grad(f, (1,))(2.0, 3.0, 4.0) == (12,)


def test_an_argnum_that_is_not_there_says_how_many_arguments_came():
    with pytest.raises(TypeError, match=r"argument 2.*2 positional"):
        grad(lambda a, b: a * b, 2)(1.0, 2.0)


def test_an_argument_asked_for_twice_is_refused():
    for argnum in ((0, 0), (0, -2), [1, 1]):
        with pytest.raises(TypeError, match="twice"):
            grad(lambda a, b: a * b, argnum)(1.0, 2.0)


def test_other_arguments_and_keywords_pass_through_untouched():
    def f(x, power, *, scale):
        assert (power, scale) == (3, 2)
        return scale * x**power

    assert grad(f)(2.0, 3, scale=2) == 24


def test_gradient_has_the_structure_of_the_argument():
    Layer = namedtuple("Layer", "w b")
    rng = np.random.default_rng(0)
    params = {
        "layers": [Layer(rng.normal(size=(2, 3)), np.zeros(3)), Layer(rng.normal(size=3), 0.5)],
        "scale": (1.5, None),
    }
    x = rng.normal(size=(4, 2))

    def loss(p):
        for layer in p["layers"]:
            assert isinstance(layer, Layer)
        h = np.tanh(x @ p["layers"][0].w + p["layers"][0].b)
        return np.mean((p["scale"][0] * (h @ p["layers"][1].w + p["layers"][1].b)) ** 2)

    value, g = value_and_grad(loss)(params)
    assert list(g) == ["layers", "scale"]
    assert isinstance(g["layers"][1], Layer)
    assert g["scale"][1] is None

    def plain(layers):
        h = np.tanh(x @ layers[0].w + layers[0].b)
        return np.mean((1.5 * (h @ layers[1].w + layers[1].b)) ** 2)

    def of_w(w):
        return plain([Layer(w, np.zeros(3)), params["layers"][1]])

    assert value == plain(params["layers"])
    np.testing.assert_allclose(
        g["layers"][0].w, differences(of_w, params["layers"][0].w), rtol=1e-6, atol=1e-9
    )
    assert g["layers"][1].b.shape == ()


def test_a_function_that_takes_its_argument_apart_does_not_disturb_the_structure():
    def f(p):
        return np.sum(p.pop("w")) * p.pop("b")

    params = {"w": np.ones(2), "b": 3.0}
    g = grad(f)(params)
    np.testing.assert_array_equal(g["w"], [3, 3])
    assert g["b"] == 2
    assert list(params) == ["w", "b"]


def test_has_aux():
    def f(x):
        y = sin(x)
        return y * x, {"sine": y, "note": "text"}

    g, aux = grad(f, has_aux=True)(0.5)
    assert g == pytest.approx(np.sin(0.5) + 0.5 * np.cos(0.5))
    assert type(aux["sine"]) is np.ndarray
    assert aux["sine"] == np.sin(0.5)
    assert aux["note"] == "text"
    (value, aux), g2 = value_and_grad(f, has_aux=True)(0.5)
    assert (value, g2) == (0.5 * np.sin(0.5), g)
    _, pullback, aux = vjp(f, 0.5, has_aux=True)
    assert aux["note"] == "text"
    assert pullback(1.0)[0] == g
    assert jvp(f, (0.5,), (1.0,), has_aux=True)[1] == pytest.approx(g)
    assert jacobian(f, has_aux=True)(0.5)[0] == g
    assert hessian(f, has_aux=True)(0.5)[0] == pytest.approx(2 * np.cos(0.5) - 0.5 * np.sin(0.5))


def test_has_aux_wants_a_pair():
    with pytest.raises(GradientError, match="return a pair"):
        grad(sin, has_aux=True)(0.5)


# -- what cannot be differentiated ---------------------------------------------------------------


@pytest.mark.parametrize("x", [1, True, np.array(1), np.array([1, 2]), Variable(np.array(3))])
def test_integers_say_to_write_a_float(x):
    for transform in (grad, value_and_grad, jacobian, hessian):
        with pytest.raises(GradientError, match=r"write 1\.0"):
            transform(np.sum)(x)
    with pytest.raises(GradientError, match=r"write 1\.0"):
        vjp(np.sum, x)
    with pytest.raises(GradientError, match=r"write 1\.0"):
        jvp(np.sum, (x,), (x,))
    with pytest.raises(GradientError, match=r"write 1\.0"):
        hvp(np.sum, x, x)
    with pytest.raises(GradientError, match=r"write 1\.0"):
        numerical_diff(np.sum, x)


def test_an_integer_inside_a_structure_is_found():
    with pytest.raises(GradientError, match=r"write 1\.0"):
        grad(lambda p: p["a"] * p["b"])({"a": 1.0, "b": 2})


def test_a_result_that_is_no_scalar_says_what_to_do():
    with pytest.raises(GradientError, match=r"shape \(2,\).*scalar.*jacobian"):
        grad(sin)(np.ones(2))
    with pytest.raises(GradientError, match="tuple"):
        grad(lambda x: (x, x))(1.0)


@pytest.mark.parametrize("f", [lambda x: 3.0, lambda x: x.data**2, lambda x: None])
def test_aplain_result_is_an_error_and_never_a_zero(f):
    for transform in (grad, value_and_grad, jacobian):
        with pytest.raises(GradientError, match="not a Variable"):
            transform(f)(2.0)


def test_a_result_that_does_not_depend_on_the_argument_has_a_gradient_of_zeros():
    w = Variable(np.array(3.0))
    w = w.detach()
    np.testing.assert_array_equal(grad(lambda x: w * 2)(np.ones((2, 2))), np.zeros((2, 2)))
    np.testing.assert_array_equal(
        jacobian(lambda x: np.stack([w, w]))(np.ones(3)), np.zeros((2, 3))
    )
    y, tangent = jvp(lambda x: w * 2, (np.ones(3),), (np.ones(3),))
    assert (y, tangent) == (6, 0)


def test_an_integer_result_is_an_error():
    with pytest.raises(GradientError, match="floating point"):
        grad(lambda x: Variable(np.array(2)))(np.ones(2))


# -- purity --------------------------------------------------------------------------------------


def test_nobodys_grad_is_touched():
    w, x = Variable(np.array(2.0)), Variable(np.array(3.0))
    w.grad = marker = np.array(7.0)

    def f(x):
        return w * x**2

    assert grad(f)(x) == 12
    assert hessian(f)(x) == 4
    assert hvp(f, x, np.array(1.0)) == 4
    assert vjp(f, x)[1](1.0)[0] == 12
    assert jvp(f, (x,), (1.0,))[1] == 12
    assert w.grad is marker
    assert x.grad is None


@pytest.mark.parametrize("kind", [Variable, np.ndarray])
def test_arrays_in_arrays_out_and_variables_in_variables_out(kind):
    x = Variable(np.array(0.5)) * 1 if kind is Variable else np.array(0.5)
    g = grad(sin)(x)
    assert type(g) is kind
    value, g = value_and_grad(sin)(x)
    assert type(value) is type(g) is kind
    assert all(type(v) is kind for v in (hessian(sin)(x), *jvp(sin, (x,), (x,))))
    y, pullback = vjp(sin, x)
    assert type(y) is type(pullback(x)[0]) is kind


def test_results_share_no_memory_with_arguments():
    x = np.ones(3)
    y, pullback = vjp(lambda x: x, x)
    gy = np.full(3, 2.0)
    (gx,) = pullback(gy)
    value, g = value_and_grad(lambda x: x)(np.array(1.0))
    arrays = [x, y, gy, gx, pullback(gy)[0], *jvp(lambda x: x, (x,), (gy,)), value, g]
    for i, a in enumerate(arrays):
        for b in arrays[i + 1 :]:
            assert not np.shares_memory(a, b)


def test_a_pullback_remembers_the_argument_it_was_made_at():
    x = np.array([1.0, 2.0])
    _, pullback = vjp(lambda x: x**3, x)
    x += 100
    np.testing.assert_array_equal(pullback(np.ones(2))[0], [3, 12])
    np.testing.assert_array_equal(pullback(np.array([1.0, 0]))[0], [3, 0])
    v = Variable(np.array([1.0, 2.0]))
    _, pullback = vjp(lambda x: x**3, v)
    v.data += 100
    np.testing.assert_array_equal(pullback(np.ones(2))[0].data, [3, 12])


def test_transforms_work_inside_no_grad():
    with no_grad():
        assert grad(grad(sin))(0.5) == -np.sin(0.5)
        assert jvp(sin, (0.5,), (1.0,))[1] == np.cos(0.5)


def test_names_stay():
    assert grad(rosenbrock).__name__ == "rosenbrock"


# -- nesting -------------------------------------------------------------------------------------


def test_an_inner_derivative_does_not_see_outer_uses_of_the_variable():
    # d/dx [x * d/dy (x + y)] = 1, not 2
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(2.0) == 1
    # at y = x: d/dx [x * d/dy (x y²)|y=x] = d/dx 2x³ = 6x²
    assert grad(lambda x: x * grad(lambda y: x * y**2)(x))(2.0) == 24


def test_an_inner_result_is_connected_through_closures():
    assert grad(lambda x: grad(lambda y: x * x * y)(1.0))(3.0) == 6
    inner = grad(lambda x: jacobian(lambda y: np.stack([x * y, x**2 * y]))(1.0)[1])
    assert inner(3.0) == 6


def test_an_inner_result_under_no_grad_is_a_constant():
    def f(x):
        with no_grad():
            slope = grad(sin)(x)
        return slope * x

    assert grad(f)(0.5) == np.cos(0.5)


@pytest.mark.parametrize("inner", ["vjp", "jvp", "value_and_grad", "hvp", "hessian"])
def test_every_transform_nests(inner):
    def f(x):  # each is d/dx of exp(2x), or twice that order
        g = lambda x: exp(2 * x)  # noqa: E731
        return {
            "vjp": lambda: vjp(g, x)[1](1.0)[0],
            "jvp": lambda: jvp(g, (x,), (1.0,))[1],
            "value_and_grad": lambda: value_and_grad(g)(x)[1],
            "hvp": lambda: hvp(g, x, 0.5),
            "hessian": lambda: hessian(g)(x) / 2,
        }[inner]()

    assert grad(f)(0.3) == pytest.approx(4 * np.exp(0.6))
    assert grad(grad(f))(0.3) == pytest.approx(8 * np.exp(0.6))


def test_values_of_inner_transforms_are_connected():
    assert grad(lambda x: value_and_grad(exp)(x)[0])(0.0) == 1
    assert grad(lambda x: vjp(exp, x)[0])(0.0) == 1
    assert grad(lambda x: jvp(exp, (x,), (1.0,))[0])(0.0) == 1
    assert grad(lambda x: grad(lambda z: (z * x, z**2), has_aux=True)(x)[1])(3.0) == 6


def test_a_pullback_can_be_differentiated_by_its_cotangent():
    _, pullback = vjp(lambda x: x**3, np.array([1.0, 2.0]))
    np.testing.assert_array_equal(
        grad(lambda u: np.sum(pullback(u)[0] ** 2))(np.ones(2)), [18, 288]
    )


def test_grad_through_a_tangent_direction():
    assert grad(lambda v: jvp(exp, (0.0,), (v,))[1] ** 2)(3.0) == 6


# -- jacobian, hessian, hvp, jvp -----------------------------------------------------------------


def test_jacobian_of_a_matrix_function_by_a_matrix():
    rng = np.random.default_rng(1)
    a, x = rng.normal(size=(2, 3)), rng.normal(size=(3, 3))
    found = jacobian(lambda x: a @ x @ x.T)(x)
    assert found.shape == (2, 3, 3, 3)
    eye = np.eye(3)  # d(a x xᵀ)_ij / dx_kl = a_ik x_jl + (a x)_il δ_jk
    want = np.einsum("ik,jl->ijkl", a, x) + np.einsum("il,jk->ijkl", a @ x, eye)
    np.testing.assert_allclose(found, want, atol=1e-12)


def test_jacobian_of_several_results_and_arguments():
    def f(a, b):
        return {"sum": a + b, "product": a * b}

    a, b = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    found = jacobian(f, (0, 1))(a, b)
    np.testing.assert_array_equal(found["sum"][0], np.eye(2))
    np.testing.assert_array_equal(found["product"][0], np.diag(b))
    np.testing.assert_array_equal(found["product"][1], np.diag(a))


def test_jacobian_of_empty_results():
    assert jacobian(lambda x: x[:0])(np.ones(3)).shape == (0, 3)
    assert jacobian(lambda x: 2 * x)(np.ones((0, 2))).shape == (0, 2, 0, 2)


def test_hessian_of_rosenbrock_in_ten_dimensions():
    x = np.random.default_rng(2).normal(size=10)
    want = np.zeros((10, 10))
    for i in range(9):
        want[i, i] += 1200 * x[i] ** 2 - 400 * x[i + 1] + 2
        want[i + 1, i + 1] += 200
        want[i, i + 1] = want[i + 1, i] = -400 * x[i]
    found = hessian(rosenbrock)(x)
    np.testing.assert_allclose(found, want, rtol=1e-12, atol=1e-9)
    v = np.random.default_rng(3).normal(size=10)
    np.testing.assert_allclose(hvp(rosenbrock, x, v), found @ v, rtol=1e-10)


def test_hessian_of_a_tree_has_blocks():
    h = hessian(lambda p: p["a"] ** 2 * np.sum(p["b"]))({"a": 3.0, "b": np.ones(2)})
    assert h["a"]["a"] == 4
    np.testing.assert_array_equal(h["a"]["b"], [6, 6])
    np.testing.assert_array_equal(h["b"]["b"], np.zeros((2, 2)))
    assert hvp(lambda p: p[0] * p[1], (2.0, 3.0), (1.0, 0.0)) == (0, 1)


def test_hvp_equals_hessian_times_v_on_matrices():
    rng = np.random.default_rng(4)
    x, v = rng.normal(size=(2, 2, 3))

    def f(x):
        return np.sum(np.sin(x @ x.T)) * np.sum(x**2)

    np.testing.assert_allclose(
        hvp(f, x, v), np.tensordot(hessian(f)(x), v, 2), rtol=1e-10, atol=1e-10
    )


def test_jvp_of_several_arguments_and_results():
    y, t = jvp(lambda a, b: (a * b, np.sum(a)), (np.ones(2), 3.0), (np.array([1.0, 2.0]), 0.5))
    np.testing.assert_array_equal(y[0], [3, 3])
    np.testing.assert_array_equal(t[0], [3.5, 6.5])
    assert (y[1], t[1]) == (2, 3)


def test_jvp_takes_a_bare_array():
    _, t = jvp(exp, np.zeros(2), np.array([1.0, 2.0]))
    np.testing.assert_array_equal(t, [1, 2])


def test_vectors_of_another_shape_are_refused():
    with pytest.raises(GradientError, match=r"\(3,\).*\(2,\)"):
        jvp(exp, (np.zeros(2),), (np.zeros(3),))
    with pytest.raises(GradientError, match=r"\(3,\).*\(2,\)"):
        vjp(exp, np.zeros(2))[1](np.zeros(3))
    with pytest.raises(GradientError, match=r"\(\).*\(2,\)"):
        hvp(lambda x: np.sum(exp(x)), np.zeros(2), 1.0)


# -- numerical_diff ------------------------------------------------------------------------------


def test_numerical_diff_of_the_textbook():
    assert numerical_diff(lambda x: x**2, Variable(np.array(2.0))) == pytest.approx(4, abs=1e-9)

    def f(x):
        return exp(x**2) ** 2

    d = numerical_diff(f, Variable(np.array(0.5)))
    assert type(d) is np.ndarray
    assert d == pytest.approx(3.2974426293330694, abs=1e-11)


def test_numerical_diff_is_the_gradient_of_the_sum():
    x = np.random.default_rng(5).normal(size=4)
    np.testing.assert_allclose(numerical_diff(rosenbrock, x), grad(rosenbrock)(x), rtol=1e-6)
    a = np.random.default_rng(6).normal(size=(3, 4))
    np.testing.assert_allclose(numerical_diff(lambda x: a @ x, x), a.sum(axis=0), rtol=1e-8)


def test_numerical_diff_inside_a_derivative_is_refused():
    with pytest.raises(GradientError, match="no_grad"):
        grad(lambda x: x * numerical_diff(sin, x)[()])(1.0)

    def f(x):
        with no_grad():
            return_value = numerical_diff(sin, x)
        return return_value * x

    assert grad(f)(0.5) == pytest.approx(np.cos(0.5), abs=1e-8)
