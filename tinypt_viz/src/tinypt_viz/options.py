"""What a caller may ask of a picture, checked once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import Any

from tinypt_core import Graph, Variable, graph
from tinypt_viz.fold import EXTRA, MAX_NODES, STEPS, fold

CHOICES = {
    "style": ("auto", "textbook", "formula", "gradient", "model"),
    "rankdir": ("TB", "BT", "LR", "RL"),
    "theme": ("light", "dark", "print"),
    "group_by": ("scope", "package", "order", "none"),
    "color_by": ("order", "package", "time", "memory", "kind"),
}


@dataclass(frozen=True)
class Options:
    """How a graph is drawn.

    style: "textbook" (class names), "formula" (signs, and the expressions), "gradient" (values and
    gradients on the wires, left to right), "model" (nested frames, turns of a loop once), or
    "auto": a model if there are scopes, a loop or more than 60 operators, else textbook. By
    default that is "auto" for pictures, and DOT text keeps its plain look.
    verbose: write shapes, dtypes and parameters. collapse: True to fold until at most `max_nodes`
    are left, False to draw everything, or the names of the folding steps to take (also "seeds",
    "siblings" and "expressions"); by default a picture folds and text does not, unless `max_nodes`
    is given.
    rankdir: the way the arrows point: "TB" (top to bottom), "BT", "LR", "RL".
    theme: "light", "dark", "print". group_by: frames around "scope", "package", "order" (of the
    derivative) or "none". color_by: "order", "package", "time", "memory", or "kind" (Variables
    orange, Functions blue, whatever made them). edge_shapes: write on each arrow the shape of what
    flows along it.

    Raises TypeError for an option that does not exist, ValueError for a value it cannot have.
    """

    verbose: bool = True
    collapse: bool | Collection[str] | None = None
    max_nodes: int | None = None
    rankdir: str = "TB"
    theme: str = "light"
    group_by: str = "scope"
    color_by: str = "order"
    edge_shapes: bool = False
    style: str | None = None

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            if name != "style" or self.style is not None:
                _require(name, getattr(self, name), choices)
        if isinstance(self.collapse, str):
            object.__setattr__(self, "collapse", (self.collapse,))
        if isinstance(self.collapse, Iterable):
            for step in self.collapse:
                _require("collapse", step, (*STEPS, *EXTRA))
        if self.max_nodes is not None and self.max_nodes < 1:
            raise ValueError(f"max_nodes={self.max_nodes!r}; write a number from 1 on")


def _require(name: str, value: Any, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{name}={value!r}; write one of {', '.join(map(repr, choices))}")


def read(verbose: bool = True, **options: Any) -> Options:
    """Options from keyword arguments."""
    known = [field.name for field in fields(Options)]
    for name in options:
        if name not in known:
            raise TypeError(f"no option is called {name!r}; there are {', '.join(known)}")
    return Options(verbose, **options)


def snapshot(output: Variable | Iterable[Variable] | Graph, o: Options, picture: bool) -> Graph:
    """The Graph to draw, folded as the options say; a picture folds by default."""
    g = output if isinstance(output, Graph) else graph(output)
    asked = (picture or o.max_nodes is not None) if o.collapse is None else o.collapse
    if asked is False:
        return g
    return fold(g, o.max_nodes or MAX_NODES, None if asked is True else asked)


def steps_of(o: Options) -> Collection[str]:
    """The folding steps that were asked for by name."""
    return () if o.collapse is None or isinstance(o.collapse, bool) else o.collapse
