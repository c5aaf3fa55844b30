"""The click group of `tinypt`: its own commands, and those that plugins add.

Plugins are asked only when somebody wants a command that is not our own, or the list of all. One
that fails costs its own commands and a line of warning.
"""

from __future__ import annotations

import warnings
from typing import Any

import click

from tinypt_core._cli import printing as _print
from tinypt_core._errors import TinyptError
from tinypt_core._registry import table


class Group(click.Group):
    """A group that hooks `tinypt_add_commands` may add to, but not take from."""

    _own: dict[str, click.Command] | None = None
    _asked: Any = None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, sorted."""
        self._ask_plugins()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by name; our own without asking any plugin."""
        if cmd_name not in (self._own or self.commands):
            self._ask_plugins()
        return super().get_command(ctx, cmd_name)

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Raises ValueError for a name that is taken."""
        name = name or cmd.name
        if name in self.commands:
            raise ValueError(f"the command {name!r} exists already; choose another name")
        super().add_command(cmd, name)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; warnings become one line each on standard error."""
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            warnings.showwarning = _warn
            return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error of tinypt's own is a sentence and not a traceback."""
        try:
            return super().invoke(ctx)
        except TinyptError as error:
            raise click.ClickException(str(error)) from error

    def _ask_plugins(self) -> None:
        """Let the plugins installed now add their commands; once, and again after a refresh."""
        try:
            plugins = table.ready().plugins
        except TinyptError as error:  # TINYPT_STRICT: help must work all the same
            _print.error(f"warning: {error}")
            return
        if plugins is self._asked:
            return
        self._own = self._own or dict(self.commands)
        self.commands = dict(self._own)
        self._asked = plugins
        if plugins is not None:
            with _print.no_output():
                plugins.call("tinypt_add_commands", cli=self)


def _warn(message: Warning | str, *args: Any, **kwargs: Any) -> None:
    _print.error(f"warning: {message}")
