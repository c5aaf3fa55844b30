"""MODULE:FUNCTION and --at: how a command, also a plugin's, is given a function and arguments."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

import click
import numpy as np

_F = TypeVar("_F", bound=Callable[..., Any])


def with_target(help: str) -> Callable[[_F], _F]:
    """Give a command the arguments `target`, `points` and `derivative`.

    help: what the option --derivative does.
    """

    def decorate(command: _F) -> _F:
        for add in (
            click.option("--derivative", type=click.IntRange(0), default=0, show_default=True,
                         help=help),
            click.option("--at", "points", multiple=True, metavar="VALUE",
                         help="An argument: a number, or an array as [1, 2, 3]. "
                              "Once for each argument."),
            click.argument("target", metavar="MODULE:FUNCTION"),
        ):  # fmt: skip
            command = add(command)
        return command

    return decorate


def load(target: str) -> Callable[..., Any]:
    """The function that MODULE:FUNCTION names, also from the folder the command runs in."""
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


def array(text: str) -> np.ndarray:
    """The value of an --at, 0-d for a number."""
    try:
        return np.array(json.loads(text), dtype=float)
    except (ValueError, TypeError) as error:
        raise click.BadParameter(
            f"{text!r} is no number and no array; write 1.5 or [1, 2, 3]", param_hint="--at"
        ) from error
