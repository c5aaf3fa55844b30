"""A Program as Python source: straight-line NumPy, one name per value that is read twice."""

from __future__ import annotations

import builtins
import keyword
import math
import operator
import sys
from collections import Counter
from typing import Any

import numpy as np

from tinypt_compile._blocks import Block, crossing, is_cut, leaving, scheduled
from tinypt_compile._program import (
    SIGNS,
    UNARY,
    Guard,
    Method,
    Opaque,
    Program,
    Ref,
    Step,
    UfuncMethod,
    mapped,
)
from tinypt_compile._trace import item

#: ufuncs that Python has a sign for
UFUNC_SIGNS = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "true_divide": "/", "matmul": "@",
    "floor_divide": "//", "remainder": "%", "less": "<", "less_equal": "<=", "greater": ">",
    "greater_equal": ">=", "equal": "==", "not_equal": "!=", "bitwise_and": "&",
    "bitwise_or": "|", "bitwise_xor": "^",
}  # fmt: skip
#: how tightly signs bind
BINDS = {
    "**": 8, "*": 6, "/": 6, "//": 6, "%": 6, "@": 6, "+": 5, "-": 5, "<<": 4, ">>": 4, "&": 3,
    "^": 2, "|": 1, "<": 0, "<=": 0, ">": 0, ">=": 0, "==": 0, "!=": 0,
}  # fmt: skip
#: NumPy functions that call the method of their name
METHODS = {
    getattr(np, name): name
    for name in (
        "sum", "prod", "max", "min", "mean", "std", "var", "cumsum", "cumprod", "reshape", "ravel",
        "swapaxes", "squeeze", "trace", "diagonal", "argmax", "argmin", "all", "any", "transpose",
        "repeat",
    )
}  # fmt: skip
_DEFAULTS = (("axis", None), ("keepdims", False), ("dtype", None))
_COMPARED = {sign for sign, binds in BINDS.items() if not binds}
UNARY_BINDS, ATOM = 7, 10
_LONG = 60
_RESERVED = {*keyword.kwlist, *dir(builtins), "np", "math", "OTHER_CASE", "same", "array"}


