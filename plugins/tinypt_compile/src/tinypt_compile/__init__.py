"""A function and its gradient as straight-line NumPy: to run, to read, to ship.

`compile(f)` runs f once on arrays that write down every NumPy call, and replays that.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tinypt_compile._compile import Compiled as Compiled
    from tinypt_compile._compile import compile as compile

__all__ = ["Compiled", "compile"]


def __getattr__(name: str) -> Any:
    """Imported on first use: the command that this package adds is loaded with every registry."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tinypt_compile import _compile

    globals()[name] = getattr(_compile, name)
    return globals()[name]
