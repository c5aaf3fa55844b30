"""Writing a file so that nobody ever sees half of it."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

_Base: Any = type(Path())


class Picture(_Base):  # type: ignore[misc]
    """The path of a picture; a notebook that shows it shows the picture.

    >>> Picture("graph.svg") == Path("graph.svg")
    True
    """

    def _repr_svg_(self) -> str | None:
        return str(self.read_text(encoding="utf-8")) if self.suffix.lower() == ".svg" else None

    def _repr_png_(self) -> bytes | None:
        return bytes(self.read_bytes()) if self.suffix.lower() == ".png" else None

    def _repr_jpeg_(self) -> bytes | None:
        found = self.suffix.lower() in (".jpg", ".jpeg")
        return bytes(self.read_bytes()) if found else None


def checked(to_file: str | os.PathLike[str]) -> Path:
    """The path of a file that can be asked for.

    Raises ValueError for a name with a null character, FileNotFoundError if the folder does not
    exist, IsADirectoryError if a folder has that name.
    """
    path = Path(to_file)
    if "\0" in str(path):
        raise ValueError(f"{str(path)!r} is no file name: it holds a null character")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"cannot write {str(path)!r}: there is no folder {path.parent}")
    if path.is_dir():
        raise IsADirectoryError(f"cannot write {str(path)!r}: it is a folder")
    return path


def write(to_file: str | os.PathLike[str], data: bytes) -> None:
    """Put `data` into a file, at once or not at all.

    It is written beside the target and moved there; on failure the target stays as it was.

    Raises FileNotFoundError if the folder does not exist, IsADirectoryError if the target is a
    folder, and another OSError if it cannot be written.
    """
    target = os.path.realpath(os.fspath(to_file))
    folder = os.path.dirname(target)
    if not os.path.isdir(folder):
        raise FileNotFoundError(f"cannot write {str(to_file)!r}: there is no folder {folder}")
    if os.path.isdir(target):
        raise IsADirectoryError(f"cannot write {str(to_file)!r}: it is a folder")
    part = os.path.join(folder, f".tinypt-{secrets.token_hex(8)}.part")
    try:
        with open(part, "xb") as file:
            file.write(data)
        os.replace(part, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(part)
        raise
