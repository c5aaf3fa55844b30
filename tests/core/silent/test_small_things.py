"""Small things met on the way: a right answer, or an error that says what to write."""

import io
import re

import numpy as np
import pytest
from silently import Kind

import tinypt_core
from tinypt_core import OpNotFoundError, TinyptError, Variable, grad, gradients, registry

kind = Kind()
ASARRAY = r"np\.asarray\("


def leaf(*values):
    return Variable(np.array(values[0] if len(values) == 1 else values))


# -- Python's functions ----------------------------------------------------------------------------


@kind.right(want=[3.0, 0.5, 1.0])
def quotient_and_remainder():
    v = leaf(3.5)
    quotient, rest = divmod(v, 1.0)
    return [quotient, rest, gradients(rest, v)[0]]


@kind.right(want=[2.0, 1.0, -2.0])
def a_number_divided_by_a_variable():
    v = leaf(3.0)
    quotient, rest = divmod(7.0, v)
    return [quotient, rest, gradients(rest, v)[0]]


@kind.right(want=[4.0, 3.25])
def round_to_digits():
    return [round(leaf(3.6)), round(leaf(3.249), 2)]


@kind.right(want=[3.0, 1.0, 1.0])
def an_element_of_an_intermediate_assigned():
    x = leaf(1.0, 2.0)
    y = x * 1.0
    y[0] = 3.0
    return [y[0], gradients(np.sum(y), x)[0][1], 1.0 - gradients(np.sum(y), x)[0][0]]


@kind.right(want=[0.0, 4.0, 1.0])
def an_element_assigned_from_a_variable():
    x, v = leaf(1.0, 2.0), leaf(5.0)
    buffer = Variable(np.zeros(2))
    buffer[0] = v
    buffer[1] = x[1] ** 2
    gx, gv = gradients(np.sum(buffer), (x, v))
    return [gx[0], gx[1], gv]


@kind.refused(r"np\.(stack|where|zeros)|no_grad|copy", want=None)
def an_element_of_a_leaf_that_was_used():
    x = leaf(1.0, 2.0)
    y = np.sum(x * x)
    x[0] = 3.0
    return y


@kind.refused(r"\.data|pickle", want=None)
def a_variable_saved_by_numpy():
    np.save(io.BytesIO(), leaf(1.0, 2.0) * 2)


@kind.refused(r"(?i)argnum.*(int|position)", want=None)
def an_argument_by_name():
    return grad(lambda x, k: x * k, argnum="k")(1.0, 2.0)


@kind.either(r"np\.maximum", want=[5.0, 0.0])
def the_largest_with_an_initial_value():
    x = leaf(1.0, 2.0)
    y = np.max(x, initial=5.0)
    return [y, np.sum(gradients(y, x)[0])]


@kind.refused(r"(?i)ord.*(number|\.item\(\)|\.data|constant)", want=None)
def a_learned_order_of_a_norm():
    return np.linalg.norm(leaf(1.0, 2.0), ord=leaf(3.0))


# -- NumPy's method options ------------------------------------------------------------------------

OPTION = r"(?i){0}"


@kind.either(OPTION.format("order"), want=[1.0, 3.0, 2.0, 4.0])
def ravel_by_columns():
    return leaf([1.0, 2.0], [3.0, 4.0]).ravel("F")


# -- data ------------------------------------------------------------------------------------------


@kind.refused(ASARRAY)
def a_numpy_scalar_as_data():
    return Variable(np.array([1.0, 2.0]).mean())


@kind.refused(ASARRAY)
def a_number_assigned_to_data():
    s = leaf(1.0)
    s.data = 3.0
    return s


@kind.refused(ASARRAY)
def a_list_as_data():
    return Variable([1.0, 2.0])


test_programs = kind.test()


