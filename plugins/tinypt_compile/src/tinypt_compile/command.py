"""The command `tinypt source`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
import numpy as np
from tinypt_core.cli import target as given

from tinypt_compile._compile import compile
from tinypt_core import grad


@click.command(short_help="Print a function, or its derivative, as NumPy.")
@given.with_target("Differentiate so many times by the first argument.")
@click.option("-o", "--output", "to_file", help="Write a module that needs only NumPy.")
def source(target: str, points: tuple[str, ...], derivative: int, to_file: str | None) -> None:
    """Print the NumPy calls that a Python function makes at the values of --at.

    \b
    Example: tinypt source numpy:tanh --at 1.0 --derivative 2
    """
    f = given.load(target)
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
    value = given.array(text)
    return value if value.ndim else float(value)
