"""The command `tinypt graph`."""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

import click
import numpy as np

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
@click.argument("target", metavar="MODULE:FUNCTION")
@click.option(
    "--at",
    "points",
    multiple=True,
    metavar="VALUE",
    help="An argument: a number, or an array as [1, 2, 3]. Once for each argument.",
)
@click.option(
    "--derivative",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Draw this derivative by the first argument instead of the function.",
)
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
    y = _evaluate(_load(target), points, derivative)
    options |= {"verbose": verbose, "collapse": list(steps) or collapse}
    if to_file is None:
        click.echo(get_dot_graph(y, **options), nl=False)
        return
    try:
        click.echo(plot_dot_graph(y, to_file=to_file, **options))
    except (TinyptError, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error


def _load(target: str) -> Callable[..., Any]:
    module, _, name = target.partition(":")
    if not module or not name:
        raise click.UsageError(f"{target!r} names no function; write MODULE:FUNCTION")
    sys.path.insert(0, os.getcwd())
    try:
        found: Any = import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise click.ClickException(f"cannot load {target}: {error}") from error
    finally:
        sys.path.remove(os.getcwd())
    if not callable(found):
        raise click.ClickException(f"{target} is {type(found)}, not a function")
    return found  # type: ignore[no-any-return]


def _evaluate(f: Callable[..., Any], points: tuple[str, ...], derivative: int) -> Any:
    xs = [
        Variable(_array(text), name) for text, name in zip(points, _names(f, points), strict=True)
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


def _array(text: str) -> np.ndarray:
    try:
        return np.array(json.loads(text), dtype=float)
    except (ValueError, TypeError) as error:
        raise click.BadParameter(
            f"{text!r} is no number and no array; write 1.5 or [1, 2, 3]", param_hint="--at"
        ) from error


def _names(f: Callable[..., Any], points: tuple[str, ...]) -> list[str]:
    """A name for each argument: that of its parameter, where Python knows it."""
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names = [p.name for p in parameters if p.kind < p.VAR_POSITIONAL][: len(points)]
    return [*names, *(f"x{i}" for i in range(len(names), len(points)))]
