"""Writing a file so that nobody ever sees half of it."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress


def write(to_file: str | os.PathLike[str], data: bytes) -> None:
    """Put `data` into a file, at once or not at all.

    It is written beside the target and moved there; on failure the target stays as it was.

    Raises OSError if the folder does not exist or cannot be written to.
    """
    target = os.path.realpath(os.fspath(to_file))
    part = os.path.join(os.path.dirname(target), f".tinypt-{secrets.token_hex(8)}.part")
    try:
        with open(part, "xb") as file:
            file.write(data)
        os.replace(part, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(part)
        raise
