"""A detached Variable is a constant: everything that takes arrays takes it."""

from __future__ import annotations

import json
import math
import pickle
from typing import Any

import numpy as np
import pytest

from tinypt_core import Variable


@pytest.fixture
def curve() -> Any:
    x = Variable(np.linspace(0.0, 1.0, 5), name="x")
    return (x * x).detach()


SQUARES = np.linspace(0.0, 1.0, 5) ** 2


def test_numpy_takes_it(curve: Any) -> None:
    np.testing.assert_allclose(curve, SQUARES)
    np.testing.assert_array_equal(np.asarray(curve), SQUARES)
    assert np.array(curve, np.float32).dtype == np.float32
    array = np.zeros(5)
    array[:] = curve
    array[0] = curve[4].detach()
    assert array[0] == 1
    assert np.fromiter(curve, float, 5).tolist() == SQUARES.tolist()


def test_python_takes_it(curve: Any) -> None:
    last = curve[-1]
    assert (float(last), int(last), complex(last), math.sqrt(last)) == (1.0, 1, 1, 1)
    assert json.dumps(curve.tolist()) == json.dumps(SQUARES.tolist())
    assert pickle.loads(pickle.dumps(curve)).data.tolist() == SQUARES.tolist()
    assert f"{last:.1f}" == "1.0"


def test_it_shares_the_array() -> None:
    x = Variable(np.ones(2))
    assert np.shares_memory(x.detach().data, x.data)


def test_what_is_not_detached_is_refused() -> None:
    y = Variable(np.ones(2)) * 2
    for convert in (np.asarray, lambda v: float(v[0]), pickle.dumps):
        with pytest.raises(TypeError, match=r"detach\(\)"):
            convert(y)


def test_matplotlib(curve: Any) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    (line,) = axes.plot(np.arange(5), curve)
    np.testing.assert_allclose(line.get_ydata(), SQUARES)
    pyplot.close(figure)


def test_pandas(curve: Any) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"y": np.asarray(curve)})
    assert frame["y"].tolist() == SQUARES.tolist()
    assert pandas.Series(curve, dtype=float).tolist() == SQUARES.tolist()
