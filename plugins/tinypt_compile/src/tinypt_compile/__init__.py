"""A function and its gradient as straight-line NumPy: to run, to read, to ship.

`compile(f)` runs f once on arrays that write down every NumPy call, and replays that.
"""

from tinypt_compile._compile import Compiled as Compiled
from tinypt_compile._compile import compile as compile

__all__ = ["Compiled", "compile"]
