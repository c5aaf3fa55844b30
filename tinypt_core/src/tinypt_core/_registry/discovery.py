"""Which installed distributions declare operators or plugins. Reads files, imports no plugin."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from tinypt_core._names import VERSION
from tinypt_core._registry.versions import allows, normalize, release, required_range

OPS_GROUP, PLUGINS_GROUP = "tinypt.ops", "tinypt.plugins"
Read = Callable[[str], "str | None"]  # a file of a metadata folder -> its text
_LINE = re.compile(r"\s*([^=\s][^=]*?)\s*=\s*(\S.*?)\s*$")


class Distribution:
    """One installed distribution. What its METADATA says is read when somebody asks.

    name: normalised, "my-ops". folder: where its metadata lies. ops, plugins: declared name ->
    target, as "sin" -> "my_ops:Sin". damage: what is wrong with entry_points.txt, line by line.
    """

    def __init__(self, read: Read, parent: str, base: str) -> None:
        self.read, self.parent = read, parent
        self.name, self._version = _label(parent, base)
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
        for number, raw in enumerate(text.splitlines(), 1):
            line = raw.strip()
            if line.startswith("["):
                header = True
                group = groups.get(line.strip("[] "))
                if line.startswith("[tinypt.") and (group is None or not line.endswith("]")):
                    self.damage.append(f"entry_points.txt line {number}: unknown group {line!r}")
            elif line and line[0] not in "#;" and (group is not None or not header):
                self._declare(group if group is not None else {}, line, number, header)

    def _declare(self, group: dict[str, str], line: str, number: int, header: bool) -> None:
        found = _LINE.match(line)
        if found is None or not header:
            wanted = "is not NAME = MODULE:CLASS" if header else "stands in no [group]"
            self.damage.append(f"entry_points.txt line {number}: {line!r:.60} {wanted}")
        elif group.setdefault(found[1], found[2]) != found[2]:
            self.damage.append(f"entry_points.txt line {number} declares {found[1]!r} again")

    @property
    def header(self) -> dict[str, list[str]]:
        """METADATA's fields; empty if it is damaged."""
        if self._header is None:
            header: dict[str, list[str]] = {}
            try:
                text = self.read("METADATA") or self.read("PKG-INFO") or ""
            except Exception:  # not UTF-8, or not readable
                text = ""
            for line in text.partition("\n\n")[0].splitlines():
                field, _, value = line.partition(":")
                header.setdefault(field, []).append(value.strip())
            self._header = header  # whole: another thread may be reading it
        return self._header

    @property
    def title(self) -> str:
        """The name as its author writes it."""
        return self.header.get("Name", [self.name])[0]

    @property
    def version(self) -> str:
        """Its version, or "?"."""
        return self.header.get("Version", [self._version])[0] or "?"

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    @property
    def damaged(self) -> str:
        """What is wrong with METADATA, or ""."""
        if self.header.get("Name", [""])[0] and self.header.get("Version", [""])[0]:
            return ""
        return f"the metadata in {self.folder} is damaged: METADATA states no name and version"

    @property
    def incompatible(self) -> str:
        """Why this core is the wrong one for it, or ""."""
        wanted = required_range(self.header.get("Requires-Dist", []), "tinypt-core")
        if not wanted or allows(wanted, VERSION):
            return ""
        return (
            f"it needs tinypt-core{wanted}, and this is tinypt-core {VERSION}; install a "
            f"release made for this core: pip install --upgrade {self.title}, or the core it "
            f'needs: pip install "tinypt-core{wanted}"'
        )


class Found:
    """The result of one scan: distributions that matter to tinypt, in the order of sys.path.

    leftovers: metadata folders shadowed by a newer version in the same place.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.leftovers: list[Distribution] = []
        winners: dict[str, Distribution] = {}
        for distribution in self._all():
            first = winners.setdefault(distribution.name, distribution)
            if first is not distribution and first.parent == distribution.parent:
                newer, older = sorted((distribution, first), key=_age, reverse=True)
                winners[distribution.name] = newer
                self.leftovers.append(older)
        for distribution in (*winners.values(), *self.leftovers):
            distribution.read_entry_points()
        self.distributions = [d for d in winners.values() if _matters(d)]
        self.leftovers = [d for d in self.leftovers if _matters(d)]

    def _all(self) -> Iterator[Distribution]:
        """Every installed distribution, each metadata folder once, in the order of sys.path."""
        seen: set[tuple[str, str]] = set()
        real: dict[str, str] = {}
        for parent, base, read in _metadata_folders(self.problems):
            if parent not in real:
                real[parent] = os.path.realpath(parent)
            if (real[parent], base) not in seen:
                seen.add((real[parent], base))
                yield Distribution(read, real[parent], base)


def _metadata_folders(problems: list[str]) -> Iterator[tuple[str, str, Read]]:
    """Where metadata lies: parent, name, and how to read a file of it.

    Plain folders are listed here, in a tenth of the time; importlib_metadata, whose import alone
    takes longer, knows zip files, and what import hooks provide.
    """
    if any(map(_provides_distributions, sys.meta_path)):
        yield from _by_importlib_metadata(problems)
        return
    for entry in sys.path:
        try:
            children = sorted(os.listdir(entry or "."))
        except NotADirectoryError:
            yield from _by_importlib_metadata(problems, path=[entry])
        except (OSError, TypeError):  # not there, not readable, not a path
            continue
        else:
            for base in children:
                if base.endswith((".dist-info", ".egg-info")) or base == "EGG-INFO":
                    yield entry, base, partial(_read, os.path.join(entry, base))


def _provides_distributions(finder: Any) -> bool:
    kind = finder if isinstance(finder, type) else type(finder)
    ordinary = kind.__module__.endswith(("_frozen_importlib_external", "importlib_metadata"))
    return hasattr(finder, "find_distributions") and not ordinary


def _by_importlib_metadata(problems: list[str], **where: Any) -> Iterator[tuple[str, str, Read]]:
    from importlib_metadata import distributions

    try:
        for found in distributions(**where):
            path = str(getattr(found, "_path", None) or f"{found.name}-{found.version}")
            parent, _, base = path.replace("\\", "/").rstrip("/").rpartition("/")
            yield parent, base, found.read_text
    except Exception as error:  # somebody else's import hook
        problems.append(f"a finder of distributions failed: {error!r}")


def _read(folder: str, file: str) -> str | None:
    try:
        with open(os.path.join(folder, file), "rb") as stream:
            return stream.read().decode()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _label(parent: str, base: str) -> tuple[str, str]:
    """Name and version as the folder's name says them, which costs no reading."""
    label = os.path.basename(parent) if base == "EGG-INFO" else base
    name, _, version = os.path.splitext(label)[0].partition("-")
    return normalize(name), version.partition("-")[0]


def _matters(distribution: Distribution) -> bool:
    return bool(distribution.ops or distribution.plugins or distribution.damage)


def _age(distribution: Distribution) -> tuple[tuple[int, ...], str]:
    return release(distribution._version), distribution.folder
