"""Write docs/compiled-operators.md: what a compiled program makes of each operator.

python docs/generate_compiled.py
"""

from __future__ import annotations

import sys
import warnings
from itertools import groupby
from pathlib import Path

TARGET = Path(__file__).with_name("compiled-operators.md")
TESTS = Path(__file__).parents[1] / "plugins" / "tinypt_compile" / "tests"
HEAD = """# Operators in compiled programs

Written by `docs/generate_compiled.py`. What [a compiled program](compile.md) makes of each
operator, as value and gradient and as second derivative, at a sample of its own:

- *inline*: its NumPy calls stand in the program, and so do those of its rule;
- *opaque*: the named parts are one call each, since they leave NumPy (C code, SciPy's routines);
- *eagerly*: the function runs as it is, for the reason given;
- no word: it has no such derivative.

Operators without a gradient (comparisons, `argmax`) are not listed.
"""


def line(name: str, found: list[str]) -> str:
    """The row of an operator."""
    first, second = [*found, "", ""][:2]
    return f"| `{name}` | {first} | {second} |"


def table() -> str:
    """The whole page."""
    sys.path.insert(0, str(TESTS))
    from operator_calls import calls, kinds  # type: ignore[import-not-found, unused-ignore]

    rows = []
    for name, call in calls().items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows.append((call[0].provider.partition(" ")[0], line(name, kinds(*call))))
    parts = [HEAD]
    for package, lines in groupby(sorted(rows), key=lambda row: row[0]):
        parts.append(f"## {package}\n\n| name | value and gradient | second |\n| --- | --- | --- |")
        parts += [text for _, text in lines]
        parts.append("")
    return "\n".join(parts)


if __name__ == "__main__":
    TARGET.write_text(table(), encoding="utf-8")
