"""Signals, images, transforms, distances: SciPy's values, derivatives against differences."""

import numpy as np
import pytest
import scipy.fft
import scipy.ndimage
import scipy.signal
import scipy.spatial.distance
from tinypt_core import Variable, gradients, registry
from tinypt_core.testing import check_gradient

from tinypt_ops_scipy import fft, ndimage, signal
from tinypt_ops_scipy.spatial import distance

RNG = np.random.default_rng(0)
A, B = RNG.normal(size=(4, 5)), RNG.normal(size=(3, 2))


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("name", ["convolve", "fftconvolve", "oaconvolve", "correlate"])
def test_convolution(name, mode):
    f, theirs = getattr(signal, name), getattr(scipy.signal, name)
    for a, b in ((A, B), (A[0], B[:, 0]), (B, A)):
        if mode == "same" and a is B:
            continue  # SciPy's result has the shape of the first, whichever is larger
        np.testing.assert_allclose(f(a, b, mode), theirs(a, b, mode), atol=1e-13)
    check_gradient(lambda a, b: f(a, b, mode), A[:2], B[:2], order=2)


def test_filters():
    sos = scipy.signal.butter(4, 0.3, output="sos")
    np.testing.assert_allclose(signal.sosfilt(sos, A), scipy.signal.sosfilt(sos, A))
    check_gradient(signal.sosfilt, sos, A[0], order=1)
    check_gradient(lambda b, a, x: signal.lfilter(b, a, x), sos[0, :3], sos[0, 3:], A, order=1)


@pytest.mark.parametrize("mode", ["reflect", "mirror", "nearest", "wrap", "constant"])
def test_image_filters(mode):
    for name, weights in (("convolve", B), ("correlate", B), ("convolve1d", B[:, 0]),
                          ("correlate1d", B[:2, 0])):  # fmt: skip
        f, theirs = getattr(ndimage, name), getattr(scipy.ndimage, name)
        np.testing.assert_allclose(
            f(A, weights, mode=mode, cval=0.5), theirs(A, weights, mode=mode, cval=0.5), atol=1e-13
        )
    got, want = (m.gaussian_filter(A, 0.8, mode=mode) for m in (ndimage, scipy.ndimage))
    np.testing.assert_allclose(got, want, atol=1e-13)
    check_gradient(lambda a, b: ndimage.convolve(a, b, mode=mode), A[:3], B)


def test_smoothing_by_its_width_and_means():
    check_gradient(lambda a, s: ndimage.gaussian_filter(a, s), A, np.array(0.8), order=2)
    for size in (3, 4):
        got, want = (m.uniform_filter1d(A, size) for m in (ndimage, scipy.ndimage))
        np.testing.assert_allclose(got, want, atol=1e-13)


@pytest.mark.parametrize("mode", ["constant", "nearest"])
def test_images_between_their_elements(mode):
    at = RNG.uniform(0.1, 2.9, (2, 6))
    far = np.concatenate([at, [[-2.0, 7.0], [1.0, 1.0]]], axis=1)
    f = lambda a, x: ndimage.map_coordinates(a, x, order=1, mode=mode)
    np.testing.assert_allclose(f(A, far), scipy.ndimage.map_coordinates(A, far, order=1, mode=mode))
    check_gradient(f, A, at, order=2)
    turn = np.array([[0.9, 0.2], [-0.15, 0.8]])
    g = lambda a, m, o: ndimage.affine_transform(a, m, o, order=1, mode=mode)
    np.testing.assert_allclose(
        g(A, turn, 0.3),
        scipy.ndimage.affine_transform(A, turn, 0.3, order=1, mode=mode),
        atol=1e-13,
    )
    check_gradient(g, A, turn, np.array([0.31, 0.27]))
    np.testing.assert_allclose(
        ndimage.shift(A, 0.4, order=1, mode=mode),
        scipy.ndimage.shift(A, 0.4, order=1, mode=mode),
        atol=1e-13,
    )
    for order in ({}, {"order": 3}):  # SciPy's default too
        with pytest.raises(TypeError, match="order=3, and only order=1"):
            ndimage.map_coordinates(A, at, **order)


