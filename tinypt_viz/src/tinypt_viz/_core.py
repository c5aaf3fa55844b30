"""What tinypt-viz takes from the core, besides Variables and the graph: all of it public."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tinypt_core.registry import call_plugins as plugins
from tinypt_core.registry import provider
from tinypt_core.summary import Measure, measured, short

import tinypt_core
from tinypt_core import observe as observing
from tinypt_core import scope as in_scope

__all__ = ["Measure", "in_scope", "is_run", "measured", "observing", "plugins", "provider", "short"]

_CALL = str(Path(tinypt_core.__file__).parent / "_operator" / "call.py")


def is_run(code: Any) -> bool:
    """Whether a frame's code is where an operator's forward is called from."""
    return (code.co_filename, code.co_name) == (_CALL, "run")
