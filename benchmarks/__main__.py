"""One command, one table: `python -m benchmarks [--only WORD] [--json FILE] [--plot FILE]`."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks import compiled, import_time, many, scaling
from benchmarks.cases import CASES, HAND, TARGETS
from benchmarks.frameworks import installed
from benchmarks.measure import paired

Row = dict[str, Any]


def row(case: str, peer: str, ratio: float, ours: float, theirs: float, unit: str = "s") -> Row:
    return {
        "case": case, "against": peer, "ratio": ratio, "target": TARGETS.get((case, peer)),
        "ours": ours, "theirs": theirs, "unit": unit,
    }  # fmt: skip


def compare(frameworks: dict[str, Any], only: str) -> Iterator[Row]:
    for case, (f, arrays) in CASES.items():
        if only not in case:
            continue
        ours = frameworks["tinypt"].value_and_grad(f, *arrays)
        for name, framework in frameworks.items():
            if name != "tinypt" and not (name == "MyGrad" and case.startswith("MLP")):
                yield row(case, name, *paired(ours, framework.value_and_grad(f, *arrays)))
        if case in HAND:
            hand = partial(HAND[case], *arrays)
            yield row(case, "by hand", *paired(ours, hand))
            if "PyTorch" in frameworks:  # what NumPy itself takes
                theirs = frameworks["PyTorch"].value_and_grad(f, *arrays)
                yield row(f"{case}, by hand", "PyTorch", *paired(hand, theirs))


def vectorised(frameworks: dict[str, Any], only: str) -> Iterator[Row]:
    """The elementwise case once more, if mkl_umath is there, with its ufuncs in NumPy."""
    case = "elementwise, 1e6"
    if only in case and find_spec("mkl_umath"):
        os.environ.setdefault("MKL_NUM_THREADS", "1")  # read when it is first imported
        with import_module("mkl_umath").mkl_umath():
            for r in compare(frameworks, case):
                yield r | {"case": f"{r['case']}, mkl_umath", "target": None}


def grow(frameworks: dict[str, Any], only: str) -> Iterator[Row]:
    if "PyTorch" in frameworks and only in "8th derivative of tanh":
        torch = frameworks["PyTorch"].ops
        yield row("8th derivative of tanh", "PyTorch", *scaling.derivative(torch))
    if only in "MLP peak memory":
        ours, hand = scaling.mlp_memory(frameworks["tinypt"])
        yield row("MLP peak memory", "by hand", ours / hand, ours, hand, "B")
    if only in "per op":
        for figures in scaling.growth():
            yield row(*figures)
    if only in "graph memory per op":
        big, small = scaling.graph_memory()
        case = "graph memory per op"
        yield row(f"{case}, 1e6 sin", f"{case}, 1e3 sin", big / small, big, small, "B")
    if only in "import and first look-up":
        yield from import_time.run()


def programs(frameworks: dict[str, Any], only: str) -> Iterator[Row]:
    for case, peer, ratio, ours, theirs, target in compiled.rows(only):
        yield row(case, peer, ratio, ours, theirs) | {"target": target}
    for case, peer, ratio, ours, theirs, target in compiled.memory(only):
        yield row(case, peer, ratio, ours, theirs, "B") | {"target": target}


def batched(frameworks: dict[str, Any], only: str) -> Iterator[Row]:
    for case, peer, figures, target in many.rows(frameworks, only):
        yield row(case, peer, *figures) | {"target": target}


def amount(value: float, unit: str) -> str:
    if unit == "B":
        return f"{value / 1e6:.1f} MB" if value >= 1e6 else f"{value:.0f} B"
    scale, name = next((s, n) for s, n in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")) if value >= s)
    return f"{value / scale:.3g} {name}"


def line(r: Row) -> str:
    target = f"{r['target']:.2f}" if r["target"] else ""
    ours, theirs = (amount(r[key], r["unit"]) for key in ("ours", "theirs"))
    return f"| {r['case']} | {r['against']} | {r['ratio']:.2f} | {target} | {ours} | {theirs} |"


def plot(rows: list[Row], to_file: str) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(9, 0.35 * len(rows) + 1.2), layout="constrained")
    labels = [f"{r['case']} / {r['against']}" for r in rows]
    axes.barh(labels, [r["ratio"] for r in rows], color="tab:blue")
    for i, r in enumerate(rows):
        if r["target"]:
            axes.plot([r["target"]] * 2, [i - 0.4, i + 0.4], color="tab:red")
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set(xscale="log", xlabel="ratio, lower is better (red: the target)")
    axes.invert_yaxis()
    figure.savefig(to_file, dpi=120)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="cases whose name contains this")
    parser.add_argument("--json", help="write the figures there")
    parser.add_argument("--plot", help="draw them there")
    options = parser.parse_args()
    frameworks = installed()
    about = f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}"
    print(f"{about}; float64, one thread; medians of paired ratios\n")
    print("| case | against | ratio | target | time | other |\n|---|---|---|---|---|---|")
    rows = []
    for measure in (compare, vectorised, programs, batched, grow):
        for r in measure(frameworks, options.only):
            rows.append(r)
            print(line(r), flush=True)
    print(f"\norder of tanh: graph size: {[scaling.graph_size(n) for n in range(1, 10)]}")
    print(f"arrays alive in 200 additions: {scaling.additions_memory():.1f}")
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"about": about, "rows": rows}, file, indent=2)
    if options.plot:
        plot(rows, options.plot)


if __name__ == "__main__":
    main()
