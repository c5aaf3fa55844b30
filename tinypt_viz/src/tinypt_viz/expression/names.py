"""What operators are called, and how they are called: asked of the registry."""

from __future__ import annotations

import inspect
from functools import lru_cache
from typing import Any

import numpy as np

from tinypt_core import Node, registry

#: packages whose class names mean what they say, so that `Add` may be written as +
_OURS = ("tinypt-ops-basic ", "tinypt-ops-trig ", "module tinypt_ops_")


def is_ours(node: Node) -> bool:
    """Whether an operator comes from tinypt's own packages."""
    return node.provider.startswith(_OURS)


def operator_name(node: Node) -> str:
    """The name an operator is registered by, "linalg.norm"; "" for one that is not."""
    return _name(node.op, node.provider)


def ask_again() -> None:
    """Forget what was asked: the registry may have changed since the last picture."""
    _name.cache_clear()
    _by_class.cache_clear()
    _usual.cache_clear()


@lru_cache(maxsize=1000)
def _name(op: str, provider: str) -> str:
    names = _by_class().get(op.lower(), [])
    names = [name for name in names if _found(name).provider == provider]
    best = sorted(names, key=lambda name: (numpys(name) is None, name.count("."), -len(name), name))
    return best[0] if best else ""


@lru_cache(maxsize=1)
def _by_class() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in registry.names():
        found.setdefault(name.rpartition(".")[2].replace("_", ""), []).append(name)
    return found


def _found(name: str) -> Any:
    try:
        return registry.get(name)
    except Exception:  # a name that two packages claim, a package that is broken
        return type("Nobody", (), {"provider": None})


def numpys(name: str) -> Any:
    """NumPy's function of that name, or None."""
    found: Any = np
    for part in name.split("."):
        found = getattr(found, part, None)
    return found if callable(found) else None


def parameters(node: Node, name: str) -> dict[str, str]:
    """The parameters that a call has to spell out: those that are not at their defaults."""
    usual = _usual(name, node.provider) if name else {}
    return {
        key: node.exact.get(key) or text
        for key, text in node.params.items()
        if usual.get(key, "None") != text
    }


@lru_cache(maxsize=1000)
def _usual(name: str, provider: str) -> dict[str, str]:
    """The defaults of an operator's parameters, as code."""
    signature = inspect.signature(_found(name)).parameters.values()
    return {p.name: repr(p.default) for p in signature if p.default is not p.empty}
