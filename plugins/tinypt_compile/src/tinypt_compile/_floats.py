"""A Program of 0-d float64 alone, as Python's floats: five times as fast as NumPy's scalars.

What Python refuses (a pole, a domain, an overflow) or what comes out infinite or NaN runs the NumPy
version instead, so that infinities, NaN and warnings are NumPy's.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from tinypt_compile._agrees import MATH, agrees
from tinypt_compile._emit import Source
from tinypt_compile._expressions import ATOM, BINDS, UFUNC_SIGNS, UNARY_BINDS
from tinypt_compile._program import SIGNS, Guard, Program, Ref, Step, mapped
from tinypt_compile._runnable import OTHER_CASE, Body, tests

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
        self.needs = {}
        for at in self.program.inputs:
            if self.program.info[at].kind != "number":
                name = self.names.fresh(self.names[at])  # the argument itself goes another way yet
                self.lines.append(f"{name} = float({self.names[at]})")
                self._text[at] = name, ATOM
        for step in self.program.steps:
            if isinstance(step, Guard):
                self._line("", self.guard(step))
            else:
                self._step(step, "")
        self._results()

    def _results(self) -> None:
        refs: list[Ref] = []
        mapped(self.program.outputs, lambda v: refs.append(v) if v.__class__ is Ref else None)
        self._named = {ref: self._with_name(self.text(ref.id)[0]) for ref in dict.fromkeys(refs)}
        results = self.tree(self.program.outputs)
        if self._named:  # a difference with itself is NaN where one of them is infinite or NaN
            total = self.names.fresh("total")
            self.lines.append(f"{total} = {' + '.join(self._named.values())}")
            self.lines.append(f"if {total} - {total} == 0.0: return {results}")
        else:
            self.lines.append(f"return {results}")

    def _with_name(self, text: str) -> str:
        """An expression that is read more than once, by name."""
        if text.isidentifier():
            return text
        name = self.names.fresh("t1")
        self.lines.append(f"{name} = {text}")
        return name

    def tree(self, value: Any) -> str:
        """The results, as what NumPy gives."""
        if value.__class__ is Ref:
            info, name = self.program.info[value.id], self._named[value]
            made: Any = {"array": np.array, "scalar": np.float64}.get(info.kind)
            return name if made is None else f"{self.need(made, made.__name__)}({name})"
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
            return self._power(step)
        if sign is not None:
            return self.binary(sign, args)
        if name in ("neg", "negative"):
            return f"-{self.operand(args[0], UNARY_BINDS)}", UNARY_BINDS
        if name in ("abs", "absolute"):
            return f"abs({self.argument(args[0])})", ATOM
        if name == "square":
            return self._product(args[0])
        if name == "reciprocal":
            return f"1.0 / {self.atom(args[0])}", BINDS["/"]
        if name == "where":
            test, a, b = (self.operand(v if v.__class__ is Ref else float(v), 0) for v in args)
            return f"{a} if {test} else {b}", -1
        return self._called(name, args), ATOM

    def _square(self, step: Step) -> None:
        """Powers are `_power` here."""

    def _called(self, name: str, args: Any) -> str:
        """A function of math where it rounds as NumPy's does; otherwise NumPy's."""
        arguments = self.arguments(args, {})
        if agrees(name):
            return f"{self.need(getattr(math, MATH[name]), MATH[name])}({arguments})"
        return f"{self.need(getattr(np, name), name)}({arguments}).item()"

    def _product(self, x: Any) -> tuple[str, int]:
        name = self._with_name(self.argument(x))
        return f"{name} * {name}", BINDS["*"]

    def _power(self, step: Step) -> tuple[str, int]:
        """NumPy squares arrays by a product, and raises its scalars as Python does."""
        x, c = step.args
        if step.fn is operator.pow and self.program.info[x.id].kind != "array":
            if c.__class__ is not Ref and c == 2:
                return f"{self.atom(x)} ** 2", BINDS["**"]
            return f"{self.need(math.pow, 'pow')}({self.arguments(step.args, {})})", ATOM
        if c.__class__ is not Ref and c == 2:
            return self._product(x)
        if c.__class__ is not Ref and c == 0.5:
            return self._called("sqrt", (x,)), ATOM
        if c.__class__ is not Ref and c == -1:
            return f"1.0 / {self.atom(x)}", BINDS["/"]
        return self._called("power", (x, c)), ATOM

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
        or (name in MATH and isinstance(step.fn, np.ufunc))
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


def quick(program: Program, exact: Any) -> Body:
    """The body on floats, which asks the exact function where NumPy shall compute."""
    source = FloatSource(program, to_run=True)
    space = {**source.needs, "OTHER_CASE": OTHER_CASE, "exact": exact}
    names = [source.names[at] for at in program.inputs]
    kinds = tests(program, source.names, space)
    caught, otherwise = "(ArithmeticError, ValueError)", f"return exact({', '.join(names)})"
    body = Body(names, kinds, source.lines, space, source.names.fresh)
    return body._replace(caught=caught, otherwise=otherwise)
