"""A call as text: signs, methods, functions by name, constants."""

from __future__ import annotations

import builtins
import math
import operator
import sys
from typing import Any

import numpy as np

from tinypt_compile._names import Names
from tinypt_compile._program import (
    SIGNS,
    UNARY,
    Method,
    Opaque,
    Program,
    Ref,
    Step,
    UfuncMethod,
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


_HOMES = {
    "numpy": "np", "numpy.linalg": "np.linalg", "numpy.fft": "np.fft",
    "scipy.special": "scipy.special", "scipy.linalg": "scipy.linalg", "scipy.fft": "scipy.fft",
}  # fmt: skip


class Expressions:
    """The text of calls and of what they get.

    needs: objects that the namespace gives, by name. imports: lines. opaque: calls that are no
    function of NumPy.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.names = Names(program)
        self.needs: dict[str, Any] = {"np": np}
        self.imports: set[str] = set()
        self.opaque: list[str] = []
        self._text: dict[int, tuple[str, int]] = {}  #: expressions that are read once

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
        if value.__class__ in (float, complex):
            text = repr(value)
            return text if "n" not in text else self.need(value, text.strip("-()"))
        if isinstance(value, (np.generic, np.ndarray)):
            return self.need(value, "k1")
        if isinstance(value, type):
            return value.__name__ if hasattr(builtins, value.__name__) else self.function(value)
        if value is None or value.__class__ in (bool, int, str, bytes, range):
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
        for known, old in self.needs.items():
            if old is value:
                return known
        name = self.names.fresh(name if name.isidentifier() else "k1")
        self.needs[name] = value
        return name
