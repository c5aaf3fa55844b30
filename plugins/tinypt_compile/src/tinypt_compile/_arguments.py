"""What of the arguments tells a case, and what are its inputs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

_STATIC = (int, bool, str, type(None), bytes)
_REAL = "fciub"


def flat(arg: Any, key: list[Any], values: list[Any]) -> str | None:
    """One tree of arguments."""
    kind = arg.__class__
    if kind is np.ndarray:
        if arg.dtype.kind not in _REAL:
            return f"an argument of {arg.dtype}"
        key.append((arg.shape, arg.dtype))
        values.append(arg)
    elif (
        kind is float
        or kind is complex
        or (isinstance(arg, np.generic) and arg.dtype.kind in _REAL)
    ):
        key.append(kind)
        values.append(arg)
    elif kind in _STATIC:
        key.append((kind, arg))
    elif kind is dict:
        key.append((kind, tuple(arg), tuple(map(type, arg))))
        return _first(flat(v, key, values) for v in arg.values())
    elif kind in (tuple, list) or (isinstance(arg, tuple) and hasattr(arg, "_fields")):
        key.append((kind, len(arg)))
        return _first(flat(v, key, values) for v in arg)
    else:
        return f"an argument that is a {kind.__name__}"
    return None


def _first(reasons: Iterable[str | None]) -> str | None:
    return next((r for r in reasons if r), None)
