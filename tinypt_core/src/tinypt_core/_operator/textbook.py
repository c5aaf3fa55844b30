"""The textbook's view of a node: `self.inputs[0].data`, `self.output`, `f.backward(gy)` by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from tinypt_core._arrays import as_array
from tinypt_core._graph.node import Node
from tinypt_core._graph.places import Constant, Leaf, index_at, node_at
from tinypt_core._modes import get_mode, using_mode
from tinypt_core._variable import Variable, handle


class Textbook(Node):
    """A node as its author sees it: the Variables it was made from, and those it made."""

    __slots__ = ()

    @property
    def inputs(self) -> tuple[Any, ...]:
        """The Variables this node was made from. One that its owner dropped is made anew; its
        data is None when nobody asked to keep it."""
        whole = self._keeps.whole(self)
        if whole is not None:
            pairs = zip(whole[0], whole[1], strict=True)
            return tuple(v if isinstance(v, Variable) else Variable(as_array(x)) for v, x in pairs)
        return tuple(self._input(i) for i in range(len(self._edges)))

    def _input(self, i: int) -> Variable:
        edge = self._edges[i]
        alive = None if edge.__class__ is Constant else edge._ref()
        if alive is not None:
            return alive  # type: ignore[no-any-return]
        if not hasattr(self, "_handles"):
            object.__setattr__(self, "_handles", {})
        if i not in self._handles:  # kept, so that walking the graph meets the same Variable again
            self._handles[i] = _stand_in(edge, self._kept_input(i))
        return self._handles[i]  # type: ignore[no-any-return]

    def _kept_input(self, i: int) -> Any:
        """The array of an input, if this node or the one behind it was asked to keep it."""
        kept = self._keeps.input_of(self, i)
        maker = node_at(self._edges[i])
        if kept is not None or maker is None:
            return kept
        return maker._keeps.output_of(maker, index_at(self._edges[i]))

    @property
    def input(self) -> Any:
        """The first of `inputs`."""
        return self.inputs[0]

    @property
    def outputs(self) -> tuple[Callable[[], Variable], ...]:
        """One callable per output that returns its Variable."""
        refs = self._ref if self._several else [self._ref]
        return tuple(r if r() is not None else self._revive(i) for i, r in enumerate(refs))

    def _revive(self, i: int) -> Callable[[], Variable]:
        data = self._keeps.output_of(self, i)
        return lambda: handle(data, self._place(i))

    @property
    def output(self) -> Variable:
        """The Variable of the first output."""
        return self.outputs[0]()


def _stand_in(edge: Any, data: Any) -> Variable:
    """A Variable for an input that its owner dropped."""
    if edge.__class__ is Constant:
        data = edge.value if data is None else data
        return Variable(None if data is None else as_array(data))
    variable = handle(data, edge)
    if edge.__class__ is not Leaf:
        maker, index = node_at(edge), index_at(edge)
        variable._name = maker.info.get("names", {}).get(index)
        maker._show(variable, index)  # from now on it stands for that output
    return variable


def textbook_rule(rule: Any) -> Any:
    """A rule that reads self.inputs may compute on Variables: record only when asked to."""

    def run(self: Any, *gys: Any) -> Any:
        if get_mode().recording_rule:
            return rule(self, *gys)
        with using_mode(enable_backprop=False):
            return rule(self, *gys)

    return run


def by_hand(rule: Any) -> Any:
    """The public `backward`: `f.backward(gy)` fills in what the rule asks for."""

    @wraps(rule)
    def backward(self: Any, *gys: Any, **asked: Any) -> Any:
        signature = self._signature
        if asked or not signature.asks or len(gys) != max(signature.n_gy, 1):
            return rule(self, *gys, **asked)
        recorded = any(isinstance(gy, Variable) for gy in gys)
        keeps = self._keeps
        return self._rule(*gys, *(keeps.variables(self) if recorded else keeps.values(self)))

    backward.__tinypt_rule__ = rule  # type: ignore[attr-defined]
    return backward


def written(rule: Any) -> Any:
    """The rule as its author wrote it, without the wrapper of `by_hand`."""
    return getattr(rule, "__tinypt_rule__", rule)
