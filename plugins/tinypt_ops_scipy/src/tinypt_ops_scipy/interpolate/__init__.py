"""scipy.interpolate: by the places that are asked for and by the values; the knots are constant."""

from tinypt_ops_scipy._lazy import lazy

__getattr__, __dir__ = lazy(
    __name__,
    splines="interp1d CubicSpline CubicHermiteSpline PchipInterpolator Akima1DInterpolator "
    "BSpline make_interp_spline",
    grids="RegularGridInterpolator RectBivariateSpline",
)
