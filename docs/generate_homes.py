"""Write the table of which first-party package provides which operators, from their pyproject.toml.

python docs/generate_homes.py      (Python 3.11 or later)
"""

from __future__ import annotations

import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "tinypt_core/src/tinypt_core/_registry/known.py"
HEAD = '''"""Which first-party package provides which names; written by docs/generate_homes.py."""

NAMES = {
'''


def table() -> str:
    """The whole module."""
    import tomllib

    found = {}
    for folder in ("", "plugins", "examples"):
        for path in sorted((ROOT / folder).glob("tinypt_*/pyproject.toml")):
            project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
            found[project["name"]] = project.get("entry-points", {}).get("tinypt.ops", {})
    return HEAD + "".join(_entry(package, names) for package, names in found.items()) + "}\n"


def _entry(package: str, names: dict[str, str]) -> str:
    lines = textwrap.wrap(" ".join(sorted(names)), 91, break_on_hyphens=False)
    text = textwrap.indent("\n".join(lines), " " * 8)
    return f'    "{package}": """\n{text}\n    """,\n' if names else ""


if __name__ == "__main__":
    TARGET.write_text(table(), encoding="utf-8", newline="\n")
