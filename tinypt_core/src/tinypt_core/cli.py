"""The command `tinypt`; it needs the extra: pip install "tinypt-core[cli]".

`target` is for plugins whose commands are given a function as MODULE:FUNCTION and --at.
"""

from __future__ import annotations

import sys
from typing import Any

main: Any
try:
    from tinypt_core._cli import target as target
    from tinypt_core._cli.commands import cli as main
except ModuleNotFoundError as error:
    if error.name is None or error.name.partition(".")[0] not in ("click", "rich"):
        raise
    _missing = error.name

    def main() -> None:
        """Say what to install."""
        print(
            f"The command tinypt needs {_missing}, which is not installed. "
            f'Write: pip install "tinypt-core[cli]"',
            file=sys.stderr,
        )
        raise SystemExit(2)


__all__ = ["main", "target"]

if __name__ == "__main__":
    main()
