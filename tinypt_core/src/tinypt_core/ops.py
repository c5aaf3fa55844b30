"""The installed operators: `from tinypt_core.ops import sin`.

Names come from entry points; the first use of one imports its module.
"""

from __future__ import annotations

from typing import Any

from tinypt_core import _registry


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return _registry.get(name)


def __dir__() -> list[str]:
    return sorted({name.partition(".")[0] for name in _registry.names()})
