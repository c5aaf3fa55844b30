"""Which installed distributions declare operators or plugins. Reads files, imports no plugin."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from tinypt_core._versions import allows, normalize, release, required_range

OPS_GROUP, PLUGINS_GROUP = "tinypt.ops", "tinypt.plugins"
_LINE = re.compile(r"\s*([^=\s][^=]*?)\s*=\s*(\S.*?)\s*$")


class Distribution:
    """One installed distribution. What its METADATA says is read when somebody asks.

    name: normalised, "my-ops". folder: where its metadata lies. ops, plugins: declared name ->
    target, as "sin" -> "my_ops:Sin". damage: what is wrong with entry_points.txt, line by line.
    """

    def __init__(self, found: Any, name: str, version: str, parent: str, base: str) -> None:
        self.found, self.name, self.parent = found, name, parent
        self.folder = os.path.join(parent, base)
        self.ops: dict[str, str] = {}
        self.plugins: dict[str, str] = {}
        self.damage: list[str] = []
        self._version = version
        self._header: dict[str, list[str]] | None = None

    def read_entry_points(self) -> None:
        """Fill `ops` and `plugins`."""
        try:
            text = self.found.read_text("entry_points.txt") or ""
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
                text = self.found.read_text("METADATA") or self.found.read_text("PKG-INFO") or ""
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
        from tinypt_core import __version__

        wanted = required_range(self.header.get("Requires-Dist", []), "tinypt-core")
        if not wanted or allows(wanted, __version__):
            return ""
        return (
            f"it needs tinypt-core{wanted}, and this is tinypt-core {__version__}; install a "
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
        """Every installed distribution, each metadata folder once."""
        from importlib_metadata import distributions

        seen: set[tuple[str, str]] = set()
        real: dict[str, str] = {}
        found = iter(distributions())
        while True:
            try:
                item = next(found)
                name, version, parent, base = _place(item)
            except StopIteration:
                return
            except Exception as error:  # an import hook of somebody else's
                self.problems.append(f"a finder of distributions failed: {error!r}")
                continue
            if parent not in real:
                real[parent] = os.path.realpath(parent)
            if (real[parent], base) not in seen:
                seen.add((real[parent], base))
                yield Distribution(item, name, version, real[parent], base)


def _place(found: Any) -> tuple[str, str, str, str]:
    """Name and version as the folder's name says them, which costs no reading; where it lies."""
    path = getattr(found, "_path", None)
    if path is None:
        return normalize(found.name), found.version, "", repr(found)
    parent, _, base = str(path).rstrip("/\\").replace("\\", "/").rpartition("/")
    label = os.path.basename(parent) if base.upper() == "EGG-INFO" else base
    name, _, version = os.path.splitext(label)[0].partition("-")
    return normalize(name), version.partition("-")[0], parent, base


def _matters(distribution: Distribution) -> bool:
    return bool(distribution.ops or distribution.plugins or distribution.damage)


def _age(distribution: Distribution) -> tuple[tuple[int, ...], str]:
    return release(distribution._version), distribution.folder
