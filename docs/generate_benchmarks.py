"""Write docs/benchmarks.md, and its plot, from the table in README.md.

python docs/generate_benchmarks.py
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEAD = """# Benchmarks

Written by `docs/generate_benchmarks.py` from the README.

![time of tinypt over time of the other, for each case](pictures/benchmarks.svg)
"""

#: what is told here and not in the README
TAIL = """
## What lies behind them

The elementwise expression is
two thirds `sin` and `cos`, which NumPy computes one number at a time, and without AVX-512 `tanh`
too; written by hand it takes 1.1 to 1.5 of PyTorch's time as well. With the vectorised ufuncs of
the package `mkl_umath` it takes 0.4 to 0.7. A chain of a million `sin` takes 1.2 to 1.6 times as
long per op as one of a thousand, most of the rest being Python's cyclic collector; its memory per
op is the same, 180 bytes.

Arrays of megabytes come and go with every pass, and glibc gives their memory back to the system in
between. `MALLOC_MMAP_THRESHOLD_=33554432 MALLOC_TRIM_THRESHOLD_=1073741824` in the environment
makes it keep them, which takes up to a quarter off the elementwise expression's time, by hand too.
"""


def section() -> str:
    """What the README says under "How fast"."""
    text = (ROOT / "README.md").read_text("utf-8").partition("## How fast\n")[2].split("\n## ")[0]
    return re.sub(r"\s+What lies behind.*", "", text, flags=re.S).rstrip() + "\n"


def page() -> str:
    """The whole page."""
    return HEAD + section() + TAIL


def table() -> tuple[list[str], list[tuple[str, list[float | None]]]]:
    """The others; and of each case its name and the ratio against each other, if there is one."""
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in _lines()]
    (_, *peers), _, *cases = rows
    return peers, [(name, [float(c) if c else None for c in cells]) for name, *cells in cases]


def _lines() -> list[str]:
    return re.findall(r"^\|.*\|$", section(), flags=re.M)


def draw(to_file: Path) -> None:
    """A dot for each ratio, on a logarithmic axis; left of 1 tinypt is faster."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    peers, cases = table()
    figure, axes = plt.subplots(figsize=(8, 0.42 * len(cases) + 1.3), layout="constrained")
    looks = ("o#1f5fa8", "s#b4530a", "D#2b7a3d", "^#555555")
    for i, (peer, (marker, *colour)) in enumerate(zip(peers, looks, strict=True)):
        dots = [(c[i], -y) for y, (_, c) in enumerate(cases) if c[i] is not None]
        axes.plot(*zip(*dots, strict=True), marker, color="".join(colour), label=peer)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set(xscale="log", xlabel="time of tinypt / time of the other; left of 1 tinypt is faster")
    axes.set_yticks([-y for y in range(len(cases))], [name for name, _ in cases])
    axes.grid(axis="x", which="both", alpha=0.25)
    figure.legend(loc="outside upper center", ncols=len(peers), frameon=False)
    with plt.rc_context({"svg.hashsalt": "tinypt", "svg.fonttype": "path"}):
        figure.savefig(to_file, metadata={"Date": None})


if __name__ == "__main__":
    (ROOT / "docs/benchmarks.md").write_text(page(), "utf-8")
    draw(ROOT / "docs/pictures/benchmarks.svg")