@pytest.mark.parametrize("norm", [None, "ortho", "forward"])
@pytest.mark.parametrize("type", [1, 2, 3, 4])
@pytest.mark.parametrize("name", ["dct", "idct", "dst", "idst"])
def test_real_transforms(name, type, norm):
    """Linear, so the transposed matrix is known exactly."""
    f, theirs = getattr(fft, name), getattr(scipy.fft, name)
    np.testing.assert_array_equal(f(A, type, norm=norm), theirs(A, type, norm=norm))
    check_gradient(lambda x: np.sin(f(x, type, norm=norm)), A[:2])
    both = f"{name}n"
    got, want = (getattr(m, both)(A, type, norm=norm) for m in (fft, scipy.fft))
    np.testing.assert_allclose(got, want, atol=1e-12)


FOURIER = ["fft", "ifft", "rfft", "irfft", "fftn", "ifftn", "rfftn", "irfftn", "fft2", "ifft2"]


@pytest.mark.parametrize("name", [*FOURIER, "fftshift", "ifftshift"])
def test_fourier_transforms_are_numpys(name):
    f, theirs = getattr(fft, name), getattr(scipy.fft, name)
    np.testing.assert_allclose(f(A), theirs(A), atol=1e-13)
    if registry.is_available(f"fft.{name}"):
        weights = np.cos(np.arange(f(A).shape[-1]))
        check_gradient(lambda x: np.real(f(x)) ** 2 * weights, A)


@pytest.mark.parametrize("n", [None, 4, 8])
def test_the_analytic_signal(n):
    for axis in (0, 1):
        got, want = (m.hilbert(A, n, axis) for m in (signal, scipy.signal))
        np.testing.assert_allclose(got, want, atol=1e-13)
    if registry.is_available("fft.fft"):
        check_gradient(lambda x: np.imag(signal.hilbert(x)), A)


OPTIONS = {
    "minkowski": {"p": 3},
    "seuclidean": {"V": np.arange(1.0, 6)},
    "mahalanobis": {"VI": A.T @ A},
}


@pytest.mark.parametrize("metric", distance.METRICS)
def test_distances(metric):
    a, b = np.abs(A) + 0.1, np.abs(RNG.normal(size=(2, 5))) + 0.1
    options = OPTIONS.get(metric, {})
    f = lambda a, b: distance.cdist(a, b, metric, **options)
    np.testing.assert_allclose(f(a, b), scipy.spatial.distance.cdist(a, b, metric, **options))
    check_gradient(f, a[:2], b, order=2)
    pairs = distance.pdist(a, metric, **options)
    np.testing.assert_allclose(pairs, scipy.spatial.distance.pdist(a, metric, **options))
    square = distance.squareform(pairs)
    np.testing.assert_array_equal(square, scipy.spatial.distance.squareform(pairs))
    np.testing.assert_array_equal(distance.squareform(square), pairs)


def test_points_that_coincide():
    check_gradient(lambda x: distance.pdist(np.stack([x, x])), A[0])
    with pytest.raises(ValueError, match="hamming"):
        distance.pdist(A, "hamming")


@pytest.mark.parametrize("metric", ["euclidean", "minkowski", "mahalanobis", "jensenshannon"])
def test_where_points_coincide_the_slope_is_0_and_nothing_is_known_of_the_second(metric):
    a = Variable(np.array([[0.5, 0.2, 0.3], [0.1, 0.4, 0.5]]))
    options = {"VI": np.eye(3)} if metric == "mahalanobis" else {}
    d = distance.cdist(a, a.data[:1], metric, **options)
    (g,) = gradients(np.sum(d), a, create_graph=True)
    np.testing.assert_array_equal(g.data[0], 0.0)
    (second,) = gradients(np.sum(g * g.data), a)
    assert np.all(np.isfinite(second[1]))
    (second,) = gradients(np.sum(g * np.arange(6.0).reshape(2, 3)), a)
    assert np.all(np.isnan(second[0]))
    assert np.all(np.isfinite(second[1]))
