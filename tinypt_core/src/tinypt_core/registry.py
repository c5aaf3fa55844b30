"""Names -> operators: the public face of the registry."""

from tinypt_core._registry import get, names, register_op, temporary_op

__all__ = ["get", "names", "register_op", "temporary_op"]
