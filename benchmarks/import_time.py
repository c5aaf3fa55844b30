"""What the registry costs with 200 plugins installed, beside the standard library's own scan;
and the first use of an operator of SciPy's, its import included.

Each figure is the least of several fresh interpreters, so that other work on the machine counts
as little as it can; compiled files are kept, as an installed package has them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PLUGINS = 200

_MODULE = """
from tinypt_core import Function
class Op(Function):
    def forward(self, x):
        return x + 1
    def backward(self, gy):
        return gy
"""

_RUN = """
import json, time
import numpy
clock = time.perf_counter
{}
print(json.dumps(times))
"""

_IMPORT = """
start = clock()
import tinypt_core
times = {"import": clock() - start}
"""

_OURS = """
from tinypt_core import Function, Variable, registry  # imported when they are asked for
start = clock()
registry.get("bench.op7")
first = clock()
registry.get("bench.op7")
times = {"first": first - start, "second": clock() - first}
"""

_ALL = """
start = clock()
from tinypt_core import Variable
from tinypt_core.ops import sin
sin(Variable(numpy.array(0.5))).backward()
times = {"all": clock() - start}
"""

_THEIRS = """
import tinypt_core
def look_up():
    return {e.name: e for e in entry_points(group="tinypt.ops")}["bench.op7"].load()
start = clock()
from MODULE import entry_points
look_up()
first = clock()
look_up()
times = {"first": first - start, "second": clock() - first}
"""

_ERF = """
from tinypt_core import Variable
x = Variable(numpy.ones(3))
start = clock()
from tinypt_ops_scipy.special import erf
erf(x)
times = {"first": clock() - start}
"""

_SCIPY = """
start = clock()
import scipy.special
times = {"first": clock() - start}
"""


def run(plugins: int = PLUGINS, times: int = 7) -> list[dict[str, Any]]:
    """Rows for `python -m benchmarks`: case, against, ours and theirs in seconds, their ratio;
    the limit that ours must keep, and the same as a ratio, target."""
    with tempfile.TemporaryDirectory() as folder:
        install(Path(folder), plugins)
        numpy = least("start = clock()\ntimes = {'import': start - began}", folder, times)
        ours = least(_IMPORT, folder, times) | least(_OURS, folder, times)
        whole = least(_ALL, folder, times)["all"]
        rows = [
            _row("import tinypt_core", "import numpy", ours["import"], numpy["import"], 5e-3),
            _row("from import to a gradient", "import numpy", whole, numpy["import"], None),
        ]
        for module in ("importlib.metadata", "importlib_metadata"):
            theirs = least(_THEIRS.replace("MODULE", module), folder, times)
            rows.append(_row("first look-up", module, ours["first"], theirs["first"], 40e-3))
            rows.append(_row("second look-up", module, ours["second"], theirs["second"], None))
        if find_spec("tinypt_ops_scipy"):
            erf, scipy = (least(code, folder, times)["first"] for code in (_ERF, _SCIPY))
            rows.append(_row("first erf", "import scipy.special", erf, scipy, 150e-3))
    return rows


def install(folder: Path, plugins: int) -> None:
    """As many distributions with one operator each, as pip leaves them."""
    for i in range(plugins):
        info = folder / f"bench_{i}-1.{i}.dist-info"
        info.mkdir()
        header = f"Metadata-Version: 2.1\nName: bench-{i}\nVersion: 1.{i}\n"
        (info / "METADATA").write_text(header + "Requires-Dist: tinypt-core<1\n\nA plugin.\n")
        (info / "entry_points.txt").write_text(f"[tinypt.ops]\nbench.op{i} = bench_{i}:Op\n")
        (folder / f"bench_{i}.py").write_text(_MODULE)


def least(code: str, folder: str, times: int) -> dict[str, float]:
    """The least of each figure over several fresh interpreters, after one to compile."""
    variables = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", f"import time\nbegan = time.perf_counter()\n{_RUN}"]
    command[2] = command[2].replace("{}", code)
    results = [
        json.loads(subprocess.check_output(command, env={**variables, "PYTHONPATH": folder}))
        for _ in range(times + 1)
    ]
    return {key: min(result[key] for result in results[1:]) for key in results[0]}


def _row(
    case: str, against: str, ours: float, theirs: float, limit: float | None
) -> dict[str, Any]:
    return {
        "case": f"{case}, {PLUGINS} plugins", "against": against, "ratio": ours / theirs,
        "target": limit and limit / theirs, "ours": ours, "theirs": theirs, "limit": limit,
        "unit": "s",
    }  # fmt: skip


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as text, in milliseconds."""
    lines = [f"{'case':<34} {'ours ms':>9} {'limit ms':>9} {'theirs ms':>10}  against"]
    for row in rows:
        limit = f"{row['limit'] * 1e3:.0f}" if row["limit"] else ""
        ours, theirs = (f"{row[who] * 1e3:.4f}" for who in ("ours", "theirs"))
        lines.append(f"{row['case']:<34} {ours:>9} {limit:>9} {theirs:>10}  {row['against']}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(run()))
