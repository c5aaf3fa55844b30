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


def section() -> str:
    """What the README says under "How fast"."""
    return (ROOT / "README.md").read_text("utf-8").partition("## How fast\n")[2].split("\n## ")[0]


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
    for peer, marker, colour in zip(peers, "osD^v", ("#1f5fa8", "#b4530a", "#2b7a3d", "#555555")):
        i = peers.index(peer)
        dots = [(c[i], -y) for y, (_, c) in enumerate(cases) if c[i] is not None]
        axes.plot(*zip(*dots, strict=True), marker, color=colour, label=peer)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set(xscale="log", xlabel="time of tinypt / time of the other; left of 1 tinypt is faster")
    axes.set_yticks([-y for y in range(len(cases))], [name for name, _ in cases])
    axes.grid(axis="x", which="both", alpha=0.25)
    figure.legend(loc="outside upper center", ncols=len(peers), frameon=False)
    with plt.rc_context({"svg.hashsalt": "tinypt", "svg.fonttype": "path"}):
        figure.savefig(to_file, metadata={"Date": None})


if __name__ == "__main__":
    (ROOT / "docs/benchmarks.md").write_text(HEAD + section().rstrip() + "\n", "utf-8")
    draw(ROOT / "docs/pictures/benchmarks.svg")
