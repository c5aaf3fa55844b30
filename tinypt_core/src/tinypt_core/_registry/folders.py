"""Where the metadata of installed distributions lies, whatever sys.path and its finders hold."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

Read = Callable[[str], "str | None"]  # a file of a metadata folder -> its text
Folder = tuple[str, str, Read]


def metadata_folders(problems: list[str]) -> Iterator[Folder]:
    """Where metadata lies: parent, name, and how to read a file of it.

    Plain folders are listed here, in a tenth of the time; importlib_metadata, whose import alone
    takes longer, knows zip files. Other import hooks are asked one by one, so that one that fails
    takes nothing else away.
    """
    listed = False
    for finder in [*sys.meta_path]:
        if _is_pythons(finder):
            if not listed:
                yield from _on_path(problems)
            listed = True
        else:
            yield from _of_finder(finder, problems)
    if not listed:
        yield from _on_path(problems)


def _on_path(problems: list[str]) -> Iterator[Folder]:
    for entry in [*sys.path]:
        if not isinstance(entry, str):  # Python imports nothing from there either
            continue
        try:
            children = sorted(os.listdir(entry or "."))
        except NotADirectoryError:
            yield from _in_archive(entry, problems)
        except (OSError, ValueError):  # not there, not readable, not a path
            continue
        else:
            for base in children:
                if base.endswith((".dist-info", ".egg-info")) or base == "EGG-INFO":
                    yield entry, base, partial(_read, os.path.join(entry, base))


def _read(folder: str, file: str) -> str | None:
    try:
        with open(f"{folder}{os.sep}{file}", "rb", buffering=0) as stream:
            return stream.read().removeprefix(codecs.BOM_UTF8).decode()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _is_pythons(finder: Any) -> bool:
    kind = finder if issubclass(type(finder), type) else type(finder)
    return str(kind.__module__).endswith(("_frozen_importlib_external", "importlib_metadata"))


class _Context:
    """What a finder is asked for: every distribution."""

    name = None

    @property
    def path(self) -> list[str]:
        return sys.path


def _of_finder(finder: Any, problems: list[str]) -> Iterator[Folder]:
    """What somebody else's import hook provides."""
    try:
        find = getattr(finder, "find_distributions", None)
        if find is None:
            return
        yield from map(_place, find(_Context()))
    except Exception as error:
        problems.append(f"the finder of distributions {type(finder).__name__} failed: {error!r}")


def _in_archive(entry: str, problems: list[str]) -> Iterator[Folder]:
    try:
        from importlib_metadata import distributions

        yield from map(_place, distributions(path=[entry]))
    except Exception as error:  # a damaged one
        problems.append(f"{entry} on sys.path cannot be read: {error!r}")


def _place(found: Any) -> Folder:
    path = str(getattr(found, "_path", None) or f"{found.name}-{found.version}.dist-info")
    parent, _, base = path.replace("\\", "/").rstrip("/").rpartition("/")
    return parent, base, found.read_text
