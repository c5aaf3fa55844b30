"""Release every distribution, in dependency order.

python scripts/release.py set 0.2.0     write the version, and the ranges that follow from it
python scripts/release.py build         sdists and wheels into dist/, and twine's strict check
python scripts/release.py upload        what build made, one distribution after the other

The version stands in one place, `tinypt_core/src/tinypt_core/_names.py`; `set` writes it there and
copies it to the others, and a test says if one was forgotten. Arguments after `upload` go to twine.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "tinypt_core/src/tinypt_core/_names.py"
LINE = re.compile(r'^VERSION = "(.*)"$', re.M)


def version() -> str:
    """The version of all distributions."""
    found = LINE.search(SOURCE.read_text(encoding="utf-8"))
    assert found, f"{SOURCE} has no line VERSION = ..."
    return found[1]


def projects() -> dict[str, Path]:
    """The folder of each distribution, by its name."""
    folders = [*ROOT.glob("tinypt_*"), *(ROOT / "plugins").glob("*")]
    found = [folder for folder in folders if (folder / "pyproject.toml").exists()]
    return {project(folder)["name"]: folder for folder in sorted(found)}


def project(folder: Path) -> dict[str, Any]:
    """The table [project] of a distribution."""
    with (folder / "pyproject.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)["project"]
    return table


def order() -> list[str]:
    """Names of the distributions, each after all that it needs."""
    known = projects()
    needs = {name: requirements(folder) & known.keys() for name, folder in known.items()}
    return list(TopologicalSorter({name: sorted(needs[name]) for name in known}).static_order())


def requirements(folder: Path) -> set[str]:
    """Names of what a distribution depends on."""
    return {re.split(r"[\s\[<>=!~;]", line)[0] for line in project(folder)["dependencies"]}


def set_version(new: str) -> None:
    """Write a version everywhere; the ranges become those of its minor version."""
    major, minor = map(int, new.split(".")[:2])
    span = rf"\g<1>>={major}.{minor},<{major}.{minor + 1}"
    edit(SOURCE, r'^VERSION = ".*"$', f'VERSION = "{new}"')
    edit(ROOT / "CITATION.cff", r"^version: .*$", f"version: {new}")
    for folder in projects().values():
        edit(folder / "pyproject.toml", r'^version = ".*"$', f'version = "{new}"')
        edit(folder / "pyproject.toml", r'("tinypt-[a-z-]+)>=[\d.]+,<[\d.]+', span)
        for module in folder.glob("src/*/__init__.py"):
            edit(module, r'^__version__ = ".*"$', f'__version__ = "{new}"')


def edit(path: Path, pattern: str, new: str) -> None:
    """Replace what matches in a file."""
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(pattern, new, text, flags=re.M), encoding="utf-8")


def build(out: Path = ROOT / "dist") -> None:
    """Make an sdist, and from it a wheel, of each distribution; hold all to twine's check."""
    shutil.rmtree(out, ignore_errors=True)
    for name in order():
        run("build", "--no-isolation", "--outdir", str(out), str(projects()[name]))
    run("twine", "check", "--strict", *map(str, sorted(out.iterdir())))


def upload(*options: str, out: Path = ROOT / "dist") -> None:
    """Upload what `build` made, so that nothing is there before what it needs."""
    for name in order():
        files = sorted(out.glob(f"{name.replace('-', '_')}-{version()}*"))
        run("twine", "upload", *options, *map(str, files))


def run(module: str, *arguments: str) -> None:
    """Run a module of this Python; a failure ends the release."""
    subprocess.run([sys.executable, "-m", module, *arguments], check=True)


def main(command: str = "", *arguments: str) -> None:
    """Do what the command line says."""
    commands: dict[str, Any] = {"set": set_version, "build": build, "upload": upload}
    if command not in commands:
        raise SystemExit(__doc__)
    commands[command](*map(Path, arguments) if command == "build" else arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
