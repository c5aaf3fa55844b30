"""Programs that could go wrong in silence: each is right, or is refused and told what to write.

A `Kind` collects programs and makes one test of each. A program with `at` is a function of an
array with a scalar result; it is differentiated in every one of `WAYS`, and what is right comes
from finite differences of the very same function on plain arrays. A program without `at` takes
nothing and returns what is compared with `want`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from tinypt_core import TinyptError, Variable, grad, gradients, hvp, jvp

#: what a float of floating point answers to: its number on purpose, or an array made properly
NUMBER = r"\.item\(\)"
BUFFER = r"np\.stack|Variable\(np\.zeros"
PLAIN = f"{NUMBER}|{BUFFER}"
CHANGED = r"(?is)chang.*(copy|copies|again|anew|before|after|new)"

Function = Callable[..., Any]


# -- ways to differentiate -------------------------------------------------------------------------


def by_backward(f: Function, x: np.ndarray) -> Any:
    v = Variable(x.copy())
    f(v).backward()
    return v.grad


def by_backward_twice(f: Function, x: np.ndarray) -> Any:
    v = Variable(x.copy())
    f(v).backward(create_graph=True)
    slope = v.grad
    v.cleargrad()
    np.sum(slope).backward()
    return np.zeros(x.shape) if v.grad is None else v.grad


def by_gradients_twice(f: Function, x: np.ndarray) -> Any:
    v = Variable(x.copy())
    (slope,) = gradients(f(v), v, create_graph=True)
    return gradients(np.sum(slope), v)[0]


def by_grad(f: Function, x: np.ndarray) -> Any:
    return grad(f)(x)


def by_jvp(f: Function, x: np.ndarray) -> Any:
    return jvp(f, (x,), (np.ones(x.shape),))[1]


def by_hvp(f: Function, x: np.ndarray) -> Any:
    return hvp(f, x, np.ones(x.shape))


def by_grad_of_grad(f: Function, x: np.ndarray) -> Any:
    return grad(lambda z: np.sum(grad(f)(z)))(x)


#: name -> (the way, the order of the derivative)
WAYS: dict[str, tuple[Function, int]] = {
    "backward": (by_backward, 1),
    "backward twice": (by_backward_twice, 2),
    "gradients twice": (by_gradients_twice, 2),
    "grad": (by_grad, 1),
    "jvp": (by_jvp, 0),
    "hvp": (by_hvp, 2),
    "grad of grad": (by_grad_of_grad, 2),
}
TRANSFORMS = ("grad", "jvp", "hvp", "grad of grad")


def slopes(f: Function, x: np.ndarray, eps: float) -> np.ndarray:
    """df/dx by central differences."""
    out = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = eps
        out[i] = (f(x + step) - f(x - step)) / (2 * eps)
    return out


def by_differences(f: Function, x: np.ndarray, order: int) -> Any:
    """The gradient (1), its sum (0), or the Hessian's row sums (2), from values on arrays."""
    if order == 2:
        eps = 1e-3
        return (slopes(f, x + eps, eps) - slopes(f, x - eps, eps)) / (2 * eps)
    slope = slopes(f, x, 1e-6)
    return slope if order else np.sum(slope)


# -- right or refused ------------------------------------------------------------------------------


def says(error: BaseException, advice: str) -> bool:
    """Whether the error, or one it was raised from, is ours or a TypeError, with that advice.

    NumPy's `array[i] = variable` turns what `__float__` raises into the cause of a ValueError.
    """
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, (TinyptError, TypeError)) and re.search(advice, str(link)):
            return True
        link = link.__cause__
    return False


def plain(value: Any) -> Any:
    return value.data if isinstance(value, Variable) else value


def agree(got: Any, want: Any, rtol: float) -> None:
    if isinstance(want, (tuple, list)):
        assert len(got) == len(want)
        for g, w in zip(got, want, strict=True):
            agree(g, w, rtol)
    elif isinstance(want, (str, bool, type(None))):
        assert got == want
    else:
        np.testing.assert_allclose(plain(got), plain(want), rtol=rtol, atol=rtol)


def right_or_refused(
    run: Function, want: Function, advice: str | None, must_refuse: bool, rtol: float, way: str
) -> None:
    try:
        got = run()
    except Exception as error:
        if advice is None or not says(error, advice):
            raise AssertionError(
                f"{way}: {type(error).__name__}: {error}; expected "
                + ("a right answer" if advice is None else f"one that says {advice!r}")
            ) from error
        return
    if must_refuse:
        pytest.fail(f"{way}: not refused, gave {got!r}")
    try:
        agree(got, want(), rtol)
    except AssertionError as wrong:
        raise AssertionError(f"{way}: silently wrong{wrong}") from wrong


@dataclass
class Program:
    run: Function
    advice: str | None
    must_refuse: bool
    at: Any = None
    want: Any = None
    rtol: float = 1e-3
    ways: tuple[str, ...] = field(default_factory=lambda: tuple(WAYS))

    def check(self) -> None:
        if self.at is None:
            right_or_refused(
                self.run, lambda: self.want, self.advice, self.must_refuse, self.rtol, "it"
            )
            return
        x = np.asarray(self.at, float)
        for name in self.ways:
            way, order = WAYS[name]
            right_or_refused(
                lambda way=way: way(self.run, x),
                lambda order=order: by_differences(self.run, x, order),
                self.advice,
                self.must_refuse,
                self.rtol,
                name,
            )


class Kind:
    """Programs of one kind, by decorators: `right()`, `refused(advice)`, `either(advice)`."""

    def __init__(self) -> None:
        self.programs: list[Program] = []

    def right(self, **how: Any) -> Function:
        return self._add(None, False, how)

    def refused(self, advice: str, **how: Any) -> Function:
        return self._add(advice, True, how)

    def either(self, advice: str, **how: Any) -> Function:
        return self._add(advice, False, how)

    def _add(self, advice: str | None, must_refuse: bool, how: dict[str, Any]) -> Function:
        def add(run: Function) -> Function:
            self.programs.append(Program(run, advice, must_refuse, **how))
            return run

        return add

    def test(self) -> Function:
        """One test per program, named after it."""

        @pytest.mark.parametrize("program", self.programs, ids=lambda p: p.run.__name__.strip("_"))
        def test(program: Program) -> None:
            program.check()

        return test
