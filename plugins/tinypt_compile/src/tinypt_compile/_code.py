"""What the code of a function says: the names it reads, and what no program can do."""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from types import CodeType
from typing import Any

from tinypt_compile._reach import CLOCKS

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
    **dict.fromkeys(("default_rng", "RandomState", "SeedSequence"), "makes a random generator"),
    **dict.fromkeys(("load", "loadtxt", "fromfile", "genfromtxt", "memmap", "fromregex"),
                    "reads a file"),
    "urandom": "draws random numbers", "seed": "seeds a generator", "__class__": "asks for a class",
    "__dict__": "reads a __dict__", "isscalar": "asks what kind of number it is",
    "seterr": "changes NumPy's error settings",
}  # fmt: skip


@lru_cache(4096)
def names_in(code: CodeType) -> tuple[str, ...]:
    """The names of globals and attributes, in the functions inside too."""
    found = dict.fromkeys(code.co_names)
    for inner in _inner(code):
        found |= dict.fromkeys(names_in(inner))
    return tuple(found)


@lru_cache(4096)
def globals_in(code: CodeType) -> tuple[str, ...]:
    """The names of globals and builtins alone."""
    steps = dis.get_instructions(code)
    found = dict.fromkeys(s.argval for s in steps if s.opname in ("LOAD_GLOBAL", "LOAD_NAME"))
    for inner in _inner(code):
        found |= dict.fromkeys(globals_in(inner))
    return tuple(found)


@lru_cache(4096)
def code_problem(code: CodeType, trusted: Callable[[str], bool]) -> str | None:
    """Why the code belongs into no program, if so."""
    if code.co_flags & (0x20 | 0x80 | 0x200):
        return "is a generator or a coroutine"
    steps = list(dis.get_instructions(code))
    found = next(filter(None, (_problem(step, trusted) for step in steps)), None)
    if found is None and _compares_identities(steps):
        found = "asks whether two things are the same object"
    if found is None and _sets_outside(steps):
        found = "sets an attribute of what is outside"
    if found:
        return found
    inner = (_inner_problem(c, trusted) for c in _inner(code))
    return next((p for p in inner if p), None)


def _compares_identities(steps: list[Any]) -> bool:
    """Whether `is` compares with anything but a constant: what stands for an array is another."""
    return any(
        step.opname == "IS_OP" and "CONST" not in before.opname for before, step in pairwise(steps)
    )


def _sets_outside(steps: list[Any]) -> bool:
    """Whether it sets or adds to an attribute of a global or of a closed-over object."""
    for i, step in enumerate(steps):
        if step.opname == "STORE_ATTR":
            before = i - 1
            if steps[before].opname == "SWAP":  # x.n += 1 copies x first
                before = _last(steps[:before], "COPY") - 1
            if before >= 0 and steps[before].opname in ("LOAD_GLOBAL", "LOAD_DEREF"):
                return True
    return False


def _last(steps: list[Any], opname: str) -> int:
    return max((i for i, step in enumerate(steps) if step.opname == opname), default=0)


def _inner_problem(code: CodeType, trusted: Callable[[str], bool]) -> str | None:
    if code.co_name in ("<genexpr>", "<listcomp>"):
        found = (_problem(step, trusted) for step in dis.get_instructions(code))
        return next((p for p in found if p), None)
    return code_problem(code, trusted)


def _problem(step: Any, trusted: Callable[[str], bool]) -> str | None:
    name = step.argval
    if step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
        return f"assigns the global {name}"
    if step.opname == "IMPORT_NAME" and not (trusted(name) and _root(name) not in CLOCKS):
        return f"imports {name}"
    if step.opname == "MATCH_CLASS":
        return "matches a class"
    if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
        return _CALLS.get(name)
    if step.opname in ("LOAD_ATTR", "LOAD_METHOD"):
        return _ATTRIBUTES.get(name)
    return None


def _root(module: str) -> str:
    return module.partition(".")[0]


def _inner(code: CodeType) -> Iterator[CodeType]:
    return (c for c in code.co_consts if isinstance(c, CodeType))
