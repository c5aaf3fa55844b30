"""Instructions of one op, forward and with its backward, counted by callgrind.

The figure does not depend on how busy the machine is: `python -m benchmarks.instructions` prints
it, `--check` compares it with the one on file (within 3 %), `--write` files it. A file entry holds
for one Python, NumPy and kind of processor; elsewhere there is nothing to compare with.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("instructions.json")
TOLERANCE = 0.03
WORKLOAD = """
import sys, gc
import numpy as np
from tinypt_core import Variable
from tinypt_core.ops import multiply, sin
gc.disable()
n, what, kind = int(sys.argv[1]), sys.argv[2], sys.argv[3]
x, c = np.array(0.5), Variable(np.array(0.999))
x = Variable(np.array([0.1, 0.2, 0.3]) if kind == "three elements" else x)
step = sin if kind == "one input" else lambda y: multiply(y, c)
def run(n):
    y = x
    for _ in range(n):
        y = step(y)
    if what == "backward":
        y.backward() if y.ndim == 0 else y.sum().backward()
run(10)
run(n)
"""
#: multiply on 0-d arrays; on arrays of three elements; sin, an operator with one input, on 0-d
KINDS = ("scalar", "three elements", "one input")


def count(n: int, what: str, kind: str) -> int:
    """Instructions of a whole process that runs the workload with n ops."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out",
            sys.executable, "-c", WORKLOAD, str(n), what, kind,
        ]  # fmt: skip
        env = {**os.environ, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None:
        raise RuntimeError(done.stderr)
    return int(found[1])


def per_op(n: int = 500) -> dict[str, int]:
    """Instructions of one op of each kind: forward alone, and with its backward."""
    count(10, "backward", "scalar")  # whatever is compiled or cached on a first run
    cases = [(kind, what) for kind in KINDS for what in ("forward", "backward")]
    runs = [(times * n, what, kind) for kind, what in cases for times in (1, 2)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # nobody is timed
        counts = list(pool.map(lambda run: count(*run), runs))
    steps = zip(cases, counts[::2], counts[1::2], strict=True)
    return {f"{kind}, {what}": round((long - short) / n) for (kind, what), short, long in steps}


def key() -> str:
    python = ".".join(platform.python_version_tuple()[:2])
    return f"python {python}, numpy {np.__version__}, {platform.machine()}"


def check(now: dict[str, int], filed: dict[str, int]) -> bool:
    ok = True
    for what, n in now.items():
        ratio = n / filed[what]
        print(f"{what}: {n} instructions, {ratio - 1:+.1%} against the {filed[what]} on file")
        ok = ok and ratio <= 1 + TOLERANCE
    return ok


def main() -> int:
    if shutil.which("valgrind") is None:
        print("instructions: valgrind is not installed; nothing counted")
        return 0
    filed = json.loads(FILE.read_text()) if FILE.exists() else {}
    now = per_op()
    if "--write" in sys.argv:
        FILE.write_text(json.dumps({**filed, key(): now}, indent=2, sort_keys=True) + "\n")
    elif "--check" in sys.argv and key() in filed:
        return 0 if check(now, filed[key()]) else 1
    for what, n in now.items():
        print(f"{key()}: {what}: {n}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
