"""tinypt-ops-basic: NumPy's differentiable surface.

Every operator of this distribution can be imported from here: the registered callable under the
operator's name, the class under its own.

>>> from tinypt_ops_basic import Add, add
>>> add.function is Add
True
"""

from __future__ import annotations

from functools import cache
from importlib import metadata
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    from tinypt_core import ops, registry

    entries = _entries()
    if name in entries:
        return registry.get(f"tinypt-ops-basic:{name}")
    if any(dotted.startswith(name + ".") for dotted in entries):  # linalg
        return getattr(ops, name)
    for entry in entries.values():
        if entry.attr == name and entry.module != __name__:
            return entry.load()
    raise AttributeError(f"tinypt_ops_basic has no operator and no class {name!r}")


def __dir__() -> list[str]:
    entries = _entries()
    return sorted({*entries, *(entry.attr for entry in entries.values()), "__version__"})


@cache
def _entries() -> dict[str, metadata.EntryPoint]:
    """What this distribution declares; importing it imports no family of operators."""
    declared = metadata.distribution("tinypt-ops-basic").entry_points
    return {entry.name: entry for entry in declared if entry.group == "tinypt.ops"}
