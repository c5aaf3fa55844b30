"""Large arrays that are read no more are let go at once, so that the next takes their memory."""

from __future__ import annotations

import re

from tinypt_compile._program import Program

_WORD = re.compile(r"[^\W\d]\w*")
#: elements from which on it is worth a line
_LARGE = 4096


def is_large(program: Program, at: int) -> bool:
    """Whether a value is a large array."""
    info = program.info[at]
    size = 1
    for n in info.shape:
        size *= n
    return info.kind == "array" and size >= _LARGE


def released(lines: list[str], names: set[str]) -> list[str]:
    """The lines, with `del` of each of these names where nothing reads it any more."""
    last: dict[str, int] = {}
    for i, line in enumerate(lines):
        last |= {word: _end(lines, i) for word in _WORD.findall(line) if word in names}
    gone: dict[int, list[str]] = {}
    for name, i in last.items():
        gone.setdefault(i, []).append(name)
    found = []
    for i, line in enumerate(lines):
        found.append(line)
        if i in gone and i + 1 < len(lines):
            indent = "" if _in_loop(lines, i) else line[: len(line) - len(line.lstrip())]
            found.append(f"{indent}del {', '.join(gone[i])}")
    return found


def _end(lines: list[str], i: int) -> int:
    """The line itself, or the last of the loop that it is in."""
    if _in_loop(lines, i):
        while i + 1 < len(lines) and lines[i + 1].startswith(" "):
            i += 1
    return i


def _in_loop(lines: list[str], i: int) -> bool:
    while lines[i].startswith(" "):
        i -= 1
    return lines[i].startswith("for ")
