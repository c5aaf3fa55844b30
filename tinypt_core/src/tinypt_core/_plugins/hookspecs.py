"""Every extension point of `tinypt.plugins`: a signature and a sentence each.

A plugin is a module or object, declared in the entry-point group `tinypt.plugins`, whose functions
are marked with `hookimpl` and named as those here; each takes the arguments it wants, by name.
None of them runs per operator.
"""

from __future__ import annotations

from typing import Any

import pluggy

hookspec = pluggy.HookspecMarker("tinypt")
hookimpl = pluggy.HookimplMarker("tinypt")


@hookspec
def tinypt_register_ops(registry: Any) -> None:
    """Register operators whose names are computed: `registry.register_op(name, Class)`."""


@hookspec
def tinypt_add_commands(cli: Any) -> None:
    """Add commands to `cli`, the click group of the command `tinypt`."""


@hookspec
def tinypt_observe() -> Any:
    """Return an `Observer` of every operator's forward and backward calls, or None."""


@hookspec
def tinypt_draw(output: Any, to_file: str | None, options: dict[str, Any]) -> Any:
    """Draw the graph behind the Variable `output` and return the picture, or None to decline."""


@hookspec
def tinypt_plan(nodes: list[Any], wanted: set[Any]) -> Any:
    """Return a faster step for one backward pass on large arrays, or None.

    nodes: those that the pass visits, youngest first. wanted: places whose gradients are asked
    for besides those of leaves. The step is called as (node, gy) and returns pairs of an edge and
    the gradient that goes there; what it has done for a node further on, that node gets no `gy`
    for, and is passed over. It is asked once a pass, where a leaf has 500,000 elements or more.
    """


class Observer:
    """What `tinypt_observe` returns: any object with one or more of these methods.

    It sees the call, and cannot change it. function: the operator's node, an instance of its
    class. Operators that an observer calls itself are not observed, and leave no graph.
    """

    def before_forward(self, function: Any, inputs: tuple[Any, ...]) -> None:
        """`inputs` as the caller gave them: Variables, arrays, numbers."""

    def after_forward(
        self, function: Any, inputs: tuple[Any, ...], outputs: tuple[Any, ...]
    ) -> None:
        """`outputs`: the Variables that forward made. Not called if forward raised."""

    def before_backward(self, function: Any, gradients: tuple[Any, ...]) -> None:
        """`gradients`: one per output, None for an unused one; arrays or NumPy scalars, under
        create_graph Variables."""

    def after_backward(
        self, function: Any, gradients_out: tuple[Any, ...], gradients_in: tuple[Any, ...]
    ) -> None:
        """`gradients_in`: what the rule returned, one per input; None where it needs none."""
