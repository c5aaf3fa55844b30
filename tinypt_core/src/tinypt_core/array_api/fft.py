"""The extension `fft` of the standard: the operators of tinypt-ops-fft."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core.array_api._call import call, constant, named
from tinypt_core.array_api._dtypes import on_cpu


def _one_axis(name: str) -> Any:
    def function(x: Any, /, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Any:
        return call(f"fft.{name}", x, n, axis, norm)

    return named(function, name, f"fft.{name}")


def _several_axes(name: str) -> Any:
    def function(x: Any, /, *, s: Any = None, axes: Any = None, norm: str = "backward") -> Any:
        return call(f"fft.{name}", x, s, axes, norm)

    return named(function, name, f"fft.{name}")


def _shift(name: str) -> Any:
    def function(x: Any, /, *, axes: Any = None) -> Any:
        return call(f"fft.{name}", x, axes)

    return named(function, name, f"fft.{name}")


fft, ifft, rfft = map(_one_axis, ("fft", "ifft", "rfft"))
irfft, hfft, ihfft = map(_one_axis, ("irfft", "hfft", "ihfft"))
fftn, ifftn, rfftn, irfftn = map(_several_axes, ("fftn", "ifftn", "rfftn", "irfftn"))
fftshift, ifftshift = map(_shift, ("fftshift", "ifftshift"))


def fftfreq(n: int, /, *, d: float = 1.0, dtype: Any = None, device: Any = None) -> Any:
    """The frequencies of `fft`."""
    on_cpu(device)
    return constant(np.fft.fftfreq(n, d).astype(dtype or float))


def rfftfreq(n: int, /, *, d: float = 1.0, dtype: Any = None, device: Any = None) -> Any:
    """The frequencies of `rfft`."""
    on_cpu(device)
    return constant(np.fft.rfftfreq(n, d).astype(dtype or float))


__all__ = [
    "fft",
    "fftfreq",
    "fftn",
    "fftshift",
    "hfft",
    "ifft",
    "ifftn",
    "ifftshift",
    "ihfft",
    "irfft",
    "irfftn",
    "rfft",
    "rfftfreq",
    "rfftn",
]
