"""Functions in the table of constants have a rule for a differentiable argument, or refuse it."""

import numpy as np
from silently import Kind

from tinypt_core import Variable, gradients

kind = Kind()
INSTEAD = r"np\.|Variable|ops\.|\.data|detach"  # the operator to write, or the constant on purpose


@kind.either(INSTEAD, at=[1.5, 2.0])
def background_filled_with_a_parameter(x):
    return np.sum(np.full_like(x, x[0]) * x)


@kind.either(INSTEAD, at=[1.5, 2.0, -1.0])
def filled_by_keyword(x):
    return np.sum(np.full_like(x, fill_value=x[1] ** 2) * x)


@kind.either(INSTEAD, at=[1.5, 2.0, -1.0, 0.5])
def charges_assembled_into_cells(x):
    cells = np.bincount(np.array([0, 1, 1, 2]), weights=x)
    return np.sum(cells**2)


@kind.either(INSTEAD, at=[1.5, 2.0, -1.0, 0.5])
def weights_by_position(x):
    return np.sum(np.bincount(np.array([2, 0, 0, 3]), x, minlength=6) ** 3)


@kind.either(INSTEAD, at=[1.5, 2.0, 1.0])
def weighted_histogram(x):
    counts, _ = np.histogram(np.array([0.1, 0.4, 0.8]), bins=2, range=(0, 1), weights=x)
    return np.sum(counts**2)


@kind.either(INSTEAD, at=[1.5, 2.0, 1.0])
def density_of_a_weighted_histogram(x):
    edges = np.array([0.0, 0.5, 2.0])
    counts, _ = np.histogram(np.array([0.1, 0.4, 0.8]), edges, weights=x, density=True)
    return np.sum(counts**2)


@kind.either(INSTEAD, at=[1.5, 2.0])
def filled_through_the_registered_name(x):
    from tinypt_core.ops import full_like

    table = full_like if isinstance(x, Variable) else np.full_like
    return np.sum(table(x, x[0] * x[1]) * x)


@kind.either(INSTEAD, at=[1.5, 2.0, 0.3])
def counts_of_learned_samples_with_their_edges(x):
    """The edges of a histogram without a range are the samples' own."""
    _, edges = np.histogram(x, bins=2)
    return np.sum(edges**2)


test_programs = kind.test()


# -- keeps working -------------------------------------------------------------------------------

keeps = Kind()


@keeps.either(INSTEAD, at=[1.5, 2.0])
def field_of_an_initial_temperature(x):
    field = np.full_like(np.zeros(4), x[0])
    return np.sum(field * x[1] ** 2)


@keeps.either(INSTEAD, at=[1.5, 2.0])
def filled_with_a_row(x):
    return np.sum(np.full_like(np.ones((3, 2)), x) ** 2)


test_keeps_working = keeps.test()


def test_what_has_no_derivative_stays_a_plain_array():
    x = Variable(np.array([1.0, 3.0, 2.0]))
    assert np.zeros_like(x).tolist() == [0, 0, 0]
    assert np.full_like(x, 7.0).tolist() == [7, 7, 7]
    assert np.argmax(x) == 1
    assert np.searchsorted(np.array([1.0, 2.0, 3.0]), x).tolist() == [0, 2, 1]
    assert np.bincount(np.array([0, 0, 2])).tolist() == [2, 0, 1]
    assert np.histogram(x, bins=2, range=(0, 4))[0].tolist() == [1, 2]


def test_a_plain_array_made_like_a_variable_is_a_constant():
    x = Variable(np.array([1.0, 3.0]))
    y = np.sum(np.ones_like(x) * x + np.zeros_like(x))
    assert gradients(y, x)[0].tolist() == [1, 1]
