"""What tinypt-compile adds to tinypt: the command `tinypt source`. Imports nothing until called."""

from __future__ import annotations

from typing import Any

from tinypt_core import hookimpl


@hookimpl
def tinypt_add_commands(cli: Any) -> None:
    """`tinypt source`."""
    from tinypt_compile.command import source

    cli.add_command(source)
