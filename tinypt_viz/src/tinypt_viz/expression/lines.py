"""From a Graph to assignments: which results get a letter, and in which order they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from string import ascii_lowercase
from typing import Any

from tinypt_core import Graph, Node
from tinypt_viz._quotient import inputs_of, topological
from tinypt_viz.expression.names import ask_again
from tinypt_viz.expression.pieces import ATOM, Piece, held
from tinypt_viz.expression.python import RESERVED, Python, is_name
from tinypt_viz.expression.signs import Signs

LONG = 40  #: characters of an expression, about
_WORTH = 3  #: characters; what is shorter needs no letter


class Formula:
    """The expressions of a Graph. letters: those that are written apart, by the Variable's id.

    texts: for each Function and each Variable the expression in signs, as pictures show it.
    """

    def __init__(self, g: Graph) -> None:
        ask_again()
        self.g = g
        self.nodes = {node.id: node for node in g.nodes}
        self.inputs = {
            id: [e.source for e in sorted(edges, key=lambda e: e.position)]
            for id, edges in inputs_of(g).items()
        }
        self.order = topological(g)
        self.uses = Counter(e.source for e in g.edges if self.nodes[e.source].kind != "function")
        self.names = self._names()
        #: xy is x times y where no name has two letters
        self.joins = all(len(name) == 1 for name in self.names.values())
        self.letters: dict[str, str] = {}
        self.texts: dict[str, Piece] = {}
        self._free = _letters({*self.names.values(), *RESERVED})
        self._write_all()

    def _names(self) -> dict[str, str]:
        """A name for each named Variable, no two alike."""
        taken: Counter[str] = Counter()
        found = {}
        for id in self.order:
            node = self.nodes[id]
            if node.kind == "variable" and node.name:
                taken[node.name] += 1
                again = taken[node.name]
                found[id] = node.name + _lowered(again) * (again > 1)
        return found

    def _write_all(self) -> None:
        """Write every expression in signs, and give letters on the way."""
        signs = Signs()
        signs.joins = self.joins
        for id in self.order:
            node = self.nodes[id]
            if node.kind == "function":
                self._shorten(id, signs)
            self.texts[id] = self._written(node, signs, self.texts)
            if self._is_inner(id) and self.uses[id] > 1 and len(self.texts[id].text) > _WORTH:
                self.letters[id] = next(self._free)

    def _shorten(self, id: str, signs: Signs) -> None:
        """Letters for the longest operands until the expression is short."""
        while len(self._written(self.nodes[id], signs, self.texts).text) > LONG:
            sources = [s for s in self.inputs.get(id, ()) if self._is_inner(s)]
            longest = max(sources, key=lambda s: len(self.texts[s].text), default=None)
            if longest is None or len(self.texts[longest].text) <= _WORTH:
                return
            self.letters[longest] = next(self._free)

    def _is_inner(self, id: str) -> bool:
        """A result without a name and, so far, without a letter."""
        named = id in self.names or id in self.letters
        return self.nodes[id].kind == "variable" and id in self.inputs and not named

    def _written(self, node: Node, w: Any, texts: dict[str, Piece]) -> Piece:
        """The expression of a node from those of its inputs."""
        sources = self.inputs.get(node.id, [])
        if node.kind == "function":
            return w.of(node, [self._operand(s, w, texts) for s in sources])  # type: ignore[no-any-return]
        if node.kind == "group":
            return Piece(f"[{node.label}]")
        if not sources:
            named = self.names.get(node.id)
            return w.value(node) if named is None else w.name(named)  # type: ignore[no-any-return]
        made = texts[sources[0]]
        if node.output_count > 1:
            return Piece(f"{held(made, ATOM)}[{node.output_index}]")
        return made

    def _operand(self, id: str, w: Any, texts: dict[str, Piece]) -> Piece:
        called = self.letters.get(id) or (self.names.get(id) if id in self.inputs else None)
        if called:
            return w.name(called)  # type: ignore[no-any-return]
        return texts.get(id) or self._written(self.nodes[id], w, texts)

    # -- forms -----------------------------------------------------------------------------------

    def assignments(self, w: Any) -> Iterator[tuple[str, str]]:
        """Name and expression of each line; an output without a name has ""."""
        w.joins = self.joins
        texts: dict[str, Piece] = {}
        for id in self.order:
            texts[id] = self._written(self.nodes[id], w, texts)
            called = self.letters.get(id) or self.names.get(id, "")
            if id in self.g.outputs:
                continue
            if id in self.inputs and called and self.nodes[id].kind == "variable":
                yield w.name(called).text, texts[id].text
        for id in self.g.outputs:
            called = self.letters.get(id) or (self.names.get(id, "") if id in self.inputs else "")
            yield (w.name(called).text if called else ""), texts[id].text

    def program(self, w: Python) -> str:
        """Python code; an output without a name is assigned to a free one."""
        self._pythonic()
        lines = [f"{name} = {text}" for name, text in self.assignments(w)]
        return "\n".join(["from tinypt_core import ops"] * w.needs_ops + lines)

    def _pythonic(self) -> None:
        """Letters where a result's name is none in Python, or none at all."""
        leaves = [self.nodes[id].name for id in self.names if id not in self.inputs]
        for name, count in Counter(leaves).items():
            if count > 1:
                raise ValueError(f"{count} leaves are named {name!r}; give each its own name")
        for id, name in self.names.items():
            if id in self.inputs and not is_name(name):
                self.letters[id] = next(self._free)
        for id in self.g.outputs:
            if id not in self.names and id not in self.letters:
                self.letters[id] = _first_free({*self.names.values(), *self.letters.values()})


def _letters(taken: set[str]) -> Iterator[str]:
    """a, b, c ... z, a1, b1 ...: those that nobody has."""
    number = 0
    while True:
        for letter in ascii_lowercase:
            name = letter + (str(number) if number else "")
            if name not in taken:
                yield name
        number += 1


def _first_free(taken: set[str]) -> str:
    return next(name for name in chain(("y", "result"), _letters(set())) if name not in taken)


_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _lowered(number: int) -> str:
    return str(number).translate(_LOWERED)
