"""What the backward pass in progress holds already: a rule may take it and save the work.

The rule of sin needs cos(x). Where the graph holds cos(x) too, of the very same array, and the
rule of some other node asked to keep it, there it is.
"""

from __future__ import annotations

from _thread import _local  # threading costs an import
from collections.abc import Iterable, Iterator
from typing import Any

from tinypt_core._function import Function


class _Pass(_local):
    """The plain pass in progress in this thread."""

    held: Any = ()  #: the nodes it visits; once a rule has asked, the outputs they keep
    #: while rules run on one block of their arrays: of each array, by its id, the part
    cut: Any = None


now = _Pass()


def found(node: Function, operator: type[Function], x: Any) -> Any:
    """What `operator` made of x, the only input of `node`; None if the pass does not hold it."""
    if now.held.__class__ is not dict:
        now.held = dict(_outputs(now.held))
    array, maker = now.held.get((operator, node._behind), (None, None))
    if maker is None:
        return None
    if now.cut is None:
        return array if any(value is x for value in maker._saved) else None
    same = any(now.cut.get(id(value)) is x for value in maker._saved)
    return now.cut.get(id(array)) if same else None


def _outputs(nodes: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """(operator, place of its input) -> (its output, its node)."""
    for node in nodes:
        for place, array in node._arrays() if isinstance(node, Function) else ():
            if _tells_all(place):
                yield (type(place), place._behind), (array, place)


def _tells_all(place: Any) -> bool:
    """Whether class and input say what the output is: one input, no parameters, and nobody has
    had the output in hand, who might have changed it."""
    if not isinstance(place, Function) or hasattr(place, "_made"):
        return False
    return place._behind.__class__ is not tuple and type(place).__init__ is object.__init__
