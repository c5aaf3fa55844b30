"""What tinypt-viz adds to tinypt: a command and a way to draw. Imports nothing until called."""

from __future__ import annotations

from typing import Any

from tinypt_core import hookimpl


@hookimpl
def tinypt_add_commands(cli: Any) -> None:
    """`tinypt graph`."""
    from tinypt_viz.command import graph

    cli.add_command(graph)


@hookimpl
def tinypt_draw(output: Any, to_file: str | None, options: dict[str, Any]) -> Any:
    """The path of the picture, or DOT text without a file; declines an ending it cannot write.

    With the option format="mimebundle", what a notebook shows.
    """
    from tinypt_viz.dot import get_dot_graph
    from tinypt_viz.render import FORMATS, ending, plot_dot_graph

    if options.get("format") == "mimebundle":
        from tinypt_viz.notebook import mimebundle

        return mimebundle(output)
    if to_file is None:
        return get_dot_graph(output, **options)
    if ending(to_file) not in FORMATS:
        return None
    return plot_dot_graph(output, to_file=to_file, **options)
