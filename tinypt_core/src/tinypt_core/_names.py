"""Who is who, for messages: an operator by its name, and the distribution that it comes from.

Reads what registration recorded here, so that every floor can name an operator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

VERSION = "0.1.0"

#: target, "my_ops:Sin" -> the entries that declare it; each has a `name` and a `distribution`
declared: Mapping[str, Sequence[Any]] = {}

#: who provides a Function class, or a plain function; filled in when it is loaded
providers: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def describe(f: Any) -> str:
    """An operator and its package, for messages: "Sin (tinypt-ops-trig 0.1.0)"."""
    written = f if hasattr(f, "__qualname__") else type(f)
    return f"{label(written)} ({provider(written)})"


def label(written: Any) -> str:
    """A class by name; where the operator's name is another, by both: "subtract, Sub"."""
    declared = sorted(entry.name for entry in _entries(written))
    names = [name for name in declared if _is_numpys(name)] or declared  # the rest are aliases
    own: str = written.__name__
    if not names or own.lower() in [name.replace("_", "") for name in names]:
        return own
    return f"{max(names, key=len)}, {own}"


def provider(written: Any) -> str:
    """Who provides a Function class: its distribution and version, or its module."""
    if written.__module__.startswith("tinypt_core."):
        return f"tinypt-core {VERSION}"
    known = providers.get(written)
    if known is not None:
        return known
    told = (str(e.distribution) for e in _entries(written) if e.distribution)
    return next(told, f"module {written.__module__}")


def packages() -> set[str]:
    """The top-level modules that declared operators come from, as far as anything was scanned."""
    return {target.partition(":")[0].partition(".")[0] for target in list(declared)}


def did_you_mean(word: str, known: Iterable[str], cutoff: float = 0.0) -> str:
    """ "; did you mean tanh?", or "" when nothing known is near: a slip of the pen or two."""
    from difflib import get_close_matches

    cutoff = cutoff or (0.75 if len(word) > 3 else 0.65)
    near = get_close_matches(word, sorted(known), 3, cutoff)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def describe_error(error: BaseException) -> str:
    """An exception in one phrase, even one that cannot be printed."""
    kind = type(error).__name__
    try:
        text = repr(error.code) if isinstance(error, SystemExit) else str(error)
    except KeyboardInterrupt:
        raise
    except BaseException as worse:  # it is somebody else's code
        return f"{kind}, which cannot be printed ({type(worse).__name__})"
    if isinstance(error, SystemExit):
        return f"it called sys.exit({text}) while being imported"
    return f"{kind}: {text}" if text else kind


def _entries(written: Any) -> Sequence[Any]:
    return declared.get(f"{written.__module__}:{written.__qualname__}", ())


def _is_numpys(name: str) -> bool:
    import numpy as np

    module, _, last = name.rpartition(".")
    function = getattr(getattr(np, module, None) if module else np, last, None)
    return getattr(function, "__name__", "") == last
