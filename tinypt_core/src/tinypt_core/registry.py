"""Names -> operators: the public face of the registry."""

from tinypt_core._listing import Plugin, Row, candidates, plugins, problems
from tinypt_core._registry import (
    get,
    is_available,
    names,
    refresh,
    register_op,
    temporary_op,
)

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
