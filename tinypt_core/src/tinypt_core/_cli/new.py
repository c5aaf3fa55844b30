"""`tinypt new`: a complete distribution with one operator, from the files under templates/."""

from __future__ import annotations

import keyword
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from tinypt_core._names import VERSION
from tinypt_core._registry.versions import normalize

LICENSES = ("MIT", "BSD-3-Clause", "Apache-2.0", "none")
_DISTRIBUTION = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", re.ASCII)
#: import names that the new package, its tests or its build would import in place of the real one
_TAKEN = {
    "click", "hatchling", "importlib_metadata", "numpy", "pip", "pluggy", "pytest", "rich", "src",
    "tests", "tinypt_core", "tinypt_ops_basic", "tinypt_ops_trig", "tinypt_viz",
}  # fmt: skip


def package_name(name: str) -> str:
    """The import name for a distribution's name: "My-Ops" -> "my_ops".

    Raises ValueError if no package can be called that.

    >>> package_name("My-Ops")
    'my_ops'
    """
    if not _DISTRIBUTION.fullmatch(name):
        raise ValueError(
            f"{name!r} cannot name a distribution: use ASCII letters and digits, with - _ . "
            f"between them, as in my-ops"
        )
    package = normalize(name).replace("-", "_")
    if not package.isidentifier():
        raise ValueError(f"{name!r} gives the package {package!r}, which starts with a digit")
    if keyword.iskeyword(package):
        raise ValueError(f"{name!r} gives the package {package!r}, which is a word of Python's")
    if package in sys.stdlib_module_names:
        raise ValueError(f"{name!r} would hide the module {package!r} of the standard library")
    if package in _TAKEN:
        raise ValueError(f"{name!r} would hide the package {package!r}, which it needs itself")
    return package


def write_project(name: str, parent: Path, license: str = "MIT") -> list[Path]:
    """Write the distribution `name` into the new folder parent/name; return its files, sorted.

    license: one of LICENSES. If anything fails, the folder is removed again.

    Raises ValueError for a name that cannot be a package's, FileExistsError if the folder (or
    anything of that name) exists.
    """
    texts = dict(_rendered(name, package_name(name), license))
    folder = parent / name
    folder.mkdir()  # atomic: refuses whatever exists
    try:
        for path, text in sorted(texts.items()):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return [folder / path for path in sorted(texts)]


def _rendered(name: str, package: str, license: str) -> Iterator[tuple[str, str]]:
    templates = files("tinypt_core") / "templates"
    words = {
        "name": name,
        "package": package,
        "core": _compatible(VERSION),
        "year": str(date.today().year),
        "license": f'license = "{license}"\nlicense-files = ["LICENSE"]\n',
    }
    if license == "none":
        words["license"] = ""
    else:
        text = (templates / "licenses" / f"{license}.txt").read_text(encoding="utf-8")
        yield "LICENSE", _fill(text, words)
    for path, text in _walk(templates / "project", ""):
        yield _fill(path, words).removesuffix(".txt"), _fill(text, words)


def _compatible(version: str) -> str:
    """The releases that promise not to break a plugin: "0.1.3" -> ">=0.1,<0.2"."""
    major, minor = map(int, version.split(".")[:2])
    return f">={major}.{minor},<" + (str(major + 1) if major else f"0.{minor + 1}")


def _walk(folder: Any, prefix: str) -> Iterator[tuple[str, str]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _walk(item, f"{prefix}{item.name}/")
        else:
            yield prefix + item.name, item.read_text(encoding="utf-8")


def _fill(text: str, words: dict[str, str]) -> str:
    return re.sub(r"@(\w+)@", lambda found: words[found[1]], text)
