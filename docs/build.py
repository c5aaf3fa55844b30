"""Build the site into site/, strictly: a link that leads nowhere is an error.

python docs/build.py            then open site/index.html
python docs/build.py --serve    build again as pages change, and show them on this machine

It needs what `requirements-docs.txt` lists.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main(*options: str) -> int:
    """Run Zensical; its exit code."""
    command = ["serve"] if "--serve" in options else ["build", "--strict", "--clean"]
    return subprocess.run([sys.executable, "-m", "zensical", *command], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
