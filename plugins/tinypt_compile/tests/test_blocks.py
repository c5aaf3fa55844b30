"""Large elementwise stretches in blocks: the same bits, and fewer whole arrays."""

import numpy as np
import pytest
from tinypt_compile import compile

from tinypt_core import value_and_grad

N = 200_003  # no multiple of a block


def draws():
    rng = np.random.default_rng(0)
    x = rng.normal(size=N)
    return {
        "1-d": x,
        "strided": rng.normal(size=2 * N)[::2],
        "columns": rng.normal(size=(N // 10, 10)),
        "Fortran": np.asfortranarray(rng.normal(size=(N // 10, 10))),
        "float32": x.astype(np.float32),
        "few rows": rng.normal(size=(2, N)),
    }


def elementwise(x):
    return np.sum(np.tanh(np.sin(x) * np.cos(x) + x**2))


def scaled(x):
    centred = (x - np.mean(x, axis=0)) / np.std(x, axis=0)
    return np.sum(np.where(centred > 0, np.exp(-centred), centred * 2) ** 2)


def two_stretches(x):
    y = np.exp(-(x**2)) * 3 + x
    y = y / np.max(y)
    return np.sum(np.sin(y) * y - y)


@pytest.mark.parametrize("f", [elementwise, scaled, two_stretches])
@pytest.mark.parametrize("name", draws())
def test_blocks_change_no_bit(f, name):
    x = draws()[name]
    eager, program = value_and_grad(f), compile(value_and_grad(f))
    for scale in (1.0, 0.5):
        given = (x * scale).astype(x.dtype)
        (y, g), (expected, slope) = program(given), eager(given)
        assert (y.tobytes(), g.tobytes()) == (expected.tobytes(), slope.tobytes())
    assert not program._reasons
    assert "for start in range(0," in program.source(x)


def test_small_arrays_stay_whole():
    assert "for start" not in compile(value_and_grad(elementwise)).source(np.ones(1000))
