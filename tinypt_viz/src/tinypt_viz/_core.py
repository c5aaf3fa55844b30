"""The only place where tinypt-viz reaches for names that the core has not made public (yet)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from tinypt_core._modes import get_mode, using_mode
from tinypt_core._registry import provider, ready
from tinypt_core._summary import Measure, measured, short
from tinypt_core._watch import compiled

from tinypt_core import _calling

__all__ = ["Measure", "in_scope", "is_run", "measured", "observing", "plugins", "provider", "short"]


def in_scope(name: str) -> AbstractContextManager[Any]:
    """What is computed inside lies in a scope of that name."""
    return using_mode(scope=(*get_mode().scope, name))


def observing(observer: Any) -> AbstractContextManager[Any]:
    """`observer` sees every operator that runs inside (see `tinypt_core` on observers)."""
    return using_mode(observers=(*get_mode().observers, compiled(observer, "tinypt-viz")))


def plugins() -> Any:
    """The plugins that are installed, or None."""
    return ready().plugins


def is_run(code: Any) -> bool:
    """Whether a frame's code is where an operator's forward is called from."""
    return (code.co_filename, code.co_name) == (_calling.__file__, "run")
