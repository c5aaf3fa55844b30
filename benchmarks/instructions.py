"""Instructions of one op, forward and backward, counted by callgrind.

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
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("instructions.json")
TOLERANCE = 0.03
WORKLOAD = """
import sys, gc
import numpy as np
from tinypt_core import Variable
from tinypt_core.ops import multiply
gc.disable()
x, c = Variable(np.array(0.5)), Variable(np.array(0.999))
def run(n):
    y = x
    for _ in range(n):
        y = multiply(y, c)
    if sys.argv[2] == "backward":
        y.backward()
run(10)
run(int(sys.argv[1]))
"""


def count(n: int, what: str) -> int:
    """Instructions of a whole process that runs the workload with n ops."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out",
            sys.executable, "-c", WORKLOAD, str(n), what,
        ]  # fmt: skip
        env = {**os.environ, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None:
        raise RuntimeError(done.stderr)
    return int(found[1])


def per_op(n: int = 2000) -> dict[str, int]:
    """Instructions of one multiply on 0-d arrays: forward alone, and with its backward."""
    count(10, "backward")  # whatever is compiled or cached on a first run
    return {
        what: round((count(2 * n, what) - count(n, what)) / n) for what in ("forward", "backward")
    }


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
    print(f"{key()}: {now['forward']} forward, {now['backward']} forward and backward")
    return 0


if __name__ == "__main__":
    sys.exit(main())
