"""Write the table in docs/more-data-than-memory.md: which operators work lazily on Dask arrays.

python docs/generate_dask.py

Every operator is tried on what the conformance kit tries it on, cut into chunks: its value, its
gradients and the gradients of those.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from pathlib import Path
from typing import Any

import dask.array as da
import numpy as np
from dask.callbacks import Callback
from tinypt_core.testing.subject import Subject

from tinypt_core import Variable, gradients, registry

PAGE = Path(__file__).parent / "more-data-than-memory.md"
MARK = "<!-- written by docs/generate_dask.py -->\n"
HEADS = {
    "lazy": "Lazy, with gradients of first and second order",
    "mixed": "Lazy for some arguments, refused for others",
    "NumPy": "Dask has no such function and computes, with a warning: the result is NumPy's",
    "refused": "Refused, by Dask or by the operator",
}


class Started(Callback):
    """Whether Dask computed anything."""

    ever = False

    def _start(self, dsk: Any) -> None:
        self.ever = True


def table() -> str:
    """The table of operators by how they take Dask arrays."""
    found = defaultdict(list)
    kinds: dict[str, str] = {}  # of operators, some of which have two names
    for name in registry.names():
        row = registry.candidates(name)[0]
        if row.distribution.startswith("tinypt-ops"):
            if row.target not in kinds:
                kinds[row.target] = kind(name)
            found[kinds[row.target]].append(name)
    lines = [
        f"| {head} | {', '.join(f'`{n}`' for n in found[key])} |" for key, head in HEADS.items()
    ]
    return "\n".join(["| | operators |", "| --- | --- |", *lines, ""])


def kind(name: str) -> str:
    """How an operator takes Dask arrays; "" if nobody says what it takes."""
    subject = Subject(registry.get(name))
    cases = [c for c in subject.cases if c.kind in ("gradient", "broadcasting") and c.xs][:3]
    kinds = {_of(subject, case) for case in cases}
    if len(kinds) > 1:
        return "mixed" if "lazy" in kinds else "refused"
    return kinds.pop() if kinds else ""


def _of(subject: Any, case: Any) -> str:
    with Started() as started, warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            results = _levels(subject, case)
        except Exception:  # whatever it says
            return "refused"
    lazy = all(isinstance(r, da.Array) for r in results)
    return "lazy" if lazy and not started.ever else "NumPy"


def _levels(subject: Any, case: Any) -> list[Any]:
    xs = [Variable(da.from_array(x, chunks=[max(1, -(-n // 2)) for n in x.shape])) for x in case.xs]
    args, kwargs = case.fill(xs)
    ys = subject.call(*args, **kwargs)
    ys = list(ys) if isinstance(ys, (tuple, list)) else [ys]
    floats = [y for y in ys if isinstance(y, Variable) and y.dtype.kind in "fc"]
    found = list(ys)
    if floats:
        found += gradients(floats, xs)
        slopes = gradients(floats, xs, create_graph=True)
        found += gradients(sum((np.real(g) ** 2).sum() for g in slopes), xs)
    return [getattr(y, "_array", y) for y in found]


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    PAGE.write_text(text + MARK + "\n" + table(), encoding="utf-8")
