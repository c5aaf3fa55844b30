"""The only stairs up: what lower floors need of upper ones, filled in by those.

A slot is a plain module variable, read when it is needed: `_links.mimebundle(variable)`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinypt_core._errors import OpNotFoundError

#: the operators that the core itself needs to differentiate; `tinypt doctor` looks for them
NEEDED = ("add", "astype", "getitem", "positive", "reshape", "stack", "sum_to", "transpose")


def _nothing(name: str) -> Any:
    raise OpNotFoundError(f"the operator {name!r}: the registry is not there; import tinypt_core")


#: name -> what runs the operator; the registry fills it in
resolve: Callable[[str], Any] = _nothing

#: what a backward pass is; the engine fills it in
backward: Callable[..., None] | None = None

#: what is installed, what the environment says of it, how to add an operator -> the plugins
make_plugins: Callable[..., Any] | None = None

#: Variable -> what a notebook shows of it, by media type; text alone while nobody draws
mimebundle: Callable[[Any], dict[str, Any]] | None = None


class _Operators(dict[str, Any]):
    """What the core itself calls by name: `OPS["add"]`; found on first use, then a dict hit."""

    def __missing__(self, name: str) -> Any:
        self[name] = call = resolve(name)
        return call


OPS = _Operators()
