"""What tinypt-compile adds to tinypt: the command `tinypt source`, and a faster plan for backward
passes on large arrays. Imports nothing until called."""

from __future__ import annotations

from typing import Any

from tinypt_core import hookimpl


@hookimpl
def tinypt_add_commands(cli: Any) -> None:
    """`tinypt source`."""
    from tinypt_compile.command import source

    cli.add_command(source)


@hookimpl
def tinypt_plan(nodes: Any, wanted: Any) -> Any:
    """Stretches of elementwise rules as one program each, in blocks."""
    from tinypt_compile._plan import planned

    return planned(nodes, wanted)
