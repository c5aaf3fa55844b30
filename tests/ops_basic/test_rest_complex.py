"""The rest of NumPy on complex numbers: differences in both directions of the plane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tinypt_core.ops import setitem

from tinypt_core import Variable, gradients

RNG = np.random.default_rng(0)


def draw(*shape: int) -> Any:
    return RNG.normal(size=shape) + 1j * RNG.normal(size=shape)


W, V, M = draw(3), draw(4), draw(3, 3)

FUNCTIONS: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "setitem": (lambda z: setitem(z, [0, 2, 0], W * z[0]), draw(3)),
    "append": (lambda z: np.append(z, z * W), draw(3)),
    "insert": (lambda z: np.insert(z, [1, 2], z[:2] * z[1]), draw(3)),
    "choose": (lambda z: np.choose([0, 1, 0], [z, W * z[0]]), draw(3)),
    "linspace": (lambda z: np.linspace(z[0], z[1] ** 2, 4), draw(2)),
    "convolve": (lambda z: np.convolve(z, z[:2], "same"), draw(4)),
    "correlate": (lambda z: np.correlate(z, z[:3], "full"), draw(4)),
    "correlate, valid": (lambda z: np.correlate(V, z), draw(2)),
    "polyval": (lambda z: np.polyval(z, z), draw(3)),
    "polydiv": (lambda z: np.polydiv(V, z)[0], draw(2)),
    "poly": (lambda z: np.poly(z), draw(3)),
    "roots": (lambda z: np.roots(z), np.array([1.0, -3.5 + 1j, 2.0, 0.4j])),
    "interp": (lambda z: np.interp([0.3, 1.6], [0.0, 1.0, 2.0], z), draw(3)),
    "vecdot": (lambda z: np.vecdot(z, z * W), draw(3)),
    "vecdot, first": (lambda z: np.vecdot(z, W), draw(3)),
    "matvec": (lambda z: np.matvec(M, z) * z, draw(3)),
    "vecmat": (lambda z: np.vecmat(z, M) * z, draw(3)),
    "cov": (lambda z: np.cov(z), draw(2, 4)),
    "cumulative_prod": (lambda z: np.cumulative_prod(z), draw(3)),
    "nanmean": (lambda z: np.nanmean(z, axis=0), draw(2, 3)),
    "nanvar": (lambda z: np.nanvar(z, axis=0), draw(2, 3)),
    "multi_dot": (lambda z: np.linalg.multi_dot([z, M, z]), draw(3)),
    "tensorsolve": (lambda z: np.linalg.tensorsolve(M, z * z), draw(3)),
    "multiply.outer": (lambda z: np.multiply.outer(z, z[:2]), draw(3)),
}


def slope(value: Callable[[Any], float], z: Any, dz: Any) -> float:
    h = 1e-5
    return (value(z + h * dz) - value(z - h * dz)) / (2 * h)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_derivatives_in_the_plane(name: str) -> None:
    f, z = FUNCTIONS[name]
    y = f(Variable(z))
    w, u = draw(*y.shape), draw(*z.shape)
    w = w if y.dtype.kind == "c" else w.real

    def value(z: Any) -> float:
        return float(np.sum(w * (f(Variable(z)) ** 2).data).real)

    def gradient(z: Any, order: int) -> Any:
        v = Variable(z)
        (g,) = gradients(f(v) ** 2, v, w, create_graph=True)
        return g.data if order == 1 else gradients(g, v, u)[0]

    def first(z: Any) -> float:
        return float(np.sum(u * gradient(z, 1)).real)

    for dz in (RNG.normal(size=z.shape), 1j * RNG.normal(size=z.shape)):
        for order, judged in ((1, value), (2, first)):
            found = float(np.sum(gradient(z, order) * dz).real)
            expected = slope(judged, z, dz)
            assert found == pytest.approx(expected, rel=1e-5, abs=1e-5), (order, dz)
