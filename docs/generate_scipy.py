"""Write docs/scipy.md, the table of tinypt-ops-scipy, from its docstrings.

python docs/generate_scipy.py
"""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Any

from tinypt_core.testing.promises.batched import what_loops_in

SUBPACKAGES = """special linalg optimize integrate stats sparse sparse.linalg interpolate signal
    ndimage fft spatial.distance""".split()  # noqa: SIM905
HEAD = """# SciPy

Written by `docs/generate_scipy.py` from the docstrings of `tinypt-ops-scipy`. Where SciPy has
`scipy.linalg.expm`, import `tinypt_ops_scipy.linalg.expm`; of `scipy.special`, SciPy's own ufuncs
take Variables too.

Order: how many derivatives are compared with differences in the tests. The rules themselves are
made of differentiable functions, and hold to any order. An operator (3) is in the registry too, as
`tinypt_core.ops.scipy.linalg.expm`; a function (2) is composed of operators.

The column "vmap" says whether an operator, and its rule to second order, runs on a whole batch at
once (see [Many at once](many-at-once.md)), or in a loop over its elements.
"""


def table() -> str:
    """The whole page."""
    parts = [HEAD]
    for name in SUBPACKAGES:
        module = import_module(f"tinypt_ops_scipy.{name}")
        parts.append(f"## scipy.{name}\n")
        parts.append("| name | what | order | vmap | source |\n| --- | --- | --- | --- | --- |")
        parts += [_row(public, getattr(module, public)) for public in _names(module)]
        parts.append("")
    return "\n".join(parts)


def _names(module: Any) -> list[str]:
    if hasattr(module, "__getattr__"):
        return [name for name in dir(module) if not name.startswith("_")]
    own = vars(module).items()
    return [n for n, f in own if inspect.isfunction(f) and f.__module__ == module.__name__
            and not n.startswith("_")]  # fmt: skip


def _row(name: str, value: Any) -> str:
    """Name, first paragraph, order and sources of a function."""
    text = " ".join((inspect.getdoc(value) or "").partition("\n\n")[0].split())
    whole = " ".join((inspect.getdoc(value) or "").split())
    found = re.findall(r"Source: (.*?(?:\d|\))[.,]?)(?= [A-Z`>]|$)", whole)
    source = "; ".join(s.rstrip(".,") for s in found)
    text = re.sub(r" Source: .*", "", text)
    order = "-" if "Refused" in text else 3 if hasattr(value, "function") else 2
    return (
        f"| `{name}` | {text.replace('|', chr(92) + '|')} | {order} | {_vmap(value)} | {source} |"
    )


def _vmap(value: Any) -> str:
    """How an operator runs on a batch, as the conformance kit's samples show."""
    function = getattr(value, "function", None)
    if not (isinstance(function, type) or hasattr(function, "samples")):
        return ""
    return "in a loop" if what_loops_in(value) else "at once"


if __name__ == "__main__":
    Path(__file__).with_name("scipy.md").write_text(table(), encoding="utf-8")
