"""scipy.ndimage: filters and interpolation of images, by the image and by their parameters."""

from tinypt_ops_scipy._lazy import lazy

__getattr__, __dir__ = lazy(
    __name__,
    filters="convolve convolve1d correlate correlate1d gaussian_filter gaussian_filter1d "
    "uniform_filter1d",
    interpolation="map_coordinates affine_transform shift",
)
