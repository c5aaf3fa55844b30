"""The command `tinypt graph`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import click
from tinypt_core.cli import target as given

from tinypt_core import TinyptError, Variable, gradients
from tinypt_viz.dot import get_dot_graph
from tinypt_viz.fold import EXTRA, STEPS
from tinypt_viz.options import CHOICES
from tinypt_viz.render import plot_dot_graph

_F = TypeVar("_F", bound=Callable[..., Any])


def _choice(name: str, help: str) -> Callable[[_F], _F]:
    option, default = "--" + name.replace("_", "-"), CHOICES[name][0]
    return click.option(
        option, type=click.Choice(CHOICES[name]), default=default, show_default=True, help=help
    )


@click.command(short_help="Draw the graph of a function.")
@given.with_target("Draw this derivative by the first argument instead of the function.")
@click.option(
    "-o",
    "--output",
    "to_file",
    type=click.Path(dir_okay=False),
    help="The picture: .svg, .png, .pdf, .jpg, .html or .dot. Without it, DOT text is printed.",
)
@click.option(
    "--verbose/--brief",
    default=True,
    show_default=True,
    help="Write shapes, dtypes and parameters.",
)
@click.option(
    "--collapse/--full",
    default=None,
    help="Fold what is repeated and far away; by default, pictures of over 300 nodes.",
)
@click.option(
    "--fold",
    "steps",
    multiple=True,
    type=click.Choice([*STEPS, *EXTRA]),
    help="Fold exactly this. May be given several times.",
)
@click.option("--max-nodes", type=click.IntRange(1), help="Fold until at most so many are left.")
@click.option(
    "--style",
    type=click.Choice(CHOICES["style"]),
    help="What the picture shows; by default auto, and DOT text keeps its plain look.",
)
@_choice("rankdir", "The way the arrows point.")
@_choice("theme", "The colours.")
@_choice("group_by", "What to draw frames around.")
@_choice("color_by", "What the colours tell.")
def graph(
    target: str,
    points: tuple[str, ...],
    derivative: int,
    to_file: str | None,
    verbose: bool,
    collapse: bool | None,
    steps: tuple[str, ...],
    **options: Any,
) -> None:
    """Draw the graph of a Python function of Variables, called with the values of --at.

    \b
    Example: tinypt graph examples.goldstein:goldstein --at 1.0 --at 1.0 -o goldstein.svg
    """
    y = _evaluate(given.load(target), points, derivative)
    options |= {"verbose": verbose, "collapse": list(steps) or collapse}
    if to_file is None:
        click.echo(get_dot_graph(y, **options), nl=False)
        return
    try:
        click.echo(plot_dot_graph(y, to_file=to_file, **options))
    except (TinyptError, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error


def _evaluate(f: Callable[..., Any], points: tuple[str, ...], derivative: int) -> Any:
    xs = [
        Variable(given.array(text), name)
        for text, name in zip(points, _names(f, points), strict=True)
    ]
    try:
        y = f(*xs)
        for n in range(1, derivative + 1):
            (y,) = gradients(y, xs[0], create_graph=True)
            y.name = f"derivative {n}"
    except Exception as error:
        kind = type(error).__name__
        raise click.ClickException(f"calling it failed: {kind}: {error}") from error
    return y


def _names(f: Callable[..., Any], points: tuple[str, ...]) -> list[str]:
    """A name for each argument: that of its parameter, where Python knows it."""
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names = [p.name for p in parameters if p.kind < p.VAR_POSITIONAL][: len(points)]
    return [*names, *(f"x{i}" for i in range(len(names), len(points)))]
