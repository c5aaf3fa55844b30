"""Functions that NumPy does not dispatch, and that then take another branch: right or refused."""

import numpy as np
import pytest
from silently import Kind

from tinypt_core import Variable, gradients

kind = Kind()
INSTEAD = r"np\.|\.ndim|\.item\(\)|Variable|\.data|detach"


@kind.right(at=[1.5, 2.0])
def real_part_of_a_real_amplitude(x):
    return np.sum(np.real(x) ** 2 * x)


@kind.right(at=[1.5, 2.0])
def power_by_the_conjugate(x):
    return np.sum(np.conj(x) * x)


@kind.right(at=[1.5, 2.0])
def modulus_from_both_parts(x):
    return np.sum(np.real(x) ** 2 + np.imag(x) ** 2)


@kind.right(at=[1.5, 2.0])
def an_attribute_for_each_part(x):
    return np.sum(x.real * x + x.imag)


@kind.right(at=[1.5, 2.0])
def parts_by_ufuncs(x):
    return np.sum(np.conjugate(x) * x)


@kind.right(at=[1.5, 2.2])
def a_table_read_at_a_floor(x):
    table = np.array([10.0, 20.0, 30.0, 40.0])
    i = np.floor(x).astype(int)
    return np.sum(table[i] * x)


@kind.right(at=[1.5, 2.2])
def linear_interpolation_in_a_table(x):
    table = np.array([0.0, 1.0, 4.0, 9.0, 16.0])
    i = np.floor(x).astype(int)
    t = x - np.floor(x)
    return np.sum((table[i] * (1 - t) + table[i + 1] * t) * x)


@kind.right(at=[1.5, 0.2])
def one_hot_rows_by_an_integer_variable(x):
    return np.sum(np.eye(3)[np.floor(x).astype(int)] * np.array([1.0, 2.0, 4.0]) * x[0] ** 2)


@kind.right(at=[1.5, 2.2])
def one_cell_of_a_grid(x):
    grid = np.arange(16.0).reshape(4, 4)
    i = np.floor(x).astype(int)
    return np.sum(grid[i, i[::-1]] * x**2)


test_programs = kind.test()


# -- keeps working -------------------------------------------------------------------------------

keeps = Kind()


@keeps.either(INSTEAD, at=[1.5, 2.0])
def a_branch_for_scalars(x):
    rate = x[0]
    return rate * 2.0 * x[1] if np.isscalar(rate) else np.mean(rate) * 2.0 * x[1]


@keeps.right(at=[1.5, 2.2])
def one_cell_of_a_table(x):
    table = np.array([10.0, 20.0, 30.0])
    i = np.floor(x[0]).astype(int)
    return table[i] * x[0] * x[1]


@keeps.right(at=[1.5, 2.2])
def a_python_list_read_at_a_floor(x):
    knots = [1.0, 3.0, 5.0]
    return knots[np.floor(x[0]).astype(int)] * x[0] ** 2


@keeps.either(INSTEAD, at=[1.5, 2.0])
def ndim_of_a_list_of_variables(x):
    points = [x, x * 2]
    return np.sum(x) ** 2 * np.ndim(points)


@keeps.either(INSTEAD, at=[1.5, 2.0])
def shape_of_a_list_of_variables(x):
    return np.sum(x) ** 2 * np.shape([x, x, x])[0]


@keeps.either(INSTEAD, at=[1.5, 2.0])
def size_of_a_list_of_variables(x):
    return np.sum(x) ** 2 * np.size([x[0], x[1]])


@keeps.either(INSTEAD, at=[1.5, 2.0])
def a_vectorised_python_function(x):
    return np.sum(np.vectorize(lambda t: t * t)(x) * x)


@keeps.either(INSTEAD, at=[1.5, 2.0])
def a_polynomial_by_coefficients(x):
    return np.polyval([x[0], 2.0, x[1]], 3.0) * x[0]


@keeps.either(INSTEAD, at=[1.5, 2.0])
def a_function_along_an_axis(x):
    return np.sum(np.apply_along_axis(lambda r: r * r, 0, x) * x)


@keeps.either(INSTEAD, at=[1.5, 2.0])
def an_array_of_objects(x):
    items = np.empty(2, object)
    items[0], items[1] = x[0], x[1] ** 2
    return items[0] * items[1]


test_keeps_working = keeps.test()


def test_questions_about_the_kind_of_number():
    x = Variable(np.array([1.0, 2.0]))
    assert not np.iscomplexobj(x)
    assert np.isrealobj(x)
    assert (np.ndim(x), np.shape(x), np.size(x)) == (1, (2,), 2)
    assert np.result_type(x, np.float32(1)) == np.float64


def test_the_integer_of_a_floor_indexes_a_variable():
    x = Variable(np.array([0.5, 1.5, 2.5]))
    i = np.floor(x.data).astype(int)
    assert gradients(np.sum(x[i]), x)[0].tolist() == [1, 1, 1]
    j = Variable(np.array([0, 2]))
    assert gradients(np.sum(x[j]), x)[0].tolist() == pytest.approx([1, 0, 1])
