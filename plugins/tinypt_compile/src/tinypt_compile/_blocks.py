"""Long stretches of elementwise calls on large arrays, in blocks that stay in the cache.

A stretch runs block by block along the first axis: what only it reads never is a whole array. Every
element is computed by the same calls, so that no bit changes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tinypt_compile._memory import is_elementwise
from tinypt_compile._program import Program, Ref, Step, refs_in

#: elements of a block
SIZE = 65_536
_LEAST = 3


@dataclass
class Block:
    """Calls that run together, rows at a time. shape: of their results."""

    shape: tuple[int, ...]
    steps: list[Step] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows a block has."""
        return max(1, SIZE // max(1, math.prod(self.shape[1:])))


def scheduled(program: Program) -> list[Any]:
    """The steps, stretches of them as a Block: what does not belong waits, or goes before."""
    done: list[Any] = []
    block: Block | None = None
    waiting: list[Any] = []
    for step in program.steps:
        shape = _shape(program, step)
        behind = _made(block.steps if block else []), _made(waiting)
        reads = set(step.refs())
        if block and shape == block.shape and not reads & behind[1]:
            block.steps.append(step)
        elif block and (reads & (behind[0] | behind[1])) and shape is None:
            waiting.append(step)
        elif block and not reads & (behind[0] | behind[1]) and shape is None:
            done.append(step)
        else:
            done += [*_closed(block), *waiting]
            block, waiting = (None, []) if shape is None else (Block(shape, [step]), [])
            done += [step] if shape is None else []
    return [*done, *_closed(block), *waiting]


def _closed(block: Block | None) -> list[Any]:
    if block is None:
        return []
    return [block] if len(block.steps) >= _LEAST else list(block.steps)


def _made(steps: list[Any]) -> set[int]:
    return {step.out for step in steps if isinstance(step, Step)}


def _shape(program: Program, step: Any) -> tuple[int, ...] | None:
    """The shape of a large elementwise result, else None."""
    if not isinstance(step, Step) or not is_arithmetic(step):
        return None
    shape = program.info[step.out].shape
    if math.prod(shape) < 2 * SIZE or shape[0] < 2 or program.info[step.out].kind != "array":
        return None
    return shape if all(_fits(program, at, shape) for at in step.refs()) else None


def is_arithmetic(step: Step) -> bool:
    """Whether a call computes element by element, as any part of an array can."""
    plain = not (step.err or step.guards or step.kwargs) and all(map(_is_operand, step.args))
    return plain and is_elementwise(step.fn)


def _is_operand(value: Any) -> bool:
    return value.__class__ is Ref or isinstance(value, (int, float, complex, np.generic))


def _fits(program: Program, at: int, shape: tuple[int, ...]) -> bool:
    return len(program.info[at].shape) <= len(shape)


def is_cut(program: Program, at: int, shape: tuple[int, ...]) -> bool:
    """Whether a block reads only its rows of a value."""
    own = program.info[at].shape
    return len(own) == len(shape) and own[0] == shape[0]


def leaving(program: Program, items: list[Any]) -> dict[int, Block]:
    """The results of blocks that are read outside of their block."""
    home = {s.out: b for b in items if isinstance(b, Block) for s in b.steps}
    found = {at: home[at] for at in refs_in(program.outputs) if at in home}
    for entry in items:
        for step in entry.steps if isinstance(entry, Block) else [entry]:
            for at in step.refs():
                if at in home and home[at] is not entry:
                    found[at] = home[at]
    return found


def crossing(program: Program, items: list[Any]) -> set[int]:
    """Values whose expression must not move into a block, or out of one."""
    home = {s.out: id(b) for b in items if isinstance(b, Block) for s in b.steps}
    found: set[int] = set()
    for entry in items:
        inside = isinstance(entry, Block)
        for step in entry.steps if inside else [entry]:
            place = id(entry) if inside else None
            found |= {at for at in step.refs() if home.get(at) != place}
    return found
