"""A Program as Python source: straight-line NumPy, one name per value that is read twice."""

from __future__ import annotations

import operator
from collections import Counter
from typing import Any

import numpy as np

from tinypt_compile._blocks import Block, crossing, is_cut, leaving, scheduled
from tinypt_compile._expressions import ATOM, BINDS, Expressions
from tinypt_compile._memory import assigned, is_fresh
from tinypt_compile._program import Guard, Program, Ref, Step, reads, refs_in
from tinypt_compile._release import is_large, released
from tinypt_compile._runnable import same

#: characters of an expression that a line of a page takes, and that Python's parser takes
_LONG, _DEEP = 60, 300


class Source(Expressions):
    """The text of a program, line by line.

    lines: of the body. to_run: not to be read, so that values have no names that need none.
    """

    def __init__(self, program: Program, blocks: bool = True, to_run: bool = False) -> None:
        super().__init__(program)
        self.needs["same"] = same
        self.lines: list[str] = []
        self._label = ""
        self._to_run = to_run
        self._numbers: dict[str, Any] = {}  #: as arrays, by what they read
        self._long = _DEEP if to_run else _LONG
        self._folds = _read_once(program, to_run)
        self._alone = _alone(program)
        self._schedule = scheduled(program) if blocks else list(program.steps)
        #: whether there are loops over blocks
        self.blocks = any(isinstance(step, Block) for step in self._schedule)
        self._body()
        if to_run:
            own = {step.out for step in program.calls()} - set(refs_in(program.outputs))
            large = {self.names[at] for at in own if is_large(program, at)}
            self.lines = released(self.lines, large)

    # -- lines ---------------------------------------------------------------------------------

    def _body(self) -> None:
        err: Any = ()
        steps = self._schedule
        self._folds -= crossing(self.program, steps)
        self._leaving = leaving(self.program, steps)
        for step in steps:
            indent = "    " * bool(err)
            if isinstance(step, Block):
                err = ()
                self._block(step)
                continue
            if isinstance(step, Guard):
                self._line(indent, self.guard(step))
                continue
            if step.err != err:
                err = step.err
                indent = "    " * bool(err)
                if err:
                    settings = ", ".join(f"{k}={v!r}" for k, v in err)
                    self.lines.append(f"with np.errstate({settings}):")
            self._step(step, indent)
        self.lines.append(f"return {self.tree(self.program.outputs)}")

    def _block(self, block: Block) -> None:
        """A loop over rows; what is read outside goes into arrays of its own."""
        before, inside = dict(self._text), Counter(at for s in block.steps for at in s.refs())
        own = {step.out for step in block.steps}
        cut = [at for at in inside if at not in own and is_cut(self.program, at, block.shape)]
        like = next((at for at in cut if self.program.info[at].shape == block.shape), None)
        for at in sorted(own & self._leaving.keys()):
            self._line("", f"{self.names[at]} = {self._buffer(block, at, like)}")
        start, rows = self.names.fresh("start"), self.names.fresh("rows")
        n = block.shape[0]
        self._line("", f"for {start} in range(0, {n}, {block.rows}):")
        self._line("    ", f"{rows} = slice({start}, {start} + {block.rows})")
        for at in cut:
            self._cut(at, rows, inside[at])
        for step in block.steps:
            self._in_rows(step, rows, inside[step.out])
        self._text = before

    def _buffer(self, block: Block, at: int, like: int | None) -> str:
        """An array for a result, that lies in memory as the operands do."""
        dtype = self.literal(self.program.info[at].dtype)
        if like is None:
            return f"np.empty({block.shape}, {dtype})"
        own = self.program.info[like].dtype == self.program.info[at].dtype
        return f"np.empty_like({self.argument(Ref(like))}{'' if own else f', {dtype}'})"

    def _cut(self, at: int, rows: str, times: int) -> None:
        """The rows of an array from outside; with a name if they are read twice."""
        text = f"{self.atom(Ref(at))}[{rows}]"
        if times > 1:
            name = self.names.fresh(f"{self.names[at]}_rows")
            self._line("    ", f"{name} = {text}")
            text = name
        self._text[at] = text, ATOM

    def _in_rows(self, step: Step, rows: str, times: int) -> None:
        if step.out not in self._leaving:
            return self._step(step, "    ")
        text, whole = self.expression(step)[0], self.names[step.out]
        if times:
            name = self.names.fresh(f"{whole}_rows")
            self._line("    ", f"{name} = {text}", self._comment(step))
            self._text[step.out] = name, ATOM
            text = name
            self._line("    ", f"{whole}[{rows}] = {text}")
        else:
            self._line("    ", f"{whole}[{rows}] = {text}", self._comment(step))
        return None

    def _comment(self, step: Step) -> str:
        """Operator and package, where they change."""
        if step.label == self._label or self._to_run:
            return ""
        self._label = step.label
        return f"  # {step.label}" if step.label else ""

    def _step(self, step: Step, indent: str) -> None:
        if step.fn is assigned:
            name, (x, index, value) = self.names[step.out], step.args
            made = self.argument(x) if x in self._alone else f"{self.atom(x)}.copy()"
            self._line(indent, f"{name} = {made}", self._comment(step))
            self._line(indent, f"{name}[{self.index(index)}] = {self.argument(value)}")
            return
        text, binds = self._square(step) or self.expression(step)
        if step.out in self._folds and len(text) <= self._long and not step.guards and not step.err:
            self._text[step.out] = (text, binds)
            return
        self._line(indent, f"{self.names[step.out]} = {text}", self._comment(step))
        if step.guards:
            self._line(indent, self._shape_guard(step.out))

    def _square(self, step: Step) -> tuple[str, int] | None:
        """x ** 2 of an array, which NumPy computes as x * x, after it has looked what 2 is."""
        if not self._to_run or step.fn is not operator.pow or step.args[0].__class__ is not Ref:
            return None
        info, name = self.program.info[step.args[0].id], self.argument(step.args[0])
        if step.args[1].__class__ not in (int, float) or step.args[1] != 2:
            return None
        if not name.isidentifier():
            return None
        return (
            (f"{name} * {name}", BINDS["*"])
            if info.kind == "array" and info.dtype == float
            else None
        )

    def binary(self, sign: str, args: Any) -> tuple[str, int]:
        """Two operands and a sign. A number beside an array is quicker as an array of its own."""
        if self._to_run and sign in "+-*/":
            args = self._quick(args[0], args[1]), self._quick(args[1], args[0])
        return super().binary(sign, args)

    def _quick(self, value: Any, other: Any) -> Any:
        if value.__class__ not in (int, float, np.float64) or other.__class__ is not Ref:
            return value
        info = self.program.info[other.id]
        if info.dtype != float or not info.shape or abs(value) > 2**53:
            return value
        return self._numbers.setdefault(repr(float(value)), np.array(float(value)))

    def _line(self, indent: str, text: str, comment: str = "") -> None:
        if comment:
            text = f"{text:<56}{comment}"
        self.lines.append(indent + text)

    def _shape_guard(self, at: int) -> str:
        info, name = self.program.info[at], self.names[at]
        if info.kind == "tuple":
            return f"if len({name}) != {info.shape[0]}: return OTHER_CASE"
        if info.kind == "number":
            kind = info.dtype.type(0).item().__class__.__name__
            return f"if {name}.__class__ is not {kind}: return OTHER_CASE"
        dtype = self.literal(info.dtype)
        return f"if {name}.shape != {info.shape} or {name}.dtype != {dtype}: return OTHER_CASE"

    def guard(self, guard: Guard) -> str:
        """The line that leaves for another case."""
        name, value = self.argument(guard.ref), guard.value
        if isinstance(value, (bool, np.bool_)):
            return f"if {f'not {self.operand(guard.ref, 0)}' if value else name}: return OTHER_CASE"
        if value.__class__ is int:
            return f"if {self.atom(guard.ref)} != {value!r}: return OTHER_CASE"
        return f"if not same({name}, {self.literal(value)}): return OTHER_CASE"


def _read_once(program: Program, to_run: bool) -> set[int]:
    """Results that one call reads, so that they stand inside it; those with a name do not."""
    counts = Counter(at for step in program.steps for at in step.refs())
    kept = set(refs_in(program.outputs)) | (set() if to_run else program.names.keys())
    made, readers = {s.out: s for s in program.calls()}, _readers(program)
    return {
        at
        for at, n in counts.items()
        if n == 1 and at not in kept and at in made
        and getattr(readers[at], "err", ()) == made[at].err
        and program.info[at].kind != "tuple"
        and not (to_run and _shrinks(program, made[at]))
    }  # fmt: skip


def _shrinks(program: Program, step: Step) -> bool:
    """Whether it makes something small of a large array, which is better let go early."""
    large = any(is_large(program, at) for at in step.refs())
    return large and not is_large(program, step.out)


def _alone(program: Program) -> set[Any]:
    """Arrays in memory of their own, that one call reads, so that it may change them."""
    counts = reads(program)
    return {
        Ref(s.out)
        for s in program.calls()
        if is_fresh(s) and counts[s.out] == 1 and program.info[s.out].kind == "array"
    }


def _readers(program: Program) -> dict[int, Any]:
    return {at: step for step in program.steps for at in step.refs()}
