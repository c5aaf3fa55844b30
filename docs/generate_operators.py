"""Write docs/operators.md, the table of operators, from the registry.

python docs/generate_operators.py
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from importlib.metadata import distribution
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from tinypt_core import registry
from tinypt_core.testing.promises.batched import what_loops_in

PACKAGES = ("tinypt-ops-basic", "tinypt-ops-trig", "tinypt-ops-fft")
HEAD = """# Operators

Written by `docs/generate_operators.py` from the registry. Each is `tinypt_core.ops.NAME`, and
`np.NAME(variable)` where NumPy has a function of that name; the alias is the same operator. The
classes are importable from the package, as `from {module} import {example}`.

Shapes broadcast and dtypes follow as in NumPy: float32 stays float32, Python numbers are weak.

The column "vmap" says whether an operator, and its rule to second order, runs on a whole batch at
once (see [Many at once](many-at-once.md)); the others run in a loop over its elements.
"""


def table() -> str:
    """The whole page."""
    parts = [HEAD.format(module="tinypt_ops_basic", example="Add")]
    for package in PACKAGES:
        parts.append(f"## {package}\n")
        rows = sorted(_rows(package), key=lambda row: (row[0] == "constants", row[0], row[1]))
        for module, family in groupby(rows, key=lambda row: row[0]):
            parts.append(f"### {module.replace('_', ' ')}\n")
            parts.append("| name | aliases | class | vmap | what |\n| --- | --- | --- | --- | --- |")
            parts += [f"| {' | '.join(row[1:])} |" for row in family]
            parts.append("")
    return "\n".join(parts)


def _rows(package: str) -> list[tuple[str, ...]]:
    """For each operator: its family, then the cells of its line."""
    names = defaultdict(list)
    for entry in distribution(package).entry_points:
        if entry.group == "tinypt.ops":
            names[entry.value].append(entry.name)
    rows = []
    for target, called in names.items():
        main, *aliases = sorted(called, key=_rank)
        op = registry.get(main)
        family = target.partition(":")[0].rpartition(".")[2]
        rows.append((family, _code(main), ", ".join(map(_code, aliases)),
                     _code(op.function.__name__), _vmap(op), _what(op)))  # fmt: skip
    return rows


def _rank(name: str) -> tuple[bool, int, str]:
    """NumPy's own name first, then the short ones."""
    found: Any = np
    for part in name.split("."):
        found = getattr(found, part, None)
    return getattr(found, "__name__", "") != name.rpartition(".")[2], len(name), name


def _code(name: str) -> str:
    return f"`{name}`"


def _vmap(op: Any) -> str:
    """How it runs on a batch, as the conformance kit's samples show."""
    return "in a loop" if what_loops_in(op) else "at once"


def _what(op: Any) -> str:
    """The first paragraph of its documentation, in one cell."""
    paragraph = (inspect.getdoc(op) or "").partition("\n\n")[0]
    return " ".join(paragraph.split()).replace("|", "\\|")


if __name__ == "__main__":
    Path(__file__).with_name("operators.md").write_text(table(), encoding="utf-8")
