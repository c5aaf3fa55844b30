"""Names -> operators. Entry points are read on first need; an operator's module on first use."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tinypt_core import _links, _names
from tinypt_core._errors import TinyptError
from tinypt_core._registry import forks

if TYPE_CHECKING:
    from tinypt_core._registry.index import Index

_index: Index | None = None
_ops: dict[str, Any] = {}


def get(name: str) -> Any:
    """The operator registered under a name, bare or qualified.

    Raises OpNotFoundError, OpConflictError, or PluginLoadError if its distribution is broken.

    >>> get("tinypt-ops-trig:sin") is get("sin")
    True
    """
    op = _ops.get(name)
    return _find(name) if op is None else op


def _find(name: str) -> Any:
    if not isinstance(name, str):
        raise TypeError(f"an operator's name is a str, not {type(name)}")
    with forks.busy():
        index = ready()
        if index.control.strict and index.settled:
            from tinypt_core._registry.listing import enforce

            enforce(index)
        op = index.load(index.choose(name)[0])
    with forks.lock:
        return _ops.setdefault(name, op) if index is _index else op


def names() -> list[str]:
    """Every registered name, sorted; those of operators that turn out broken too.

    Nothing is imported for it: names that plugins compute are among them once any operator has
    been looked up, which loads the plugins.

    >>> "sin" in names()
    True
    """
    index = scanned()
    declared = list(index.by_name.items())
    enabled = {name for name, rivals in declared if not all(map(index.bar, rivals))}
    return sorted(enabled | index.by_hand.keys())


def is_namespace(name: str) -> bool:
    """Whether operators have dotted names below this one, as "linalg" has "linalg.norm"."""
    index = scanned()
    if name in index.namespaces or any(n.startswith(name + ".") for n in list(index.by_hand)):
        return True
    return name not in index.by_name and name in ready().namespaces  # a plugin may compute it


def usable() -> list[str]:
    """The names that `get` gives an operator for, as far as is known without importing."""
    return [name for name in names() if _may_work(name)]


def _may_work(name: str) -> bool:
    try:
        return scanned().choose(name)[0].failure is None
    except TinyptError:
        return False


def is_available(name: str) -> bool:
    """Whether `get(name)` gives an operator; imports it to be sure.

    >>> is_available("sin"), is_available("no_such_operator")
    (True, False)
    """
    try:
        get(name)
    except TinyptError:
        return False
    return True


# -- scanning ------------------------------------------------------------------------------------


def scanned() -> Index:
    """The index of what is installed; the first call reads it."""
    if _index is None:
        with forks.busy(), forks.lock:
            from tinypt_core._registry.index import Index

            if _index is None:
                _publish(Index())
    assert _index is not None
    return _index


def ready() -> Index:
    """The index, with the plugins loaded, so that their operators and observers are there."""
    index = scanned()
    if index.plugins is not None and not index.plugins.done:
        with forks.busy():
            index.plugins.load()
        forget()  # what a hook looked up may since have got a rival, or be gone
    if not index.warned and index.settled:
        index.warn()
    return index


def refresh() -> None:
    """Scan again: see what was installed or removed since, and changed environment variables.

    Operators that are loaded already stay the same objects.

    >>> refresh()
    """
    with forks.busy():
        from importlib import invalidate_caches

        from tinypt_core._registry.index import Index

        invalidate_caches()
        with forks.lock:
            _publish(Index(_index))
        forget()


@contextmanager
def changed() -> Iterator[Index]:
    """The index, to change something in it; then the fast dictionaries are emptied."""
    index = scanned()
    with forks.lock:
        yield index
        forget()


def forget() -> None:
    """Empty the fast dictionaries, for something has changed."""
    shown = vars(sys.modules["tinypt_core.ops"])
    for name, op in _ops.items():
        if shown.get(name) is op:
            del shown[name]
    _ops.clear()
    _links.OPS.clear()


def _publish(index: Index) -> None:
    global _index
    _index = index
    _names.declared = index.by_target


def loaded() -> dict[str, Any]:
    """The operators that were looked up so far, by the name that was used."""
    return dict(_ops)


def resolve(name: str) -> Any:
    """What the core calls for a name; see `_links.OPS`."""
    return get(name)._call
