"""Every transform: NumPy's value, and derivatives against differences in the complex plane."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from numpy.fft import _pocketfft as pocketfft

from tinypt_core import Variable, gradients

Array = Any
RNG = np.random.default_rng(0)

#: names, whether the input is real, and how many axes are transformed
ONE_AXIS = {"fft": False, "ifft": False, "rfft": True, "irfft": False, "hfft": False, "ihfft": True}
SEVERAL = {name: name.startswith("rfft") for name in (
    "fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn")}  # fmt: skip


def draw(shape: tuple[int, ...], real: bool) -> Array:
    x = RNG.normal(size=shape)
    return x if real else x + 1j * RNG.normal(size=shape)


def inner(g: Array, dx: Array) -> float:
    """ds for a gradient g and a step dx."""
    return float(np.sum(g * dx).real)


def check(f: Any, x: Array) -> None:
    """Value, gradient of Re Σ w f(x)², and the derivative of that, along steps in the plane."""
    np.testing.assert_allclose(f(Variable(x)).data, f(x), rtol=1e-12, atol=1e-14)
    assert f(Variable(x)).dtype == f(x).dtype
    w = draw(f(x).shape, real=np.isrealobj(f(x)))
    u = draw(x.shape, real=np.isrealobj(x))

    def gradient(x: Array, order: int) -> Array:
        v = Variable(x)
        y = f(v)
        (g,) = gradients(y * y, v, w, create_graph=True)
        return g.data if order == 1 else gradients(g, v, u)[0]

    def value(x: Array, order: int) -> float:
        return inner(w, f(x) ** 2) if order == 1 else inner(u, gradient(x, 1))

    for order in (1, 2):
        g = gradient(x, order)
        assert g.dtype == x.dtype
        for direction in (1.0,) if np.isrealobj(x) else (1.0, 1j):
            dx = direction * RNG.normal(size=x.shape)
            h = 1e-5
            slope = (value(x + h * dx, order) - value(x - h * dx, order)) / (2 * h)
            assert inner(g, dx) == pytest.approx(slope, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("norm", [None, "backward", "ortho", "forward"])
@pytest.mark.parametrize("length", [4, 5])
@pytest.mark.parametrize("name", ONE_AXIS)
def test_odd_and_even_lengths_and_norms(name: str, length: int, norm: Any) -> None:
    transform = getattr(np.fft, name)
    check(lambda x: transform(x, norm=norm), draw((length,), ONE_AXIS[name]))


@pytest.mark.parametrize("n", [1, 2, 3, 6, 7, 12])
@pytest.mark.parametrize("name", ONE_AXIS)
def test_n_shorter_and_longer(name: str, n: int) -> None:
    transform = getattr(np.fft, name)
    check(lambda x: transform(x, n), draw((2, 4), ONE_AXIS[name]))
    check(lambda x: transform(x, n, axis=0), draw((5, 2), ONE_AXIS[name]))


@pytest.mark.parametrize("options", [{}, {"s": (3, 6)}, {"norm": "ortho"}, {"axes": (1, 0)},
                                     {"axes": (-1, 0), "s": (2, 5), "norm": "forward"},
                                     {"axes": (0, 2), "s": (-1, 4)}])  # fmt: skip
@pytest.mark.parametrize("name", SEVERAL)
def test_several_axes(name: str, options: dict[str, Any]) -> None:
    transform = getattr(np.fft, name)
    options = {"axes": (-2, -1), **options} if "s" in options else options  # s alone is old NumPy
    check(lambda x: transform(x, **options), draw((2, 3, 4), SEVERAL[name]))


@pytest.mark.parametrize("name", ["fftshift", "ifftshift"])
def test_shifts(name: str) -> None:
    shift = getattr(np.fft, name)
    for axes in (None, 0, (1,), [0, 1]):
        check(lambda x, axes=axes: shift(x, axes), draw((2, 5), real=False))


@pytest.mark.parametrize("name", ["fft", "ifft", "irfft", "hfft", "fftn"])
def test_a_real_input_gets_a_real_gradient(name: str) -> None:
    check(getattr(np.fft, name), draw((3, 4), real=True))


@pytest.mark.parametrize("name", [*ONE_AXIS, *SEVERAL])
def test_single_precision_stays(name: str) -> None:
    transform, real = getattr(np.fft, name), {**ONE_AXIS, **SEVERAL}[name]
    x = draw((2, 4), real).astype(np.float32 if real else np.complex64)
    v = Variable(x)
    y = transform(v)
    assert y.dtype == transform(x).dtype
    assert y.dtype.itemsize == np.dtype(np.complex64 if y.dtype.kind == "c" else "f4").itemsize
    (g,) = gradients(y, v, create_graph=True)
    assert g.dtype == x.dtype


def test_frequencies_are_constant_but_for_the_spacing() -> None:
    from tinypt_core.ops import fft

    assert type(fft.fftfreq(4)) is type(fft.rfftfreq(4)) is np.ndarray
    d = Variable(np.array(0.5))
    y = np.fft.rfftfreq(4, d)
    np.testing.assert_array_equal(y.data, np.fft.rfftfreq(4, 0.5))
    assert gradients(y, d)[0] == pytest.approx(-np.sum(np.fft.rfftfreq(4, 0.5)) / 0.5)


def test_the_rule_is_one_transform() -> None:
    for name in ("fft", "ifft", "rfft", "irfft"):
        v = Variable(draw((8,), real=True))
        y = getattr(np.fft, name)(v)
        with patch("numpy.fft._pocketfft._raw_fft", wraps=pocketfft._raw_fft) as transform:
            gradients(y, v, np.ones(y.shape))
        assert transform.call_count == 1, name
