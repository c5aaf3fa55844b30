"""Names -> operators: the public face of the registry."""

from typing import TYPE_CHECKING, Any

from tinypt_core._registry import (
    get,
    is_available,
    names,
    refresh,
    register_op,
    temporary_op,
)

if TYPE_CHECKING:
    from tinypt_core._listing import Plugin, Row, candidates, plugins, problems

__all__ = [
    "Plugin",
    "Row",
    "candidates",
    "get",
    "is_available",
    "names",
    "plugins",
    "problems",
    "refresh",
    "register_op",
    "temporary_op",
]


def __getattr__(name: str) -> Any:
    if name in __all__:  # the listings, which programs seldom need
        from tinypt_core import _listing

        return getattr(_listing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
