"""What the command line prints: the same text every time, none of it cut off."""

from __future__ import annotations

import json as _json
import shutil
import sys
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

_UNLIMITED = 10_000  # a pipe or a file has no width


def text(line: str) -> None:
    """A line on standard output."""
    click.echo(line)


def error(line: str) -> None:
    """A line on standard error; nothing for ""."""
    if line:
        click.echo(line, err=True)


def json(value: Any) -> None:
    """A value as JSON."""
    click.echo(_json.dumps(value, indent=2))


def no_output() -> redirect_stdout[Any]:
    """While plugin code runs: what it prints goes to standard error, so that JSON stays JSON."""
    return redirect_stdout(sys.stderr)


def table(rows: Iterable[Sequence[str]]) -> None:
    """Rows in aligned columns; cells that a narrow terminal has no room for are folded."""
    rows = list(rows)
    if not rows:
        return
    grid = Table(box=box.SIMPLE, show_header=False, show_edge=False, pad_edge=False)
    for _ in rows[0]:
        grid.add_column(overflow="fold")
    for row in rows:
        grid.add_row(*map(Text, row))
    console = Console(width=_width(), color_system=None, legacy_windows=False)
    with console.capture() as captured:
        console.print(grid)
    for line in captured.get().splitlines():
        click.echo(line.rstrip())


def _width() -> int:
    fallback = (_UNLIMITED, 24)
    return shutil.get_terminal_size(fallback).columns if sys.stdout.isatty() else _UNLIMITED
