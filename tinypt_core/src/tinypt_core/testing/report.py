"""What a broken promise looks like: what, where, expected, got, and the usual cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tinypt_core._errors import ConformanceError


@dataclass(frozen=True)
class Broken:
    """One promise that an operator did not keep, on one sample."""

    promise: str
    what: str
    sample: str = ""
    where: str = ""
    expected: str = ""
    got: str = ""
    cause: str = ""

    def __str__(self) -> str:
        rows = [
            (name, str(getattr(self, name)))
            for name in ("sample", "where", "expected", "got", "cause")
            if getattr(self, name)
        ]
        indent = "\n" + " " * 14
        lines = [f"    {name:<9} {text.replace(chr(10), indent)}" for name, text in rows]
        return "\n".join([f"  {self.promise}: {self.what}", *lines])


def error_for(op: str, package: str, broken: Sequence[Broken], held: int) -> ConformanceError:
    """The error that lists every broken promise; they are also its attribute `broken`."""
    count = len({b.promise for b in broken})
    head = f"{op} ({package}) broke {count} of {held} promises"
    error: Any = ConformanceError("\n\n".join([head, *map(str, broken)]))
    error.op, error.package, error.broken = op, package, tuple(broken)
    return error  # type: ignore[no-any-return]


def show(value: Any) -> str:
    """A number or an array in few characters."""
    import numpy as np

    if isinstance(value, np.ndarray) and value.size > 6:
        return f"{value.dtype} array of shape {value.shape}"
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.12g}"
    text = np.array2string(value, precision=12) if isinstance(value, np.ndarray) else repr(value)
    return text if len(text) < 200 else text[:197] + "..."
