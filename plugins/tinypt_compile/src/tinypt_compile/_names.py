"""Names for the values of a program: the user's where there are some."""

from __future__ import annotations

import builtins
import keyword

from tinypt_compile._program import Program

_OURS = {"np", "scipy", "base64", "OTHER_CASE", "same", "ndarray", "whole", "exact", "program"}
_RESERVED = {*keyword.kwlist, *dir(builtins), *_OURS}


class Names:
    """A name for each value: the user's where there is one."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._by_id: dict[int, str] = {}
        self._taken = set(_RESERVED)
        for at, name in program.inputs.items():
            self._give(at, name)
        for at in program.constants:
            self._give(at, program.names.get(at, "c1"))

    def __getitem__(self, at: int) -> str:
        if at not in self._by_id:
            self._give(at, self.program.names.get(at, "t1"))
        return self._by_id[at]

    def _give(self, at: int, name: str) -> None:
        self._by_id[at] = self.fresh(name)

    def fresh(self, name: str) -> str:
        """A name that nobody else has."""
        name = "".join(c if c.isalnum() or c == "_" else "_" for c in name) or "x"
        name = name if name.isidentifier() else f"x{name}"
        stem = name.rstrip("0123456789") or "x"
        n = int(name[len(stem) :] or 1)
        while name in self._taken:
            n += 1
            name = f"{stem}{n}"
        self._taken.add(name)
        return name
