"""What a styled picture folds before it is drawn."""

from __future__ import annotations

from collections.abc import Collection

from tinypt_core import Graph
from tinypt_viz.fold import MAX_NODES, STEPS, fold
from tinypt_viz.options import Options, steps_of
from tinypt_viz.parts import Parts
from tinypt_viz.seeds import fold_seeds
from tinypt_viz.turns import Path, Turns, fold_turns

MANY = 60  #: operators; a picture of more is a model
_MODEL_STEPS = ("scopes", "depth")
_STEPS = ("leaves", "equal", "repeats", "scopes", "depth")

Folded = tuple[Graph, dict[Path, Turns]]


def style_of(g: Graph, o: Options) -> str:
    """The style that a graph is drawn in; "auto": a model if it has scopes, a loop, or is large."""
    if "expressions" in steps_of(o):
        return "expressions"
    if o.style not in (None, "auto", "gradient"):
        return str(o.style)
    operators = [node for node in g.nodes if node.kind == "function"]
    scoped = o.group_by == "scope" and any(node.scope for node in operators)
    large = scoped or len(operators) > MANY or bool(fold_turns(g)[1])
    if o.style == "gradient":
        return "gradient model" if large else "gradient"
    return "model" if large else "textbook"


def prepared(g: Graph, o: Options, style: str) -> Folded:
    """The graph to draw, and the frames of the turns that are drawn once."""
    if o.collapse is False:
        return g, {}
    if steps_of(o):
        return _as_asked(g, steps_of(o), o, style)
    turns: dict[Path, Turns] = {}
    if "model" in style:
        g, turns = fold_turns(g)
    limit = o.max_nodes or MAX_NODES
    for name in _MODEL_STEPS if "model" in style else _STEPS:
        if len(Parts(g).shown) > limit:
            g = STEPS[name](g, limit)
    return g, turns


def _as_asked(g: Graph, steps: Collection[str], o: Options, style: str) -> Folded:
    turns: dict[Path, Turns] = {}
    if "seeds" in steps:
        g = fold_seeds(g)
    if "siblings" in steps:
        g, turns = fold_turns(g)
    named = [step for step in steps if step in STEPS]
    return (fold(g, o.max_nodes or MAX_NODES, named) if named else g), turns