class Names:
    """A name for each value: the user's where there is one."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._by_id: dict[int, str] = {}
        self._taken = set(_RESERVED)
        for at, name in program.inputs.items():
            self._give(at, name)
        for at in program.constants:
            self._give(at, program.names.get(at, "c1"))

    def __getitem__(self, at: int) -> str:
        if at not in self._by_id:
            self._give(at, self.program.names.get(at, "t1"))
        return self._by_id[at]

    def _give(self, at: int, name: str) -> None:
        self._by_id[at] = self.fresh(name)

    def fresh(self, name: str) -> str:
        """A name that nobody else has."""
        name = "".join(c if c.isalnum() or c == "_" else "_" for c in name) or "x"
        name = name if name.isidentifier() else f"x{name}"
        stem = name.rstrip("0123456789") or "x"
        n = int(name[len(stem) :] or 1)
        while name in self._taken:
            n += 1
            name = f"{stem}{n}"
        self._taken.add(name)
        return name


class Source:
    """The text of a program, and what it needs in its namespace.

    lines: of the body. needs: objects by name.
    """

    def __init__(self, program: Program, blocks: bool = True) -> None:
        self.program = program
        self.names = Names(program)
        self._schedule = scheduled(program) if blocks else list(program.steps)
        #: whether there are loops over blocks
        self.blocks = any(isinstance(step, Block) for step in self._schedule)
        self.needs: dict[str, Any] = {"np": np, "same": same}
        self.lines: list[str] = []
        self.imports: set[str] = set()
        self.opaque: list[str] = []
        self._text: dict[int, tuple[str, int]] = {}  #: expressions that are read once
        self._label = ""
        self._folds = _read_once(program)
        self._body()

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
        if step.label == self._label:
            return ""
        self._label = step.label
        return f"  # {step.label}" if step.label else ""

    def _step(self, step: Step, indent: str) -> None:
        text, binds = self.expression(step)
        if step.out in self._folds and len(text) <= _LONG and not step.guards and not step.err:
            self._text[step.out] = (text, binds)
            return
        self._line(indent, f"{self.names[step.out]} = {text}", self._comment(step))
        if step.guards:
            self._line(indent, self._shape_guard(step.out))

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

    # -- expressions ---------------------------------------------------------------------------

    def expression(self, step: Step) -> tuple[str, int]:
        """The text of a call, and how tightly it binds."""
        fn, args = step.fn, step.args
        sign = SIGNS.get(fn)
        if self._is_signed(step):
            sign = UFUNC_SIGNS.get(fn.__name__)
            if fn.__name__ == "negative":
                return f"-{self.operand(args[0], UNARY_BINDS)}", UNARY_BINDS
        if sign is not None:
            return self.binary(sign, args)
        if fn in UNARY:
            return f"{UNARY[fn]}{self.operand(args[0], UNARY_BINDS)}", UNARY_BINDS
        if fn is item:
            return f"{self.atom(args[0])}[{args[1]}]", ATOM
        if fn is operator.getitem:
            return f"{self.atom(args[0])}[{self.index(args[1])}]", ATOM
        if isinstance(fn, Method):
            rest = self.arguments(args[1:], step.kwargs)
            return f"{self.atom(args[0])}.{fn.name}({rest})", ATOM
        if fn in METHODS and args and args[0].__class__ is Ref and self._has_array(args[:1]):
            return self.method(METHODS[fn], args, step.kwargs), ATOM
        return f"{self.function(fn)}({self.arguments(args, step.kwargs)})", ATOM

    def method(self, name: str, args: Any, kwargs: dict[str, Any]) -> str:
        """A NumPy function that is a method of arrays too, and quicker as one."""
        if name == "transpose" and args[1:] in ((), (None,)) and not kwargs:
            return f"{self.atom(args[0])}.T"
        kwargs = {k: v for k, v in kwargs.items() if (k, v) not in _DEFAULTS or name == "repeat"}
        return f"{self.atom(args[0])}.{name}({self.arguments(args[1:], kwargs)})"

    def binary(self, sign: str, args: Any) -> tuple[str, int]:
        """Two operands and a sign, with the brackets that it takes."""
        binds = BINDS[sign]
        left, right = binds, binds + 1
        if sign == "**" or sign in _COMPARED:
            left = right = binds + 1 + (sign == "**")
        texts = self.operand(self.weak(args, 0), left), self.operand(self.weak(args, 1), right)
        return f"{texts[0]} {sign} {texts[1]}", binds

    def _is_signed(self, step: Step) -> bool:
        """Whether it is a ufunc that is the same with a sign."""
        fn = step.fn
        if not isinstance(fn, np.ufunc) or step.kwargs or getattr(np, fn.__name__, None) is not fn:
            return False
        return self._has_array(step.args)

    def _has_array(self, args: Any) -> bool:
        """Whether NumPy, not Python, computes `a + b`."""
        infos = [self.program.info[a.id] for a in args if a.__class__ is Ref]
        return any(i.kind in ("array", "scalar") for i in infos)

    def weak(self, args: Any, i: int) -> Any:
        """An operand. A NumPy scalar beside float64 alone is written as a plain number."""
        value, other = args[i], args[1 - i]
        if value.__class__ is np.float64 and other.__class__ is Ref and math.isfinite(value):
            info = self.program.info[other.id]
            if info.dtype == np.float64 and info.kind != "number":
                return float(value)
        return value

    def operand(self, value: Any, binds: int) -> str:
        """An argument where something that binds so tightly can stand."""
        if value.__class__ is Ref:
            text, own = self.text(value.id)
        else:
            text = self.literal(value)
            own = UNARY_BINDS if text.startswith("-") else ATOM
        return text if own >= binds else f"({text})"

    def text(self, at: int) -> tuple[str, int]:
        """A value: its expression if it is read once, else its name."""
        return self._text[at] if at in self._text else (self.names[at], ATOM)

    def atom(self, value: Any) -> str:
        """An argument that an attribute or an index can follow."""
        return self.operand(value, ATOM)

    def argument(self, value: Any) -> str:
        """An argument between commas."""
        if value.__class__ is Ref:
            return self.text(value.id)[0]
        if value.__class__ is tuple:
            return f"({', '.join(map(self.argument, value))}{',' * (len(value) == 1)})"
        if value.__class__ is list:
            return f"[{', '.join(map(self.argument, value))}]"
        if isinstance(value, dict):
            inner = ", ".join(f"{k!r}: {self.argument(v)}" for k, v in value.items())
            return f"{{{inner}}}"
        if value.__class__ is slice:
            parts = (value.start, value.stop, value.step)
            return f"slice({', '.join(map(self.argument, parts))})"
        return self.literal(value)

    def arguments(self, args: Any, kwargs: Any) -> str:
        """What stands between the brackets of a call."""
        named = [f"{k}={self.argument(v)}" for k, v in kwargs.items()]
        return ", ".join([*map(self.argument, args), *named])

    def index(self, index: Any) -> str:
        """What stands between square brackets."""
        if index.__class__ is tuple and index:
            return ", ".join(map(self.index, index)) + "," * (len(index) == 1)
        if index.__class__ is slice:
            ends = [("" if v is None else self.argument(v)) for v in (index.start, index.stop)]
            step = f":{self.argument(index.step)}" if index.step is not None else ""
            return ":".join(ends) + step
        return self.argument(index)

    def tree(self, value: Any) -> str:
        """The results."""
        return self.argument(value)

    def literal(self, value: Any) -> str:
        """A constant as text; by name where it has none."""
        if value is Ellipsis:
            return "..."
        if isinstance(value, np.dtype):
            name = "bool" if value == np.bool_ else value.name
            return (
                f"np.{name}" if value.isnative and hasattr(np, name) else self.need(value, "dtype")
            )
        if isinstance(value, (float, complex)) and not isinstance(value, np.generic):
            text = repr(value)
            return text if "n" not in text else self.need(value, text.strip("-()"))
        if isinstance(value, (np.generic, np.ndarray)):
            return self.need(value, "k1")
        if isinstance(value, type):
            return value.__name__ if hasattr(builtins, value.__name__) else self.function(value)
        if value is None or isinstance(value, (bool, int, str, bytes, range)):
            return repr(value)
        return self.need(value, "k1")

    def function(self, fn: Any) -> str:
        """How a function is called by name, and where from."""
        if isinstance(fn, UfuncMethod):
            return f"{self.function(fn.ufunc)}.{fn.method}"
        name = getattr(fn, "__name__", "call")
        if isinstance(fn, Opaque):
            self.opaque.append(fn.words)
            return self.need(fn, fn.words.replace(".", "_"))
        if getattr(builtins, name, None) is fn:
            return name
        for module, short in _HOMES.items():
            if getattr(sys.modules.get(module), name, None) is fn:
                if module.startswith("scipy"):
                    self.imports.add(f"import {module}")
                    self.needs["scipy"] = sys.modules["scipy"]
                return f"{short}.{name}"
        self.opaque.append(name)
        return self.need(fn, name)

    def need(self, value: Any, name: str) -> str:
        """An object that the namespace gives."""
        name = name if name.isidentifier() and name not in self.needs else f"k{len(self.needs)}"
        for known, old in self.needs.items():
            if old is value:
                return known
        self.needs[name] = value
        return name


_HOMES = {
    "numpy": "np", "numpy.linalg": "np.linalg", "numpy.fft": "np.fft",
    "scipy.special": "scipy.special", "scipy.linalg": "scipy.linalg", "scipy.fft": "scipy.fft",
}  # fmt: skip


class _OtherCase:
    def __repr__(self) -> str:
        return "OTHER_CASE"


#: what a program returns where the arguments belong to another case
OTHER_CASE = _OtherCase()


def same(value: Any, expected: Any) -> bool:
    """Whether a value is the one that a case was traced with, to the bit."""
    value, expected = np.asarray(value), np.asarray(expected)
    if value.shape != expected.shape or value.dtype != expected.dtype:
        return False
    return bool(value.tobytes() == expected.tobytes())


def runnable(program: Program, source: Source) -> Any:
    """The function of a text."""
    constants = {source.names[at]: value for at, value in program.constants.items()}
    space = {**source.needs, **constants, "OTHER_CASE": OTHER_CASE}
    arguments = ", ".join(source.names[at] for at in program.inputs)
    first = [*entry(program, source.names, space), *_whole(program, source, space)]
    body = "\n    ".join([*first, *source.lines])
    exec(compile(f"def program({arguments}):\n    {body}\n", "<compiled>", "exec"), space)
    return space["program"]


def _whole(program: Program, source: Source, space: dict[str, Any]) -> list[str]:
    """Blocks are for arrays in C order: others have another order of summation behind them."""
    names = [source.names[at] for at in program.inputs]
    wide = [source.names[at] for at in program.inputs if len(program.info[at].shape) > 1]
    if not source.blocks or not wide:
        return []
    space["whole"] = runnable(program, Source(program, blocks=False))
    tests = " and ".join(f"{name}.flags.c_contiguous" for name in wide)
    return [f"if not ({tests}): return whole({', '.join(names)})"]


def entry(program: Program, names: Names, space: dict[str, Any]) -> list[str]:
    """The lines that send away arguments of another kind, so that a call may try this case."""
    tests = []
    for at in program.inputs:
        info, name = program.info[at], names[at]
        if info.kind == "number":
            tests.append(f"{name}.__class__ is not {info.dtype.type(0).item().__class__.__name__}")
            continue
        space[f"dtype_{name}"], space["ndarray"] = info.dtype, np.ndarray
        if info.kind == "scalar":
            space[f"kind_{name}"] = info.dtype.type
            tests.append(f"{name}.__class__ is not kind_{name}")
        else:
            tests.append(f"{name}.__class__ is not ndarray or {name}.shape != {info.shape}")
            tests.append(f"{name}.dtype is not dtype_{name} and {name}.dtype != dtype_{name}")
    return [f"if {' or '.join(tests)}: return OTHER_CASE"] if tests else []


def _read_once(program: Program) -> set[int]:
    """Results without a name that one call reads, so that they stand inside it."""
    counts = Counter(at for step in program.steps for at in step.refs())
    found: list[Any] = []
    mapped(program.outputs, found.append)
    outputs = {v.id for v in found if v.__class__ is Ref}
    errs = {s.out: s.err for s in program.calls()}
    readers = _readers(program)
    return {
        at
        for at, n in counts.items()
        if n == 1 and at not in outputs and at in errs and at not in program.names
        and getattr(readers[at], "err", ()) == errs[at]
        and program.info[at].kind != "tuple"
    }  # fmt: skip


def _readers(program: Program) -> dict[int, Any]:
    return {at: step for step in program.steps for at in step.refs()}
