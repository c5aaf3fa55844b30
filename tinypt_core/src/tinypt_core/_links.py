"""The only stairs up: what lower floors need of upper ones, filled in by those.

A slot is a plain module variable, read when it is needed: `_links.mimebundle(variable)`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinypt_core._errors import OpNotFoundError

#: the operators that the core itself needs to differentiate; `tinypt doctor` looks for them
NEEDED = ("add", "astype", "getitem", "positive", "reshape", "stack", "sum_to", "transpose")


def _nothing(*args: Any) -> Any:
    raise OpNotFoundError("the upper floors are not there: import tinypt_core")


#: name -> what runs the operator; the registry fills it in
resolve: Callable[[str], Any] = _nothing

#: NumPy's functions find their operators; asked for when there are Variables
dispatch: Callable[[], Any] = _nothing

#: what a backward pass is: (variable, retain_grad, create_graph); the engine
backward: Callable[..., None] = _nothing

#: class -> its rule as the backward loop calls it; the engine
puller: Callable[[Any], Any] = _nothing

#: (node, inputs, mode): a call that something looks on at; the observers
watched_run: Callable[..., Any] = _nothing

#: (rule, mode): a rule that something looks on at
watched_pull: Callable[..., Any] = _nothing

#: (node, inputs): an operator that cannot run on a batch, for every element; the transforms
one_by_one: Callable[..., Any] = _nothing

#: (node, what its rule gets, whether it is recorded): the same for its rule
rule_one_by_one: Callable[..., Any] = _nothing

#: (operator, args, kwargs): the same for a plain function of operators
call_one_by_one: Callable[..., Any] = _nothing

#: (nodes, wanted): the step of a plugin that has a faster plan for a backward pass, or None
faster: Callable[..., Any] = _nothing

#: (Variable, level): its sum over a batch, recorded
unshare: Callable[..., Any] = _nothing

#: what is installed, what the environment says of it, how to add an operator -> the plugins
make_plugins: Callable[..., Any] | None = None

#: Variable -> what a notebook shows of it, by media type; text alone while nobody draws
mimebundle: Callable[[Any], dict[str, Any]] | None = None


#: the module of the array API standard
array_namespace: Callable[[], Any] = _nothing


class _Operators(dict[str, Any]):
    """What the core itself calls by name: `OPS["add"]`; found on first use, then a dict hit."""

    def __missing__(self, name: str) -> Any:
        self[name] = call = resolve(name)
        return call


OPS = _Operators()
