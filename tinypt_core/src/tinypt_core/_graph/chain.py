"""A Variable's place in the graph: what made it, and how to cut it off from that."""

from __future__ import annotations

from typing import Any

from tinypt_core._graph.changes import shown
from tinypt_core._graph.places import Leaf, Output, node_at
from tinypt_core._modes import refuse_in_rule


class Chain:
    """Base of Variable: the graph behind it."""

    __slots__ = ()
    _array: Any
    _edge: Any
    _grad: Any

    @property
    def creator(self) -> Any:
        """The Function node that made this Variable, or None."""
        node = node_at(self._edge)
        if node is not None and self._edge.__class__ is not Output:
            show(self)
        return node

    def set_creator(self, f: Any) -> None:
        """Hang this Variable onto the graph as the output of `f`."""
        f._adopt(self)

    def unchain(self) -> None:
        """Forget what made this Variable: it becomes a leaf, also for what was made from it."""
        refuse_in_rule("unchains a Variable")
        if self._edge.__class__ is not Output:
            if self.creator is not None:
                node_at(self._edge)._forget()
            return
        grad = self._edge._grad
        self._edge = Leaf(self, self._array)
        self._grad = grad

    def unchain_backward(self) -> None:
        """Cut the graph behind this Variable: what its creator was made from becomes a leaf."""
        refuse_in_rule("unchains a Variable")
        stack = list(self.creator._edges) if self.creator is not None else []
        while stack:
            node = node_at(stack.pop())
            if node is not None:
                stack += node._edges
                node._forget()


def show(variable: Any) -> None:
    """Let the node behind a Variable know that somebody has its array in hand."""
    node = node_at(variable._edge)
    if node is not None:
        if variable._edge.__class__ is not Output:
            node._show(variable)
        shown(node, variable._array)
