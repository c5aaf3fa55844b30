"""scipy.signal: convolution and linear filters, by the signal and by the coefficients."""

from tinypt_ops_scipy._lazy import lazy

__getattr__, __dir__ = lazy(
    __name__, convolution="convolve fftconvolve oaconvolve correlate", filters="sosfilt hilbert"
)
