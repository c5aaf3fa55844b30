"""Variable: the array it holds, its operators, its gradient, its copies."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest
from tinypt_core.ops import exp, sin

from tinypt_core import GradientError, Variable, gradients, no_grad


def test_what_it_takes():
    for data in (np.array(1.0), np.arange(3), np.array([True]), np.ones(2, np.float32), None):
        assert Variable(data).data is data
    for data in (1.0, 1, [1.0], (1,), np.float64(1), "text", Variable(np.array(1.0))):
        with pytest.raises(TypeError, match=r"is not supported; write Variable\(np.asarray"):
            Variable(data)
    assert Variable(np.array(1j)).dtype == complex
    with pytest.raises(TypeError, match="not supported"):
        Variable(np.array(["text"]))
    x = Variable(np.array(1.0))
    with pytest.raises(TypeError, match="is not supported"):
        x.data = 2.0


def test_attributes():
    x = Variable(np.arange(6.0).reshape(2, 3), name="x")
    assert (x.shape, x.ndim, x.size, x.dtype, len(x), x.name) == ((2, 3), 2, 6, float, 2, "x")
    assert x.T.shape == (3, 2)
    assert x.grad is None
    assert x.creator is None


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (np.array([1, 2, 3]), "variable([1 2 3])"),
        (np.array(1.5), "variable(1.5)"),
        (None, "variable(None)"),
        (np.arange(4).reshape(2, 2), "variable([[0 1]\n          [2 3]])"),
    ],
)
def test_repr(data, text):
    assert repr(Variable(data)) == text


def test_operators_with_arrays_and_numbers_on_both_sides():
    a, x = np.array([1.0, 2.0]), Variable(np.array([3.0, 4.0]))
    for y, want in (
        (a * x, [3, 8]),
        (x * a, [3, 8]),
        (a + x, [4, 6]),
        (a - x, [-2, -2]),
        (a / x, a / x.data),
        (2**x, [8, 16]),
        (2.0 - x, [-1, -2]),
        (1 / x, 1 / x.data),
        (a**x, [1, 16]),
        (abs(-x), [3, 4]),
        (x[0], 3),
        (x[::-1], [4, 3]),
        (np.eye(2) @ x, [3, 4]),
        (x @ np.eye(2), [3, 4]),
    ):
        assert isinstance(y, Variable)
        np.testing.assert_array_equal(y.data, want)
    assert float((a @ x).data) == 11


def test_comparisons_give_plain_arrays_and_hashing_goes_by_identity():
    x, y = Variable(np.array([1.0, 2.0])), Variable(np.array([1.0, 3.0]))
    for found, want in (
        (x == y, [True, False]),
        (x != y, [False, True]),
        (x < y, [False, True]),
        (x >= 2.0, [False, True]),
        (x > 1.0, [False, True]),
    ):
        assert type(found) is np.ndarray
        np.testing.assert_array_equal(found, want)
    assert {x: 1, y: 2}[x] == 1
    assert len({x, y, x}) == 2


def test_0d_results_and_gradients_are_arrays():
    x = Variable(np.array(2.0))
    for y in (x * x, x + 1, x**2, sin(x), -x, exp(x) / x, np.sum(x * x), x * np.float64(2)):
        x.cleargrad()
        y.backward(retain_grad=True)
        for array in (y.data, y.grad, x.grad):
            assert type(array) is np.ndarray
            assert array.shape == ()
    x.cleargrad()
    (x**3).backward(create_graph=True)
    assert isinstance(x.grad, Variable)
    assert type(x.grad.data) is np.ndarray


@pytest.mark.parametrize("shape", [(), (3,)])
def test_float32_stays_float32_forward_and_backward(shape):
    x = Variable(np.full(shape, 0.5, np.float32))
    for f in (
        lambda x: x * 2.0,
        lambda x: 2.0 * x,
        lambda x: x**2,
        lambda x: x**2.5,
        lambda x: 1 - x,
        lambda x: 2 / x,
        lambda x: 2.0**x,
        lambda x: sin(x) * 3 + exp(-x),
        lambda x: np.sum(x * 2.0),
        lambda x: np.mean(x),
        lambda x: x * np.array([2], np.int32).astype(np.float32),
    ):
        for create_graph in (False, True):
            x.cleargrad()
            y = f(x)
            assert y.dtype == np.float32
            y.backward(create_graph=create_graph)
            assert x.grad.dtype == np.float32
            assert x.grad.shape == shape


def test_a_float64_companion_does_not_change_the_gradients_dtype():
    x = Variable(np.ones(3, np.float32))
    y = x * np.ones(3)
    assert y.dtype == np.float64
    y.backward()
    assert x.grad.dtype == np.float32


def test_no_gradient_shares_memory_with_another_array():
    x0, x1 = Variable(np.ones(3)), Variable(np.ones(3))
    y = x0 + x1
    z = y + np.zeros(3)
    z.backward(retain_grad=True)
    arrays = [v for x in (x0, x1, y, z) for v in (x.data, x.grad)]
    for i, a in enumerate(arrays):
        for b in arrays[i + 1 :]:
            assert not np.shares_memory(a, b)
    x0.grad *= 0.5
    np.testing.assert_array_equal(x1.grad, 1)
    np.testing.assert_array_equal(y.grad, 1)


def test_gradients_of_views_and_recorded_gradients_share_no_memory_either():
    x, w = Variable(np.ones((2, 3))), Variable(np.ones((2, 3)))
    (np.reshape(x, (3, 2)) + np.reshape(w, (3, 2))).backward(create_graph=True)
    assert not np.shares_memory(x.grad.data, w.grad.data)
    x.cleargrad()
    np.transpose(x).backward()
    assert x.grad.flags.writeable
    x.cleargrad()
    np.sum(x).backward()
    assert x.grad.flags.writeable
    x.grad[0, 0] = 5
    assert x.grad[1, 1] == 1


def test_gradients_accumulate_until_cleared():
    x = Variable(np.array(3.0))
    (x * x).backward()
    first = x.grad
    (x * x).backward()
    assert x.grad == 12
    assert first == 6
    x.cleargrad()
    assert x.grad is None


def test_data_can_be_updated_in_place():
    x = Variable(np.array([1.0, 2.0]))
    np.sum(x**2).backward()
    x.data -= 0.5 * x.grad
    np.testing.assert_array_equal(x.data, [0, 0])


def test_integers_cannot_be_differentiated():
    x = Variable(np.array([1, 2]))
    with pytest.raises(GradientError, match=r"int64 data.*floating point.*dtype=float"):
        np.sum(x).backward()
    with pytest.raises(GradientError, match="floating point"):
        Variable(np.array(1)).backward()
    with pytest.raises(GradientError, match=r"integers only.*dtype=float"):
        sin(x).backward()
    assert x.grad is None


def test_an_integer_beside_a_float_gets_no_gradient():
    n, x = Variable(np.array([1, 2])), Variable(np.array([0.5, 1.0]))
    (n * x).backward()
    assert n.grad is None
    np.testing.assert_array_equal(x.grad, [1, 2])


@pytest.mark.parametrize("c", [0, 1, 2, 3, 0.0, 1.0, 2.0])
def test_powers_at_zero(c):
    """The k-th derivative of x^c at 0 is c! if k = c, else 0."""
    x = Variable(np.array(0.0))
    y = x**c
    for k in range(1, 5):
        (y,) = gradients(y, x, create_graph=True)
        want = {1: 1, 2: 2, 3: 6}[int(c)] if k == c else 0
        assert y.data == want, (c, k)
    x.cleargrad()
    (x**c).backward()
    assert x.grad == (1 if c == 1 else 0)


def test_powers_of_variables_at_the_edges():
    x, c = Variable(np.array([0.0, 2.0])), Variable(np.array([2.0, 0.0]))
    (x**c).backward()
    np.testing.assert_array_equal(x.grad, [0, 0])
    np.testing.assert_allclose(c.grad, [0, np.log(2)])
    x = Variable(np.array(-2.0))
    (x**3).backward()
    assert x.grad == 12


def test_copies_and_pickles_keep_data_grad_and_name_and_leave_the_graph():
    x = Variable(np.array([1.0, 2.0]), name="x")
    y = x * x
    y.name = "y"
    y.backward(retain_grad=True)
    for refused in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=r"x\.detach\(\)"):
            refused(y)
    for v in (x, y.detach()):
        for other in (pickle.loads(pickle.dumps(v)), copy.copy(v), copy.deepcopy(v)):
            np.testing.assert_array_equal(other.data, v.data)
            np.testing.assert_array_equal(other.grad, v.grad)
            assert other.name == v.name
            assert other.creator is None
    assert not np.shares_memory(copy.deepcopy(x).data, x.data)
    twin = copy.deepcopy(x)
    (twin * 3.0).backward()
    np.testing.assert_array_equal(x.grad, [2, 4])


def test_a_recorded_gradient_is_pickled_as_numbers():
    x = Variable(np.array(2.0))
    (x**3).backward(create_graph=True)
    grad = pickle.loads(pickle.dumps(x)).grad
    assert float(grad.data if isinstance(grad, Variable) else grad) == 12
    assert getattr(grad, "creator", None) is None


def test_functions_are_pickled_without_their_node():
    f = type(Variable(np.array(1.0)) ** 3 and (Variable(np.array(1.0)) ** 3).creator)(3)
    y = f(Variable(np.array(2.0)))
    for g in (pickle.loads(pickle.dumps(f)), copy.copy(f), copy.deepcopy(f)):
        assert g(Variable(np.array(3.0))).data == 27
    assert y.creator is f


def test_detach_and_unchain():
    x = Variable(np.array(2.0))
    y = x * x
    assert y.detach().creator is None
    assert y.detach().data is y.data
    assert y.creator is not None
    z = y * x
    y.unchain()
    z.backward()
    assert x.grad == 4
    assert y.grad == 2
    z = (x * x) * 3.0
    z.unchain_backward()
    x.cleargrad()
    z.backward()
    assert x.grad is None


def test_no_array_is_made_of_it_silently():
    x = Variable(np.array([1.0, 2.0]))
    with pytest.raises(TypeError, match=r"np\.stack"):
        np.asarray(x)
    with pytest.raises(TypeError, match=r"np\.stack"):
        np.array([x, x])


def test_numpy_functions_dispatch():
    x = Variable(np.array([1.0, -2.0]))
    np.testing.assert_array_equal(np.where(x > 0, x, 0).data, [1, 0])
    np.testing.assert_array_equal(np.sin(x).data, np.sin(x.data))
    assert np.sum(x, axis=0).data == -1
    with pytest.raises(TypeError, match=r"spacing"):
        np.spacing(x)
    with pytest.raises(TypeError, match="unpackbits"):
        np.unpackbits(x)


def test_no_grad_records_nothing():
    x = Variable(np.array(2.0))
    with no_grad():
        y = x * x
    assert y.creator is None


def test_importing_the_core_imports_no_plugin_and_scans_nothing():
    code = (
        "import sys, tinypt_core; assert tinypt_core.__file__ is not None; "
        "bad = [m for m in sys.modules if m.startswith(('tinypt_ops', 'tinypt_viz', 'pluggy', "
        "'importlib_metadata'))]; assert not bad, bad; dir(tinypt_core.ops); "
        "bad = [m for m in sys.modules if m.startswith('tinypt_ops')]; assert not bad, bad; "
        "from tinypt_core.ops import sin; assert 'tinypt_ops_trig' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_with_only_the_core_an_operator_says_what_to_install():
    code = (
        "import numpy as np\nfrom tinypt_core import Variable\n"
        "try: Variable(np.array(1.0)) + 1\n"
        "except Exception as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"TINYPT_DISABLE": "tinypt-ops-basic", "PATH": ""},
    )
    assert "tinypt-ops-basic" in done.stdout


def test_data_takes_what_numpy_computes_from_0_d_data():
    x = Variable(np.array(1.0))
    x.data = x.data - 0.25
    assert type(x.data) is np.ndarray
    assert x.data == 0.75
    with pytest.raises(TypeError, match="is not supported"):
        x.data = 0.5
