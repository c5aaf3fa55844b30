"""A Variable of floating point never becomes a plain number by itself."""

import math
import statistics

import numpy as np
import pytest
from scipy import integrate, optimize
from silently import BUFFER, NUMBER, PLAIN, TRANSFORMS, Kind, says

from tinypt_core import Variable, grad, gradients, no_grad

kind = Kind()


@kind.refused(PLAIN, at=[0.5, 1.2])
def euler_scheme_into_a_buffer(x):
    path = np.empty(6)
    path[0] = x[0]
    for n in range(5):
        path[n + 1] = path[n] + 0.1 * x[1] * np.cos(path[n])
    return np.sum(path * x[0])


@kind.refused(BUFFER, at=[0.5, 1.2, -0.3])
def gram_matrix_element_by_element(x):
    k = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            k[i, j] = np.exp(-((x[i] - x[j]) ** 2))
    return np.sum(k @ x)


@kind.refused(PLAIN, at=[1.0, 2.0])
def fromiter_over_a_generator(x):
    return np.sum(np.fromiter((v * v for v in x), float) * x)


@kind.refused(PLAIN, at=0.7)
def math_sine(x):
    return math.sin(x) * x


@kind.refused(PLAIN, at=[3.0, 4.0])
def math_hypot_as_a_radius(x):
    return x[0] / math.hypot(x[0], x[1])


@kind.refused(PLAIN, at=[3.0, 4.0])
def statistics_of_residuals(x):
    return statistics.fmean([x[0] ** 2, x[1] ** 2]) * x[0]


@kind.refused(PLAIN, at=[3.0, 4.0])
def fsum_for_accuracy(x):
    return math.fsum(v * v for v in x) * x[1]


@kind.refused(PLAIN, at=[3.4, 4.0])
def complex_impedance(x):
    z = complex(1.0, x[0])
    return abs(z) * x[1]


@kind.refused(PLAIN, at=[3.4, 4.0])
def steps_counted_by_int(x):
    return int(x[0] * 10) * x[1]


@kind.refused(PLAIN, at=[1.5, 0.5])
def quad_of_a_callback(x):
    return integrate.quad(lambda t: np.exp(-x[0] * t * t), 0, 1)[0] * x[1]


@kind.refused(PLAIN, at=[2.0, 0.5])
def brentq_finds_a_root(x):
    return optimize.brentq(lambda t: t**3 - x[0], 0.0, 4.0) * x[1]


@kind.either(PLAIN, at=[1.3, 2.0])
def sum_from_an_initial_value(x):
    return np.sum(np.array([1.0, 2.0]), initial=x[0]) * x[1]


@kind.either(PLAIN + "|np.maximum", at=[1.3, 2.0])
def largest_from_an_initial_value(x):
    return np.max(np.array([0.5, 1.0]), initial=x[0]) * x[1]


@kind.either(PLAIN + "|ddof", at=[1.3, 2.0, 0.4])
def variance_with_a_learned_correction(x):
    return np.var(x, ddof=x[2])


@kind.refused(PLAIN + r"|Variable", at=[1.3, 2.0], ways=TRANSFORMS)
def item_inside_a_transform(x):
    return x[0].item() * x[1] if isinstance(x, Variable) else x[0] * x[1]


@kind.refused(PLAIN + r"|Variable", at=[1.3, 2.0], ways=TRANSFORMS)
def tolist_inside_a_transform(x):
    a, b = x.tolist()
    return a * b * x[0]


@kind.refused(NUMBER)
def loss_by_percent_format():
    loss = np.sum(Variable(np.array([1.0, 2.0])) ** 2)
    return "%.3f" % loss  # noqa: UP031


@kind.refused(NUMBER)
def float_of_a_loss():
    return float(np.sum(Variable(np.array([1.0, 2.0])) ** 2))


@kind.refused(NUMBER)
def float_of_a_gradient_with_a_graph():
    x = Variable(np.array(2.0))
    (x**3).backward(create_graph=True)
    return float(x.grad) * x


test_programs = kind.test()


def test_the_errors_of_float_int_and_complex_name_what_was_asked():
    y = Variable(np.array(2.0)) * 3
    for ask in (float, int, complex, math.floor):
        with pytest.raises(TypeError, match=NUMBER):
            ask(y)


def test_a_scalar_in_an_array_names_both_ways_out():
    buffer = np.zeros(2)
    with pytest.raises((TypeError, ValueError)) as caught:
        buffer[0] = Variable(np.array(2.0)) * 3
    assert says(caught.value, r"np\.stack")
    assert says(caught.value, r"Variable\(np\.zeros")


# -- keeps working -------------------------------------------------------------------------------

keeps = Kind()


@keeps.refused(PLAIN, at=[1.0, 2.0])
def rotation_matrix_by_rows(x):
    r = np.eye(2)
    r[0] = [np.cos(x[0]), -np.sin(x[0])]
    r[1] = [np.sin(x[0]), np.cos(x[0])]
    return np.sum(r @ x)


@keeps.either(PLAIN, at=[1.0, 2.0])
def array_of_a_list_of_variables(x):
    return np.sum(np.array([x[0] ** 2, x[1] ** 3, 1.0]) * x[0])


@keeps.either(PLAIN, at=[1.3, 2.0])
def solve_ivp_with_a_rate(x):
    path = integrate.solve_ivp(lambda t, y: [-x[0] * y[0]], (0, 1), [1.0], rtol=1e-10, atol=1e-12)
    return path.y[0, -1] * x[1]


test_keeps_working = keeps.test()


def test_the_number_of_a_loss_on_purpose():
    loss = np.sum(Variable(np.array([1.0, 2.0])) ** 2)
    assert loss.item() == 5
    assert f"{loss:.2f}" == "5.00"
    assert "5" in str(loss)
    assert float(loss.detach()) == 5
    assert float(loss.data) == 5
    assert math.sqrt(loss.detach()) == math.sqrt(5)
    assert (Variable(np.array([1.0, 2.0])) * 2).tolist() == [2.0, 4.0]


def test_formatting_inside_a_transform(capsys):
    def f(x):
        print(x, f"{x:.3f}", repr(x * 2))
        return x * x

    assert grad(f)(3.0) == 6
    assert "3.000" in capsys.readouterr().out


def test_everything_converts_under_no_grad():
    x = Variable(np.array([1.0, 2.0]))
    with no_grad():
        y = np.sum(x * x)
        buffer = np.zeros(2)
        buffer[0] = y
        assert (float(y), int(y), math.sqrt(y), buffer[0]) == (5.0, 5, math.sqrt(5), 5.0)
        assert np.fromiter((v for v in x), float).tolist() == [1.0, 2.0]
        assert complex(y) == 5


def test_integers_and_bools_index_and_convert():
    n, yes = Variable(np.array(2)), Variable(np.array(True))
    assert [10, 20, 30][n] == 30
    assert (int(n), float(n), list(range(n)), float(yes)) == (2, 2.0, [0, 1], 1.0)
    assert (1 if yes else 0) == 1
    x = Variable(np.array([1.0, 2.0, 3.0]))
    (g,) = gradients(x[n] * x[0], x)
    assert g.tolist() == [3, 0, 1]


def test_branches_on_values():
    def leaky(x):
        return x if x > 0 else 0.1 * x

    assert grad(leaky)(-2.0) == pytest.approx(0.1)
    assert grad(leaky)(2.0) == 1
