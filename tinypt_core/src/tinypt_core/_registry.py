"""Names -> operators. Entry points are read on first need; an operator's module on first use."""

from __future__ import annotations

import difflib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tinypt_core._errors import OpNotFoundError, PluginLoadError

GROUP = "tinypt.ops"


class _Lookup(dict[str, Any]):
    """What the core itself calls by name: `OPS["add"]`; filled on first use, then a dict hit."""

    def __missing__(self, name: str) -> Any:
        self[name] = call = get(name)._call
        return call


OPS = _Lookup()
_lock = threading.RLock()
_entries: dict[str, Any] | None = None
_loaded: dict[str, Any] = {}
_providers: dict[type, str] = {}


def get(name: str) -> Any:
    """The operator registered under a name."""
    try:
        return _loaded[name]
    except KeyError:
        pass
    with _lock:
        if name not in _loaded:
            _loaded[name] = _load(name)
        return _loaded[name]


def names() -> list[str]:
    """Every registered name, sorted."""
    return sorted({*_scan(), *_loaded})


def describe(f: Any) -> str:
    """An operator and its package, for messages: "Sin (tinypt-ops-trig 0.1.0)"."""
    cls = f if isinstance(f, type) else type(f)
    provider = _providers.get(cls) or f"module {cls.__module__}"
    return f"{cls.__name__} ({provider})"


def _scan() -> dict[str, Any]:
    global _entries
    with _lock:
        if _entries is None:
            from importlib_metadata import entry_points

            _entries = {entry.name: entry for entry in entry_points(group=GROUP)}
        return _entries


def _load(name: str) -> Any:
    entry = _scan().get(name)
    if entry is None:
        raise OpNotFoundError(_unknown(name))
    try:
        cls = entry.load()
    except Exception as error:
        raise PluginLoadError(f"{name}: {entry.value} failed to load: {error}") from error
    return make_op(name, cls, f"{entry.dist.name} {entry.dist.version}")


def make_op(name: str, cls: Any, provider: str) -> Any:
    """The registered callable: a function with the operator's name, doc and provenance."""
    from tinypt_core._signature import public_signature

    call = cls.apply if "apply" in _own_names(cls) else cls._call

    def op(*args: Any, **kwargs: Any) -> Any:
        return call(*args, **kwargs)

    op.__name__ = name.rpartition(".")[2]
    op.__qualname__ = name
    op.__module__ = "tinypt_core.ops"
    op.__doc__ = cls.__doc__
    op.__signature__ = public_signature(cls)  # type: ignore[attr-defined]
    op.function = cls  # type: ignore[attr-defined]
    op.provider = provider  # type: ignore[attr-defined]
    op._call = call  # type: ignore[attr-defined]
    _providers.setdefault(cls, provider)
    return op


def _own_names(cls: Any) -> set[str]:
    return {name for base in cls.__mro__[:-2] for name in vars(base)}


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, names(), 3)
    known = _HOMES.get(name)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    install = f"; pip install {known}" if known else ""
    return f"no installed distribution provides the operator {name!r}{hint}{install}"


_HOMES = dict.fromkeys(
    "add subtract multiply divide negative positive power square exp log sqrt sum sum_to "
    "broadcast_to reshape transpose matmul absolute equal not_equal less less_equal greater "
    "greater_equal getitem astype mod floor_divide".split(),
    "tinypt-ops-basic",
) | dict.fromkeys("sin cos tan sinh cosh tanh".split(), "tinypt-ops-trig")


def register_op(name: str, function: Any, override: bool = False) -> Any:
    """Register an operator by hand."""
    with _lock:
        _loaded[name] = make_op(name, function, "registered by hand")
        OPS.clear()
        return function


@contextmanager
def temporary_op(name: str, function: Callable[..., Any]) -> Iterator[Any]:
    """An operator that is there inside a `with` block."""
    before = _loaded.get(name)
    register_op(name, function)
    try:
        yield _loaded[name]
    finally:
        with _lock:
            _loaded.pop(name)
            if before is not None:
                _loaded[name] = before
            OPS.clear()
