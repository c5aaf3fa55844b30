"""Numbers that an array is multiplied by one after the other are one number, to the bit.

Of two whole numbers, where one is a power of two: to multiply by that one rounds nothing, and by
the other nothing where results are so small that they are spaced evenly. And of any number beside
a constant of nothing but 0, 1 and -1, as vmap makes them of one-hot rows: to multiply by those
rounds nothing either.
"""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from tinypt_compile._identities import alike
from tinypt_compile._program import Program, Ref, Step, reads

_NEGATIVE = (operator.neg, np.negative)
_PRODUCTS = (operator.mul, np.multiply)
_SUMS = (operator.add, np.add, operator.sub, np.subtract)
#: whole numbers up to here are exact in float16
_WHOLE = 2048


def numbers_at_once(program: Program) -> None:
    """k * (j * x) is (k * j) * x, where that is the same to the bit."""
    _join(Factors(program), Factors.into_number)


def numbers_into_constants(program: Program) -> None:
    """k * (c * x) is (k * c) * x, where that is the same to the bit."""
    _join(Factors(program), Factors.into_constant)


def _join(factors: Factors, into: Callable[..., None]) -> None:
    for step in factors.program.calls():
        factors.join(step, into)


class Factors:
    """The numbers that the calls of a program multiply by."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.counts: Counter[int] = reads(program)
        self.made: dict[int, Step] = {}

    def join(self, step: Step, into: Callable[..., None]) -> None:
        """Let a call of k * x multiply what x is made of, where nobody else reads x."""
        self.made[step.out] = step
        k, x = self._factor(step)
        inner = self._only(x)
        if inner is not None and inner.err == step.err:
            into(self, step, inner, k)

    def into_number(self, step: Step, inner: Step, k: Any) -> None:
        """k * (j * x) is (k * j) * x."""
        j, x = self._factor(inner)
        if x is not None and _is_exact(j, k):
            step.fn, step.args = operator.mul, (float(j * k), x)

    def _only(self, x: Any) -> Step | None:
        """The call that makes a value which one other reads."""
        return self.made.get(x.id) if x.__class__ is Ref and self.counts[x.id] == 1 else None

    def _factor(self, step: Step) -> tuple[Any, Ref | None]:
        """The number that a call multiplies by, and what it multiplies; of real numbers."""
        dtype = self.program.info[step.out].dtype
        if step.kwargs or dtype is None or dtype.kind != "f":
            return 1, None
        if step.fn in _NEGATIVE:
            return -1, step.args[0]
        if step.fn in _PRODUCTS and len(step.args) == 2:
            for k, x in (step.args, step.args[::-1]):
                if _is_number(k) and alike(self.program, x, step):
                    return k, x
        return 1, None

    # -- constants of 0, 1 and -1 ----------------------------------------------------------------

    def into_constant(self, step: Step, inner: Step, k: Any) -> None:
        """k * (units * x) is (k * units) * x, and k * (a - units * x) is k * a - (k * units) * x
        where one of a and units is 0 everywhere."""
        units, x = self._units(inner)
        if units is not None:
            step.fn, step.args = operator.mul, (self._constant(units, k), x)
        elif inner.fn in _SUMS and len(inner.args) == 2 and not inner.kwargs and 1 <= k < math.inf:
            self._into_sum(step, inner, k)

    def _into_sum(self, step: Step, inner: Step, k: Any) -> None:
        """k from 1 on: sums lose the sign of what a smaller one makes 0."""
        for i, a in enumerate(inner.args):
            product = self._only(inner.args[1 - i])
            units, x = self._units(product) if product and product.err == step.err else (None, None)
            if product and units is not None and self._is_beside(a, units):
                product.args = self._constant(units, k), x
                new = self._constant(a, k)
                step.args = (new, inner.args[1]) if i == 0 else (inner.args[0], new)
                step.fn = inner.fn
                return

    def _units(self, step: Step) -> tuple[Any, Any]:
        """The constant of 0, 1 and -1 that a call multiplies by, as large as the result."""
        if step.fn not in _PRODUCTS or len(step.args) != 2 or step.kwargs:
            return None, None
        for c, x in (step.args, step.args[::-1]):
            if self._value(c) is None or x.__class__ is not Ref or not alike(self.program, c, step):
                continue
            if self.program.info[x.id].dtype == self._value(c).dtype and _is_unit(self._value(c)):
                return c, x
        return None, None

    def _value(self, c: Any) -> Any:
        return self.program.constants.get(c.id) if c.__class__ is Ref else None

    def _is_beside(self, a: Any, units: Ref) -> bool:
        """Whether of two constants one is 0 everywhere, and the first never -0."""
        value = self._value(a)
        if value is None or self.program.info[a.id] != self.program.info[units.id]:
            return False
        negative = np.signbit(value) & (value == 0)
        return not (negative.any() or np.any(value * self._value(units)))

    def _constant(self, c: Ref, k: Any) -> Ref:
        """k times a constant."""
        at = max(self.program.info) + 1
        with np.errstate(all="ignore"):  # the program warns
            self.program.constants[at] = self._value(c) * k
        self.program.info[at] = self.program.info[c.id]
        return Ref(at)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.floating)) and not isinstance(value, bool)


def _is_unit(value: Any) -> bool:
    return bool(np.isin(value, (-1, 0, 1)).all())


def _is_exact(j: Any, k: Any) -> bool:
    """Whether x * j * k is x * (j * k), to the bit, of any x."""
    if 1 in (abs(j), abs(k)):
        return True
    whole = all(math.isfinite(n) and n == int(n) and n for n in (j, k))
    if not whole or abs(j * k) > _WHOLE:
        return False
    return any(abs(int(n)).bit_count() == 1 for n in (j, k))
