"""Where the first derivative is a convention the second is the mathematics' or NaN, never made up;
parameters that could be differentiated are, or are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tinypt_core.ops import clip, hypot, unwrap

from tinypt_core import Variable, gradients, hessian, hvp, jvp

#: a function, the place, and its second derivative there, None where there is none
MADE_UP: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "norm²": (lambda x: np.linalg.norm(x) ** 2, [0.0, 0.0], 2 * np.eye(2)),
    "norm": (lambda x: np.linalg.norm(x), [0.0, 0.0], None),
    "norm of order 3": (lambda x: np.linalg.norm(x, 3) ** 2, [0.0, 0.0], None),
    "norm of order 1": (lambda x: np.linalg.norm(x, 1) ** 2, [0.0, 1.0], None),
    "largest": (lambda x: np.linalg.norm(x, np.inf) ** 2, [1.0, -1.0], None),
    "hypot²": (lambda x: hypot(x[0], x[1]) ** 2, [0.0, 0.0], 2 * np.eye(2)),
    "angle": (lambda x: np.arctan2(x[0], x[1]) ** 2, [0.0, 0.0], None),
    "copysign²": (lambda x: np.sum(np.copysign(x, 1.0) ** 2), [0.0], 2 * np.eye(1)),
    "std²": (lambda x: np.std(x) ** 2, [0.3, 0.3], np.array([[0.5, -0.5], [-0.5, 0.5]])),
    "abs²": (lambda x: np.sum(np.abs(x) ** 2), [0.0], 2 * np.eye(1)),
    "max": (lambda x: np.max(x) ** 2, [1.0, 1.0], None),
    "min": (lambda x: np.min(x) ** 2, [1.0, 1.0], None),
    "median": (lambda x: np.median(x) ** 2, [1.0, 1.0, 1.0], None),
    "maximum": (lambda x: np.maximum(x[0], x[1]) ** 2, [1.0, 1.0], None),
    "fmin": (lambda x: np.fmin(x[0], x[1]) ** 2, [1.0, 1.0], None),
    "relu²": (lambda x: np.sum(np.maximum(x, 0.0) ** 2), [0.0], None),
    "clip": (lambda x: np.sum(clip(x, 0.0, 1.0) ** 2), [1.0], None),
    "largest eigenvalue": (
        lambda x: np.linalg.eigh(x.reshape(2, 2)).eigenvalues[1] ** 2,
        [1.0, 0.0, 0.0, 1.0],
        None,
    ),
    "Σ s²": (
        lambda x: np.sum(np.linalg.svd(x.reshape(2, 2)).S ** 2),
        [1.0, 0.0, 0.0, 1.0],
        2 * np.eye(4),
    ),
}


@pytest.mark.parametrize("name", MADE_UP)
def test_second_derivatives_are_not_made_up(name: str) -> None:
    f, place, exact = MADE_UP[name]
    found = hessian(f)(np.array(place))
    if exact is None:
        assert np.isnan(found).any()
    elif not np.isnan(found).any():
        np.testing.assert_allclose(found, exact, atol=1e-12)


@pytest.mark.parametrize(
    ("f", "place", "direction", "slope"),
    [
        (lambda x: np.linalg.norm(x), [0.0, 0.0], [1.0, 2.0], 0.0),
        (lambda x: np.max(x), [1.0, 1.0], [1.0, 3.0], 2.0),
        (lambda x: np.sum(np.maximum(x, 0.0)), [0.0], [4.0], 2.0),
        (lambda x: np.sum(np.abs(x)), [0.0], [4.0], 0.0),
        (lambda x: np.std(x), [1.0, 1.0], [1.0, 2.0], 0.0),
    ],
)
def test_forward_mode_sees_the_convention(
    f: Any, place: list[float], direction: list[float], slope: float
) -> None:
    """It runs the rules twice, but is of first order."""
    x, v = np.array(place), np.array(direction)
    assert jvp(f, (x,), (v,))[1] == slope


def test_away_from_the_edge_nothing_is_lost() -> None:
    rows = np.array([[0.0, 0.0], [3.0, 4.0]])
    v = np.array([[0.0, 0.0], [1.0, 0.0]])
    found = hvp(lambda x: np.sum(np.linalg.norm(x, axis=1)), rows, v)
    np.testing.assert_allclose(found[1], [16 / 125, -12 / 125])


# -- parameters that could be differentiated ---------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        lambda x, v: np.sum(x, initial=v),
        lambda x, v: np.max(x, initial=v),
        lambda x, v: np.var(x, ddof=v),
        lambda x, v: np.std(x, correction=v),
        lambda x, v: np.linalg.norm(x, ord=v),
        lambda x, v: np.nan_to_num(x, nan=v),
        lambda x, v: np.pad(x, 1, constant_values=v),
        lambda x, v: np.pad(x, 1, constant_values=(v, 0)),
        lambda x, v: np.gradient(x, v),
        lambda x, v: np.linalg.pinv(np.diag(x), rtol=v),
        lambda x, v: np.round(x, decimals=v),
        lambda x, v: unwrap(x, period=v),
        lambda x, v: np.real_if_close(x, tol=v),
    ],
)
def test_a_variable_as_a_parameter_is_refused(call: Any) -> None:
    with pytest.raises(TypeError, match=r"=|constant"):
        call(Variable(np.array([1.0, 2.0, 4.0])), Variable(np.array(1.0)))


def test_initial_of_max_and_min() -> None:
    x = Variable(np.array([1.0, 3.0]))
    for f, initial, value, slope in [
        (np.max, 5.0, 5.0, [0, 0]),
        (np.max, 2.0, 3.0, [0, 1]),
        (np.max, 3.0, 3.0, [0, 0.5]),
        (np.min, 0.0, 0.0, [0, 0]),
        (np.min, 2.0, 1.0, [1, 0]),
    ]:
        y = f(x, initial=initial)
        assert y.data == value
        np.testing.assert_array_equal(gradients(y, [x])[0], slope)
    assert np.max(Variable(np.zeros(0)), initial=1.0).data == 1.0


def test_a_mean_that_is_given_is_differentiated() -> None:
    a, m = np.array([1.0, 2.0, 4.0]), np.array([2.0])
    x, mean = Variable(a), Variable(m)
    y = np.var(x, mean=mean)
    np.testing.assert_allclose(y.data, np.mean((a - m) ** 2))
    gx, gm = gradients(y, [x, mean])
    np.testing.assert_allclose(gx, 2 * (a - m) / 3)
    np.testing.assert_allclose(gm, [-2 * np.sum(a - m) / 3])
    np.testing.assert_allclose(np.std(x, mean=mean, ddof=1).data, np.sqrt(np.sum((a - m) ** 2) / 2))


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.sum(x, dtype=np.float32),
        lambda x: np.sum(x, where=np.array([True, False])),
        lambda x: np.ravel(x, order="K"),
        lambda x: np.mean(x, dtype=np.float32),
    ],
)
def test_options_are_refused_by_name(call: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"dtype|where|order"):
        call(Variable(np.array([1.0, 2.0])))
