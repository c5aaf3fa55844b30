"""Arrays with another arithmetic are refused, as data and as constants."""

import numpy as np
import pytest
from silently import Kind

from tinypt_core import Variable, grad, jacobian, jvp, vjp

pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")

kind = Kind()
MASKED = r"(?i)np\.asarray|\.filled|np\.where"
MATRIX = r"(?i)np\.asarray|np\.array"
READINGS = np.ma.masked_array([1.0, -999.0, 3.0], mask=[False, True, False])
ROTATION = np.array([[0.0, -1.0], [1.0, 0.0]]).view(np.matrix)


def leaf(n=3):
    return Variable(np.arange(1.0, n + 1))


@kind.refused(MASKED)
def readings_with_gaps_as_data():
    return np.sum(Variable(READINGS) ** 2)


@kind.refused(MATRIX)
def a_matrix_as_data():
    return np.sum(Variable(ROTATION) * Variable(ROTATION))


@kind.refused(MASKED)
def data_replaced_by_masked_data():
    x = leaf()
    x.data = READINGS
    return np.sum(x)


@kind.refused(MATRIX)
def data_replaced_by_a_matrix():
    x = Variable(np.ones((2, 2)))
    x.data = ROTATION
    return np.sum(x * x)


@kind.refused(MASKED)
def residuals_against_masked_readings():
    return np.sum((leaf() - READINGS) ** 2)


@kind.refused(MASKED)
def masked_weights_on_the_left():
    return np.sum(READINGS * leaf())


@kind.refused(MATRIX)
def a_matrix_times_elementwise():
    """np.matrix multiplies as matrices where an array multiplies by element."""
    return np.sum(Variable(np.ones((2, 2))) * ROTATION)


@kind.refused(MATRIX)
def a_matrix_on_the_left():
    return np.sum(ROTATION * Variable(np.ones((2, 2))))


@kind.refused(MASKED)
def the_mean_of_a_masked_misfit():
    return np.mean(np.maximum(leaf(), READINGS))


@kind.refused(MASKED)
def chosen_from_masked_readings():
    return np.sum(np.where(np.array([True, False, True]), leaf(), READINGS))


@kind.refused(MASKED)
def stacked_with_masked_readings():
    return np.sum(np.stack([leaf(), READINGS]))


@kind.refused(MASKED)
def differentiated_at_masked_readings():
    return grad(lambda x: np.sum(x**2))(READINGS)


@kind.refused(MATRIX)
def the_jacobian_at_a_matrix():
    return jacobian(lambda x: x * x)(ROTATION)


@kind.refused(MASKED)
def a_masked_tangent():
    return jvp(lambda x: x**2, (np.ones(3),), (READINGS,))


@kind.refused(MASKED)
def a_masked_cotangent():
    return vjp(lambda x: x**2, np.ones(3))[1](READINGS)


@kind.refused(MASKED)
def a_masked_weight_of_the_output():
    y = leaf() * 2
    y.grad = READINGS
    return y.backward()


test_programs = kind.test()


# -- keeps working -------------------------------------------------------------------------------


def test_what_the_errors_advise():
    x = leaf()
    known = ~READINGS.mask
    loss = np.sum(np.where(known, x - READINGS.filled(0.0), 0.0) ** 2)
    loss.backward()
    assert x.grad.tolist() == [0, 0, 0]
    y = Variable(np.ones((2, 2)))
    np.sum(np.asarray(ROTATION) @ y).backward()
    assert y.grad.tolist() == [[1, 1], [-1, -1]]


@pytest.mark.parametrize("view", [np.ndarray, np.memmap])
def test_arrays_with_the_arithmetic_of_arrays(view, tmp_path):
    if view is np.memmap:
        data = np.memmap(tmp_path / "x", float, "w+", shape=3)
        data[:] = 2
    else:
        data = np.full(3, 2.0)
    x = leaf()
    np.sum(x * data).backward()
    assert x.grad.tolist() == [2, 2, 2]
