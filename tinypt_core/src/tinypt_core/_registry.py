"""Names -> operators. Entry points are read on first need; an operator's module on first use."""

from __future__ import annotations

import _thread
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tinypt_core._errors import OpConflictError, TinyptError

if TYPE_CHECKING:
    from tinypt_core._candidate import Candidate
    from tinypt_core._index import Index


class _Lookup(dict[str, Any]):
    """What the core itself calls by name: `OPS["add"]`; filled on first use, then a dict hit."""

    def __missing__(self, name: str) -> Any:
        self[name] = call = get(name)._call
        return call


OPS = _Lookup()
_lock = _thread.RLock()  # threading costs an import
_index: Index | None = None
_ops: dict[str, Any] = {}
_by_hand: dict[str, Candidate] = {}


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
    index = ready()
    if index.control.strict:
        from tinypt_core._listing import enforce

        enforce(index)
    candidate, _ = choose(name)
    op = load(candidate)
    with _lock:
        return _ops.setdefault(name, op) if index is _index else op


def choose(name: str) -> tuple[Candidate, str]:
    """The candidate that a name means, and the rule that chose it; nothing is imported."""
    if name in _by_hand:
        return _by_hand[name], "registered by hand"
    return scanned().choose(name)


def load(candidate: Candidate) -> Any:
    """The operator of a candidate, imported on first use."""
    return candidate.load(_public_name(candidate))


def by_hand() -> list[Candidate]:
    """What `register_op` and `temporary_op` registered."""
    return list(_by_hand.values())


def _public_name(candidate: Candidate) -> str:
    """The name under which `tinypt_core.ops` gives this very operator."""
    try:
        wins = scanned().choose(candidate.name)[0] is candidate
    except TinyptError:
        wins = False
    return candidate.name if wins else candidate.qualified


def names() -> list[str]:
    """Every registered name, sorted; those of operators that turn out broken too.

    Nothing is imported for it: names that plugins compute are among them once any operator has
    been looked up, which loads the plugins.

    >>> "sin" in names()
    True
    """
    index = scanned()
    declared = (name for name, rivals in index.by_name.items() if not all(map(index.bar, rivals)))
    return sorted({*declared, *_by_hand})


def is_namespace(name: str) -> bool:
    """Whether operators have dotted names below this one, as "linalg" has "linalg.norm"."""
    index = scanned()
    if name in index.namespaces or any(n.startswith(name + ".") for n in _by_hand):
        return True
    return name not in index.by_name and name in ready().namespaces  # a plugin may compute it


def usable() -> list[str]:
    """The names that `get` gives an operator for, as far as is known without importing."""
    return [name for name in names() if _may_work(name)]


def _may_work(name: str) -> bool:
    try:
        return choose(name)[0].failure is None
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
    global _index
    if _index is None:
        from tinypt_core._index import Index

        with _lock:
            if _index is None:
                _index = Index()
    return _index


def ready() -> Index:
    """The index, with the plugins loaded, so that their operators and observers are there."""
    index = scanned()
    if index.plugins is not None and not index.plugins.done:
        index.plugins.load()
    if not index.warned:
        index.warn()
    return index


def packages() -> set[str]:
    """The top-level modules that declared operators come from, as far as anything was scanned."""
    return _index.packages if _index is not None else set()


def refresh() -> None:
    """Scan again: see what was installed or removed since, and changed environment variables.

    Operators that are loaded already stay the same objects.

    >>> refresh()
    """
    global _index
    from importlib import invalidate_caches

    from tinypt_core._index import Index

    invalidate_caches()
    with _lock:
        _index = Index(_index)
        forget()


def forget() -> None:
    """Empty the fast dictionaries, for something has changed."""
    shown = vars(sys.modules["tinypt_core.ops"])
    for name, op in _ops.items():
        if shown.get(name) is op:
            del shown[name]
    _ops.clear()
    OPS.clear()


# -- by hand -------------------------------------------------------------------------------------


def register_op(name: str, function: Any = None, override: bool = False) -> Any:
    """Register an operator by hand; without `function`, a decorator for its class.

    Raises OpConflictError for a name that is taken, unless override is True; TypeError for what
    is no operator.

    >>> from tinypt_core import Function
    >>> @register_op("docs.cube")
    ... class Cube(Function):
    ...     def forward(self, x):
    ...         return x**3
    ...     def backward(self, gy, x):
    ...         return 3 * gy * x**2
    >>> get("docs.cube").provider
    'registered by hand'
    """
    if function is None:
        return lambda cls: register_op(name, cls, override)
    ready()
    if not override and name in names():
        raise OpConflictError(
            f"the operator {name!r} exists already, from {_who(name)}; choose another name, or "
            f"register it with override=True"
        )
    _place(name, function)
    return function


def _who(name: str) -> str:
    return _by_hand[name].provider if name in _by_hand else ", ".join(
        str(c.distribution) for c in scanned().by_name[name]
    )  # fmt: skip


def _place(name: str, function: Any) -> None:
    from tinypt_core._candidate import NAME, Candidate, make_op, validated

    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a name for an operator: write identifiers with dots")
    cls = validated(function)
    candidate = Candidate(name, f"{cls.__module__}:{cls.__qualname__}", None)
    candidate.op = make_op(name, cls, candidate.provider)
    with _lock:
        _by_hand[name] = candidate
        forget()


@contextmanager
def temporary_op(name: str, function: Callable[..., Any]) -> Iterator[Any]:
    """An operator that is there inside a `with` block, in front of any other of its name.

    >>> from tinypt_core.ops import sin
    >>> with temporary_op("twice", sin.function) as twice:
    ...     is_available("twice")
    True
    >>> is_available("twice")
    False
    """
    before = _by_hand.get(name)
    _place(name, function)
    try:
        yield get(name)
    finally:
        with _lock:
            _by_hand.pop(name, None)
            if before is not None:
                _by_hand[name] = before
            forget()


# -- provenance ----------------------------------------------------------------------------------


def describe(f: Any) -> str:
    """An operator and its package, for messages: "Sin (tinypt-ops-trig 0.1.0)"."""
    cls = f if isinstance(f, type) else type(f)
    return f"{label(cls)} ({provider(cls)})"


def label(cls: type) -> str:
    """A class by name; where the operator's name is another, by both: "subtract, Sub"."""
    target = f"{cls.__module__}:{cls.__qualname__}"
    declared = [c.name for c in _index.all() if c.target == target] if _index is not None else []
    names = [name for name in declared if _is_numpys(name)] or declared  # the rest are aliases
    if not names or cls.__name__.lower() in [name.replace("_", "") for name in names]:
        return cls.__name__
    return f"{max(names, key=len)}, {cls.__name__}"


def _is_numpys(name: str) -> bool:
    import numpy as np

    module, _, last = name.rpartition(".")
    function = getattr(getattr(np, module, None) if module else np, last, None)
    return getattr(function, "__name__", "") == last


def provider(cls: type) -> str:
    """Who provides a Function class: its distribution and version, or its module."""
    if cls.__module__.startswith("tinypt_core."):
        return f"tinypt-core {sys.modules['tinypt_core'].__version__}"
    if _index is None:
        return f"module {cls.__module__}"
    from tinypt_core._candidate import providers

    target = f"{cls.__module__}:{cls.__qualname__}"
    declared = (str(c.distribution) for c in _index.all() if c.target == target and c.distribution)
    return providers.get(cls) or next(declared, f"module {cls.__module__}")