def test_hints_on_refused_scipy_calls_do_not_cut_the_graph():
    """They name the operator or the package, not x.data."""
    from scipy import linalg, ndimage

    x = leaf(1.0, 2.0, 3.0) * 1.0
    a = leaf([2.0, 1.0], [1.0, 3.0]) * 1.0
    for call in (
        lambda: linalg.solve(a, np.ones(2)),
        lambda: linalg.expm(a),
        lambda: ndimage.gaussian_filter(x, 1.0),
        lambda: linalg.cholesky(a),
    ):
        try:
            call()
        except (TypeError, TinyptError) as error:
            text = str(error)
            assert "x.data" not in text, text
            assert "np." in text or "tinypt" in text or "ops" in text, text


FAR_FETCHED = {
    "expit": ["split"],
    "ellipk": ["flip", "clip"],
    "lgamma": ["amax"],
    "sigmoid": ["mod"],
    "betainc": ["tan"],
    "save": ["shape", "ravel", "square"],
    "load": ["logaddexp"],
    "quantile": ["tile", "equal"],
}


@pytest.mark.parametrize("name", FAR_FETCHED)
def test_far_fetched_suggestions_are_left_out(name):
    if registry.is_available(name):
        pytest.skip(f"{name} is an operator by now")
    with pytest.raises(OpNotFoundError) as caught:
        registry.get(name)
    _, _, offered = str(caught.value).partition("did you mean")
    for far in FAR_FETCHED[name]:
        assert not re.search(rf"\b{far}\b", offered.partition(";")[0])


def test_dir_gives_what_is_public():
    listed = [name for name in dir(tinypt_core) if not name.startswith("__")]
    assert set(tinypt_core.__all__) <= set(listed)
    assert [name for name in listed if name.startswith("_")] == []
    for name in ("TYPE_CHECKING", "Any", "annotations"):
        assert name not in listed


def test_a_star_import_of_ops_gives_the_operators():
    names = {}
    exec("from tinypt_core.ops import *", names)
    names.pop("__builtins__")
    assert {"sin", "matmul", "exp"} <= set(names)
    assert [n for n, value in names.items() if n.startswith("_") or not callable(value)] == [
        n for n in names if n in ("linalg", "fft", "random", "special", "signal", "stats")
        and not callable(names[n])
    ]  # fmt: skip


# -- keeps working -------------------------------------------------------------------------------

keeps = Kind()


@keeps.either(r"mean", want=np.std([1.0, 2.0, 4.0]))
def std_with_a_known_mean():
    x = leaf(1.0, 2.0, 4.0)
    return np.std(x, mean=np.mean(np.array([1.0, 2.0, 4.0]), keepdims=True))


@keeps.either(OPTION.format("dtype"), want=[3.0, 1.0])
def sum_in_another_dtype():
    x = leaf(1.0, 2.0)
    y = x.sum(dtype=np.float64)
    return [y, gradients(y, x)[0][0]]


@keeps.either(OPTION.format("kind"), want=[1, 2, 0])
def argsort_of_a_kind():
    return leaf(3.0, 1.0, 2.0).argsort(kind="stable")


@keeps.either(OPTION.format("initial"), want=13.0)
def sum_with_an_initial_value():
    return leaf(1.0, 2.0).sum(initial=10.0)


@keeps.either(OPTION.format("where"), want=2.0)
def sum_where():
    return leaf(1.0, 2.0).sum(where=np.array([False, True]))


@keeps.either(OPTION.format("copy|casting"), want=[1.0, 2.0])
def astype_without_a_copy():
    return leaf(1.0, 2.0).astype(float, copy=False)


@keeps.either(OPTION.format("order"), want=[[1.0, 3.0], [2.0, 4.0]])
def reshape_by_columns():
    return leaf(1.0, 2.0, 3.0, 4.0).reshape((2, 2), order="F")


test_keeps_working = keeps.test()


def test_data_of_what_numpy_makes_of_a_scalar_step():
    x = leaf(1.0)
    x.data -= 0.5
    x.data = np.asarray(np.float64(2.0))
    assert x.data == 2


def test_near_misses_are_still_offered():
    with pytest.raises(OpNotFoundError, match=r"tanh"):
        registry.get("tahn")


def test_floor_and_mod_of_variables():
    v = leaf(3.5)
    assert (v % 1.0).data == 0.5
    assert (v // 1.0) == 3
