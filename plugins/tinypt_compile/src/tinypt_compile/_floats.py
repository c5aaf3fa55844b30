"""A Program of 0-d float64 alone, as Python's floats: five times as fast as NumPy's scalars.

What Python refuses (a pole, a domain, an overflow) or what comes out infinite or NaN runs the NumPy
version instead, so that infinities, NaN and warnings are NumPy's.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from tinypt_compile._emit import Source
from tinypt_compile._expressions import ATOM, BINDS, UFUNC_SIGNS, UNARY_BINDS
from tinypt_compile._program import SIGNS, Guard, Program, Ref, Step, mapped
from tinypt_compile._runnable import OTHER_CASE, entry

_MATH = {
    "sin": "sin", "cos": "cos", "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "arcsinh": "asinh", "arccosh": "acosh",
    "arctanh": "atanh", "exp": "exp", "expm1": "expm1", "log": "log", "log2": "log2",
    "log10": "log10", "log1p": "log1p", "sqrt": "sqrt", "arctan2": "atan2", "hypot": "hypot",
    "radians": "radians", "deg2rad": "radians", "degrees": "degrees", "rad2deg": "degrees",
    "copysign": "copysign", "fabs": "fabs",
}  # fmt: skip
#: of one number they are the number itself
_SAME = {np.asarray, np.array, np.positive, operator.pos, np.real, np.conjugate, float}
_REDUCED = {
    np.sum,
    np.mean,
    np.max,
    np.min,
    np.prod,
    np.ravel,
    np.reshape,
    np.transpose,
    np.squeeze,
}
_COMPARED = {"<", "<=", ">", ">=", "==", "!="}
_SIGNS = {"+", "-", "*", "/", *_COMPARED}


class FloatSource(Source):
    """The text of a program on Python's floats."""

    def _body(self) -> None:
        self.needs = {name: getattr(math, name) for name in {*_MATH.values(), "isfinite"}}
        self.needs |= {"array": np.asarray, "float64": np.float64, "FLOAT": np.dtype(float)}
        for at in self.program.inputs:
            if self.program.info[at].kind != "number":
                self.lines.append(f"{self.names[at]} = {self.names[at]}.item()")
        for step in self.program.steps:
            if isinstance(step, Guard):
                self._line("", self.guard(step))
            else:
                self._step(step, "")
        self._results()

    def _results(self) -> None:
        refs: list[Ref] = []
        mapped(self.program.outputs, lambda v: refs.append(v) if v.__class__ is Ref else None)
        texts = {}
        for ref in dict.fromkeys(refs):
            texts[ref] = self.text(ref.id)[0]
            if not texts[ref].isidentifier():
                self.lines.append(f"{self.names[ref.id]} = {texts[ref]}")
                texts[ref] = self.names[ref.id]
        self._named = texts
        numbers = [t for r, t in texts.items() if self.program.info[r.id].dtype == np.float64]
        results = self.tree(self.program.outputs)
        if numbers:  # a difference with itself is NaN where one is infinite or NaN
            total = " + ".join(f"({t} - {t})" for t in numbers)
            self.lines.append(f"if {total} == 0.0: return {results}")
        else:
            self.lines.append(f"return {results}")

    def tree(self, value: Any) -> str:
        """The results, as what NumPy gives."""
        if value.__class__ is Ref:
            info, name = self.program.info[value.id], self._named[value]
            kinds = {"array": "array({}, FLOAT)", "scalar": "float64({})", "number": "{}"}
            return kinds[info.kind].format(name)
        if isinstance(value, (tuple, list)):
            inner = ", ".join(map(self.tree, value)) + "," * (len(value) == 1)
            return f"({inner})" if value.__class__ is tuple else f"[{inner}]"
        if isinstance(value, dict):
            return "{" + ", ".join(f"{k!r}: {self.tree(v)}" for k, v in value.items()) + "}"
        return self.literal(value)

    def _step(self, step: Step, indent: str) -> None:
        if _is_same(step):
            self._text[step.out] = self.text(step.args[0].id)
        else:
            super()._step(step, indent)

    def expression(self, step: Step) -> tuple[str, int]:
        """The text of a call."""
        fn, args = step.fn, step.args
        sign, name = _sign(fn), fn.__name__
        if sign == "**":
            return self._power(args)
        if sign is not None:
            return self.binary(sign, args)
        if name in ("neg", "negative"):
            return f"-{self.operand(args[0], UNARY_BINDS)}", UNARY_BINDS
        if name in ("abs", "absolute"):
            return f"abs({self.argument(args[0])})", ATOM
        if name == "square":
            return self._power((args[0], 2))
        if name == "reciprocal":
            return f"1.0 / {self.atom(args[0])}", BINDS["/"]
        if name == "where":
            test, a, b = (self.operand(a, 0) for a in args)
            return f"{a} if {test} else {b}", -1
        return f"{_MATH[name]}({self.arguments(args, {})})", ATOM

    def _power(self, args: Any) -> tuple[str, int]:
        x, c = args
        if c.__class__ is not Ref and c == 2:
            text = self.atom(x)
            return (
                (f"{text} * {text}", BINDS["*"])
                if text.isidentifier()
                else (f"{text} ** 2", BINDS["**"])
            )
        if c.__class__ is not Ref and c == 0.5:
            return f"sqrt({self.argument(x)})", ATOM
        return f"pow({self.argument(x)}, {self.argument(c)})", ATOM

    def literal(self, value: Any) -> str:
        """A constant: NumPy's float64 is a plain number here."""
        if isinstance(value, np.float64):
            value = float(value)
        return super().literal(value)


