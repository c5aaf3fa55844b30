"""tinypt-ops-fft: NumPy's Fourier transforms as tinypt operators.

>>> import numpy as np
>>> from tinypt_core import Variable
>>> np.fft.fft(Variable(np.array([1.0, 2.0])))
variable([ 3.+0.j -1.+0.j])
"""

from tinypt_ops_fft.frequencies import fftfreq, fftshift, ifftshift, rfftfreq
from tinypt_ops_fft.several_axes import (
    fft2,
    fftn,
    ifft2,
    ifftn,
    irfft2,
    irfftn,
    rfft2,
    rfftn,
)
from tinypt_ops_fft.transforms import FFT, IFFT, IRFFT, RFFT, hfft, ihfft

__all__ = [
    "FFT",
    "IFFT",
    "IRFFT",
    "RFFT",
    "fft2",
    "fftfreq",
    "fftn",
    "fftshift",
    "hfft",
    "ifft2",
    "ifftn",
    "ifftshift",
    "ihfft",
    "irfft2",
    "irfftn",
    "rfft2",
    "rfftfreq",
    "rfftn",
]
