"""One installed distribution: what its metadata folder says."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from tinypt_core._names import VERSION
from tinypt_core._registry.folders import Read
from tinypt_core._registry.requirements import required_range
from tinypt_core._registry.versions import Version, allows, normalize

OPS_GROUP, PLUGINS_GROUP = "tinypt.ops", "tinypt.plugins"
_LINE = re.compile(r"\s*([^=\s][^=]*?)\s*=\s*(\S.*?)\s*$")
_FOLDER = re.compile(r"(.+?)-(v?\d[^-]*)(?:-py\d.*)?")


class Distribution:
    """One installed distribution. What its METADATA says is read when somebody asks.

    name: normalised, "my-ops". label: the version in the folder's name. folder: where its
    metadata lies. ops, plugins: declared name ->
    target, as "sin" -> "my_ops:Sin". damage: what is wrong with entry_points.txt, line by line.
    """

    def __init__(self, read: Read, parent: str, base: str) -> None:
        self.read, self.parent = read, parent
        self.name, self.label = _label(parent, base)
        self.folder = os.path.join(parent, base)
        self.ops: dict[str, str] = {}
        self.plugins: dict[str, str] = {}
        self.damage: list[str] = []
        self._header: dict[str, list[str]] | None = None

    def read_entry_points(self) -> None:
        """Fill `ops` and `plugins`."""
        try:
            text = self.read("entry_points.txt") or ""
        except Exception as error:
            self.damage.append(f"entry_points.txt cannot be read: {error}")
            return
        if "tinypt" not in text:
            return
        groups = {OPS_GROUP: self.ops, PLUGINS_GROUP: self.plugins}
        group: dict[str, str] | None = None
        header = False
        for number, line in _unfolded(text):
            if line.startswith("["):
                header = True
                group = groups.get(line.strip("[] "))
                if line.startswith("[tinypt.") and (group is None or not line.endswith("]")):
                    self.damage.append(f"entry_points.txt line {number}: unknown group {line!r}")
            elif group is not None or not header:
                self._declare(group if group is not None else {}, line, number, header)

    def _declare(self, group: dict[str, str], line: str, number: int, header: bool) -> None:
        found = _LINE.match(line)
        if found is None or not header:
            wanted = "is not NAME = MODULE:CLASS" if header else "stands in no [group]"
            self.damage.append(f"entry_points.txt line {number}: {line!r:.60} {wanted}")
        elif group.setdefault(found[1], found[2]) != found[2]:
            self.damage.append(f"entry_points.txt line {number} declares {found[1]!r} again")

    @property
    def matters(self) -> bool:
        """Whether it has anything to do with tinypt."""
        return bool(self.ops or self.plugins or self.damage)

    @property
    def is_whole(self) -> bool:
        """Whether its metadata and its code belong together, as far as files can tell."""
        if self.damaged:
            return False
        if self.editable or not os.path.isdir(self.parent):
            return True
        files = (f for f in os.listdir(self.parent) if not f.endswith("-info"))
        beside = {file.partition(".")[0] for file in files}
        targets = (*self.ops.values(), *self.plugins.values())
        return all(re.split(r"[.:\s]", target)[0] in beside for target in targets)

    @property
    def header(self) -> dict[str, list[str]]:
        """METADATA's fields by their names in lower case; empty if it is damaged."""
        if self._header is None:
            self._header = self._read_header()
        return self._header

    def _read_header(self) -> dict[str, list[str]]:
        header: dict[str, list[str]] = {}
        try:
            text = self.read("METADATA") or self.read("PKG-INFO") or ""
        except Exception:  # not UTF-8, or not readable
            text = ""
        field = ""
        for line in text.splitlines():
            if not line.strip():  # the description follows
                break
            if line[0] in " \t" and field:  # goes on from the line before
                header[field][-1] += " " + line.strip()
            else:
                field, _, value = line.partition(":")
                field = field.strip().lower()
                header.setdefault(field, []).append(value.strip())
        return header

    @property
    def title(self) -> str:
        """The name as its author writes it."""
        return self.header.get("name", [self.name])[0]

    @property
    def version(self) -> str:
        """Its version, or "?"."""
        return self.header.get("version", [self.label])[0] or "?"

    @property
    def order(self) -> object:
        """What its versions are ordered by."""
        return Version(self.label).key

    @property
    def editable(self) -> str:
        """The folder where its author works on it, or ""."""
        import json
        from urllib.parse import unquote

        try:
            told = json.loads(self.read("direct_url.json") or "{}")
            if told.get("dir_info", {}).get("editable"):
                return unquote(str(told["url"]).removeprefix("file://"))
        except Exception:  # damaged: then it is nobody's
            return ""
        if not self.folder.endswith(".egg-info"):
            return ""
        return next(filter(_has_sources, (self.parent, os.path.dirname(self.parent))), "")

    @property
    def remedy(self) -> str:
        """How an author mends it, or a user gets rid of it."""
        if self.editable:
            return (
                f"Nothing else is affected. It is an editable install of {self.editable}: mend it "
                f"there, or set TINYPT_DISABLE={self.name}"
            )
        return (
            f"Nothing else is affected. Update it (pip install --upgrade {self.title}), remove it "
            f"(pip uninstall {self.title}), or set TINYPT_DISABLE={self.name}"
        )

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    @property
    def damaged(self) -> str:
        """What is wrong with METADATA, or ""."""
        if self.header.get("name", [""])[0] and self.header.get("version", [""])[0]:
            return ""
        return f"the metadata in {self.folder} is damaged: METADATA states no name and version"

    @property
    def incompatible(self) -> str:
        """Why this core is the wrong one for it, or ""."""
        wanted = required_range(self.header.get("requires-dist", []), "tinypt-core")
        if not wanted or allows(wanted, VERSION):
            return ""
        return (
            f"it needs tinypt-core{wanted}, and this is tinypt-core {VERSION}; install a "
            f"release made for this core: pip install --upgrade {self.title}, or the core it "
            f'needs: pip install "tinypt-core{wanted}"'
        )


def _has_sources(folder: str) -> bool:
    return any(os.path.exists(os.path.join(folder, f)) for f in ("pyproject.toml", "setup.py"))


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers: no comments; an indented line that declares nothing goes on."""
    number, line = 0, ""
    for i, raw in enumerate(text.splitlines(), 1):
        if not raw.strip() or raw.strip()[0] in "#;":
            continue
        if line and raw[0] in " \t" and "=" not in raw and "[" not in raw.strip()[:1]:
            line += " " + raw.strip()
            continue
        if line:
            yield number, line
        number, line = i, raw.strip()
    if line:
        yield number, line


def _label(parent: str, base: str) -> tuple[str, str]:
    """Name and version as the folder's name says them, which costs no reading."""
    label = os.path.basename(parent) if base == "EGG-INFO" else base
    stem = label.rpartition(".")[0] or label
    found = _FOLDER.fullmatch(stem)
    return (normalize(found[1]), found[2]) if found else (normalize(stem), "")
