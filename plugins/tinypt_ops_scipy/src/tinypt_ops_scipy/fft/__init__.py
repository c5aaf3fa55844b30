"""scipy.fft: Fourier transforms, and the real transforms dct, dst and their kin.

The former are those of np.fft, whose operators are in the distribution tinypt-ops-fft.
"""

from tinypt_ops_scipy._lazy import lazy

__getattr__, __dir__ = lazy(
    __name__,
    real="dct idct dst idst dctn idctn dstn idstn",
    fourier="fft ifft rfft irfft fftn ifftn rfftn irfftn fft2 ifft2 fftshift ifftshift",
)
