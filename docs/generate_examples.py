"""Draw what the programs in examples/ draw, for docs/gallery.md, into docs/pictures/examples/.

python docs/generate_examples.py
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/gallery.md"
FOLDER = ROOT / "docs/pictures/examples"


def pictures() -> dict[str, str]:
    """The picture of each program that the page shows."""
    found = re.findall(r"!\[what (\w+) draws\]\(pictures/examples/(.+?)\)", PAGE.read_text())
    return dict(found)


def main() -> None:
    """Run each program and take its picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures().items():
        with TemporaryDirectory() as output:
            program = ROOT / "examples" / f"{name}.py"
            subprocess.run([sys.executable, program, "--output", output], check=True)
            shutil.copy(Path(output) / picture, FOLDER / picture)


if __name__ == "__main__":
    main()
