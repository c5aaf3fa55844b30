"""What the code of a function says: the names it reads, and what no program can do."""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterator
from functools import lru_cache
from types import CodeType
from typing import Any

#: builtins whose answer is no array, or whose effect happens outside
_CALLS = {
    "print": "prints", "open": "opens a file", "input": "asks for input", "exec": "runs a text",
    "eval": "runs a text", "globals": "reads its globals as a dict",
    "locals": "reads its locals as a dict", "vars": "reads a __dict__",
    "setattr": "sets attributes",
    "delattr": "deletes attributes", "__import__": "imports", "id": "asks for an id",
    "breakpoint": "stops", "hash": "asks for a hash", "next": "takes the next of an iterator",
}  # fmt: skip
_ATTRIBUTES = {
    "default_rng": "makes a generator of random numbers", "__class__": "asks for a class",
    "RandomState": "makes a generator of random numbers", "__dict__": "reads a __dict__",
    "SeedSequence": "makes a generator of random numbers", "urandom": "draws random numbers",
    "seterr": "changes NumPy's error settings", "seed": "seeds a generator",
}  # fmt: skip


@lru_cache(4096)
def names_in(code: CodeType) -> tuple[str, ...]:
    """The names of globals and attributes, in the functions inside too."""
    found = dict.fromkeys(code.co_names)
    for inner in _inner(code):
        found |= dict.fromkeys(names_in(inner))
    return tuple(found)


@lru_cache(4096)
def code_problem(code: CodeType, trusted: Callable[[str], bool]) -> str | None:
    """Why the code belongs into no program, if so."""
    if code.co_flags & (0x20 | 0x80 | 0x200):
        return "is a generator or a coroutine"
    for step in dis.get_instructions(code):
        found = _problem(step, trusted)
        if found:
            return found
    inner = (_inner_problem(c, trusted) for c in _inner(code))
    return next((p for p in inner if p), None)


def _inner_problem(code: CodeType, trusted: Callable[[str], bool]) -> str | None:
    if code.co_name in ("<genexpr>", "<listcomp>"):
        found = (_problem(step, trusted) for step in dis.get_instructions(code))
        return next((p for p in found if p), None)
    return code_problem(code, trusted)


def _problem(step: Any, trusted: Callable[[str], bool]) -> str | None:
    name = step.argval
    if step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
        return f"assigns the global {name}"
    if step.opname == "IMPORT_NAME" and not trusted(name):
        return f"imports {name}"
    if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
        return _CALLS.get(name)
    if step.opname in ("LOAD_ATTR", "LOAD_METHOD"):
        return _ATTRIBUTES.get(name)
    return None


def _inner(code: CodeType) -> Iterator[CodeType]:
    return (c for c in code.co_consts if isinstance(c, CodeType))