def _is_same(step: Step) -> bool:
    name = getattr(step.fn, "__name__", "")
    return step.fn in _SAME or step.fn in _REDUCED or name in ("astype", "flatten", "getitem")


def _sign(fn: Any) -> str | None:
    sign = SIGNS.get(fn)
    if sign is None and isinstance(fn, np.ufunc):
        sign = UFUNC_SIGNS.get(fn.__name__)
        sign = "**" if fn is np.power else sign
    return sign


def applies(program: Program) -> bool:
    """Whether everything is one float64, and Python has all that is called."""
    infos = [program.info[at] for at in program.inputs]
    infos += [program.info[step.out] for step in program.calls()]
    if not program.inputs or program.constants or not all(map(_is_float, infos)):
        return False
    if any(program.info[at].dtype != np.float64 for at in program.inputs):
        return False
    outputs: list[Any] = []
    mapped(program.outputs, outputs.append)
    if any(v.__class__ is Ref and v.id in program.inputs for v in outputs):
        return False  # the same object comes back
    if not all(_is_result(program, v) for v in outputs):
        return False
    guards = [s for s in program.steps if isinstance(s, Guard)]
    return all(map(_is_known, program.calls())) and all(
        isinstance(g.value, (bool, np.bool_)) for g in guards
    )


def _is_result(program: Program, value: Any) -> bool:
    if value.__class__ is Ref:
        return bool(program.info[value.id].dtype == np.float64)
    return value is None or (
        isinstance(value, (bool, int, float, str)) and not isinstance(value, np.generic)
    )


def _is_float(info: Any) -> bool:
    return bool(not info.shape and info.dtype is not None and info.dtype in (np.float64, np.bool_))


def _is_known(step: Step) -> bool:
    for value in _flat(step.args):
        weak = value.__class__ in (int, float, np.float64, Ref)
        if not weak and not _is_same(step):
            return False
    if step.err or step.guards:
        return False
    if _is_same(step):
        return _stays(step)
    sign, name = _sign(step.fn), getattr(step.fn, "__name__", "")
    if step.kwargs:
        return False
    if sign is not None:
        return sign in _SIGNS or (sign == "**" and _is_power(step.args))
    return name in ("neg", "negative", "abs", "absolute", "square", "reciprocal") or (
        (name == "where" and len(step.args) == 3)
        or (name in _MATH and isinstance(step.fn, np.ufunc))
    )


def _stays(step: Step) -> bool:
    """Whether what keeps a number does so here: the dtype too."""
    rest = _flat((step.args[1:], step.kwargs))
    return step.args[0].__class__ is Ref and all(
        v is None or v is Ellipsis or isinstance(v, (bool, str, int)) or v == np.float64
        for v in rest
    )


def _is_power(args: Any) -> bool:
    return args[0].__class__ is Ref and all(
        a.__class__ in (Ref, int, float, np.float64) for a in args
    )


def _flat(values: Any) -> list[Any]:
    found: list[Any] = []
    mapped(values, found.append)
    return found


def fast(program: Program, exact: Any) -> tuple[Any, FloatSource]:
    """The function, which asks the exact one where NumPy shall compute, and its source."""
    source = FloatSource(program)
    space = {**source.needs, "OTHER_CASE": OTHER_CASE, "pow": math.pow, "exact": exact}
    names = ", ".join(source.names[at] for at in program.inputs)
    first = "".join(f"    {line}\n" for line in entry(program, source.names, space))
    body = "\n        ".join(source.lines)
    text = (
        f"def program({names}):\n{first}    try:\n        {body}\n"
        f"    except (ArithmeticError, ValueError):\n        pass\n    return exact({names})\n"
    )
    exec(compile(text, "<compiled>", "exec"), space)
    return space["program"], source
