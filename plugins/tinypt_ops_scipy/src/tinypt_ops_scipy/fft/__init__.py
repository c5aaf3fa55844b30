"""scipy.fft: the real transforms dct, idct, dst, idst and their n-dimensional forms."""

from tinypt_ops_scipy._lazy import lazy

__getattr__, __dir__ = lazy(__name__, real="dct idct dst idst dctn idctn dstn idstn")
