"""The command `tinypt source`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

import click
import numpy as np

from tinypt_compile._compile import compile
from tinypt_core import grad


@click.command(short_help="Print a function, or its derivative, as NumPy.")
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
    help="Differentiate so many times by the first argument.",
)
@click.option("-o", "--output", "to_file", help="Write a module that needs only NumPy.")
def source(target: str, points: tuple[str, ...], derivative: int, to_file: str | None) -> None:
    """Print the NumPy calls that a Python function makes at the values of --at.

    \b
    Example: tinypt source numpy:tanh --at 1.0 --derivative 2
    """
    f = _load(target)
    args = [_value(text) for text in points]
    for _ in range(derivative):
        f = grad(_summed(f))
    compiled = compile(f)
    try:
        if to_file is None:
            click.echo(compiled.source(*args), nl=False)
        else:
            compiled.export(to_file, *args)
            click.echo(to_file)
    except Exception as error:
        kind = type(error).__name__
        raise click.ClickException(f"calling it failed: {kind}: {error}") from error


def _summed(f: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(f)
    def total(*xs: Any) -> Any:
        y = f(*xs)
        return y if y.size == 1 else np.sum(y)

    return total


def _value(text: str) -> Any:
    try:
        value = np.array(json.loads(text), dtype=float)
    except (ValueError, TypeError) as error:
        raise click.BadParameter(
            f"{text!r} is no number and no array; write 1.5 or [1, 2, 3]", param_hint="--at"
        ) from error
    return value if value.ndim else float(value)


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
