"""Threads: calls that overlap do not see each other."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tinypt_core._engine.gradients import gradients
from tinypt_core._operator.signature import authored
from tinypt_core.testing.promises._promise import (
    differing,
    forward_error,
    plain_error,
    promise,
    smooth_cases,
)
from tinypt_core.testing.report import Broken
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import Arrays, variables_of


@promise(
    "thread-safe",
    "calls that overlap, in one thread or in several, do not disturb each other",
    "state on the class or in the module: a buffer, a cache, a 'last input'; what belongs to one "
    "call belongs into that call",
)
def thread_safe(subject: Subject) -> Iterator[Broken]:
    """Forward A, forward B, backward A, backward B; then two threads in lockstep."""
    for a, b in pairs(subject):
        gys = [subject.cotangents(c, subject.rng(80)) for c in (a, b)]
        alone = [_alone(subject, c, g) for c, g in zip((a, b), gys, strict=True)]
        interleaved = _interleaved(subject, (a, b), gys)
        found = list(_compare(alone, interleaved, (a, b), "interleaved calls"))
        yield from found
        if not found:
            together = _lockstep(subject, (a, b), gys)
            yield from _compare(alone, together, (a, b), "two threads")


def pairs(subject: Subject) -> Iterator[tuple[Case, Case]]:
    """A case and the same call on other values."""
    for case in smooth_cases(subject, "gradient", "broadcasting")[:2]:
        other = case.like([(x[..., ::-1] if x.ndim else x * 0.97) * 1.0 for x in case.xs])
        if forward_error(subject, other) is None and plain_error(subject, other) is None:
            yield case, other


def _alone(subject: Subject, case: Case, gys: Arrays) -> tuple[Arrays, Arrays]:
    return subject.value(case), subject.gradient(case, gys)


def _interleaved(subject: Subject, cases: Any, gys: Any) -> list[tuple[Arrays, Arrays]]:
    runs = []
    for case in cases:
        variables = variables_of(case.fresh())
        runs.append((subject.run(case, variables), variables))
    return [
        ([np.asarray(getattr(y, "_array", y)) for y in outs],
         list(gradients(subject.floats(outs), variables, gy)))
        for (outs, variables), gy in zip(runs, gys, strict=True)
    ]  # fmt: skip


def _compare(alone: Any, got: Any, cases: Any, how: str) -> Iterator[Broken]:
    for (ys, gxs), result, case in zip(alone, got, cases, strict=True):
        if isinstance(result, Exception):
            yield Broken("", f"{how}: one raised", str(case), "", "no error",
                         f"{type(result).__name__}: {result}")  # fmt: skip
            continue
        yield from differing(ys, result[0], 1e-12, case, f"{how}: the value changed", "output")
        yield from differing(gxs, result[1], 1e-10, case, f"{how}: the gradient changed", "input")


# -- two threads, one step of bytecode at a time --------------------------------------------------


def _lockstep(subject: Subject, cases: Any, gys: Any) -> list[Any]:
    turns = _Turns(2)
    files = _files(subject)
    results: list[Any] = [None, None]

    def work(i: int) -> None:
        sys.settrace(_tracer(files, lambda: turns.wait(i)))
        try:
            with np.errstate(all="ignore"):
                results[i] = _alone(subject, cases[i], gys[i])
        except Exception as error:
            results[i] = error
        finally:
            sys.settrace(None)
            turns.leave(i)

    threads = [threading.Thread(target=work, args=(i,), daemon=True) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _files(subject: Subject) -> set[str]:
    """Where the operator's own code lives: only there the threads take turns."""
    functions = [
        getattr(value, "__func__", value)
        for base in (authored(subject.cls) if subject.cls else ())
        for value in (*vars(base).values(), vars(base).get("_written"))
    ]
    codes = [getattr(f, "__code__", None) for f in (*functions, subject.target)]
    return {c.co_filename for c in codes if c is not None} - {_THIS}


_THIS = __file__


def _tracer(files: set[str], wait: Callable[[], None]) -> Any:
    def step(frame: Any, event: str, arg: Any) -> Any:
        wait()
        return step

    def enter(frame: Any, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename not in files:
            return None
        frame.f_trace_opcodes = True
        wait()
        return step

    return enter


class _Turns:
    """Threads take turns; one that is blocked or gone is not waited for."""

    def __init__(self, n: int) -> None:
        self._condition = threading.Condition()
        self._running = list(range(n))
        self._turn = 0
        self._free = False

    def wait(self, i: int) -> None:
        """Hand the turn over, and wait for it to come back."""
        with self._condition:
            if self._free:
                return
            if self._turn == i:
                self._pass(i)
            came = self._condition.wait_for(lambda: self._turn == i or self._free, timeout=0.1)
            if not came:  # the other is blocked, by a lock of the operator's: it knows better
                self._free = True
                self._condition.notify_all()

    def leave(self, i: int) -> None:
        """Be waited for no longer."""
        with self._condition:
            self._pass(i)
            self._running.remove(i)
            self._condition.notify_all()

    def _pass(self, i: int) -> None:
        others = [j for j in self._running if j != i]
        self._turn = others[0] if others else i
        self._condition.notify_all()
