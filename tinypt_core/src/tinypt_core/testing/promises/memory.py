"""Memory: what the rule does not ask for goes away, and reference counting frees the rest."""

from __future__ import annotations

import dis
import gc
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from weakref import ref

import numpy as np

from tinypt_core._engine.gradients import gradients
from tinypt_core._operator.signature import authored, parameters
from tinypt_core._variable import Variable
from tinypt_core.testing.promises._promise import promise, recorded_error, smooth_cases
from tinypt_core.testing.report import Broken
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import flat, to_array


@promise(
    "memory",
    "nothing is kept alive beyond what the rule asks for",
    "forward leaves an array on self, on the class or in a list; ask for it by name in backward "
    "and it is kept exactly as long as it is needed",
)
def memory(subject: Subject) -> Iterator[Broken]:
    """Arrays die when they should, nodes hold none of their own, and calls do not add up."""
    for case in smooth_cases(subject, "gradient", "broadcasting")[:4]:
        with _no_collector():
            yield from _kept_alive(subject, case)
    for case in sorted(smooth_cases(subject, "gradient")[:8], key=lambda c: -c.size)[:1]:
        yield from _growth(subject, case)


@contextmanager
def _no_collector() -> Iterator[None]:
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def _tracing() -> Iterator[None]:
    was = tracemalloc.is_tracing()
    if not was:
        tracemalloc.start()
    try:
        yield
    finally:
        if not was:
            tracemalloc.stop()


@contextmanager
def _collecting_new_objects_only() -> Iterator[None]:
    """What was there before is not looked at: a collection takes no time."""
    frozen = gc.get_freeze_count()
    gc.freeze()
    try:
        yield
    finally:
        if not frozen:
            gc.unfreeze()


def _kept_alive(subject: Subject, case: Case) -> Iterator[Broken]:
    xs = [x.copy() for x in case.xs]
    variables = [Variable(x) for x in xs]
    outs = subject.run(case.like(xs), variables)
    nodes = [node for node in subject.nodes(outs) if type(node) is subject.cls]
    inputs = [
        (f"input {i}", ref(x), ref(v)) for i, (x, v) in enumerate(zip(xs, variables, strict=True))
    ]
    results = [(f"output {i}", ref(y.data), ref(y)) for i, y in enumerate(outs)
               if isinstance(y, Variable) and y.dtype.kind == "f"]  # fmt: skip
    views = getattr(subject.cls, "is_view", False)
    for node in nodes:
        yield from _own_arrays(node, case)
        with suppress(AttributeError):  # what the core keeps, for the rule
            object.__delattr__(node, "_held")
    del xs, variables, outs
    for where, array, variable in [*inputs, *results] if nodes and not views else ():
        if array() is not None or variable() is not None:
            yield Broken("", "an array that the rule did not ask for is kept alive", str(case),
                         where, "freed with its last user", "still there")  # fmt: skip
            return


def _own_arrays(node: Any, case: Case) -> Iterator[Broken]:
    """Arrays of floats on the node that are neither parameters nor the core's."""
    named = set(parameters(type(node)))
    for name, value in {**node.__getstate__()[0], **node.__getstate__()[1]}.items():
        if name in named or name in _set_by_constructor(type(node)):
            continue
        for part in flat(value) if not isinstance(value, dict) else value.values():
            array = part.data if isinstance(part, Variable) else part
            if isinstance(array, np.ndarray) and array.dtype.kind == "f" and array.size > 1:
                yield Broken("", f"forward left an array on the node: self.{name}", str(case), "",
                             "only what backward asks for", str(array.dtype))  # fmt: skip
                return


def _set_by_constructor(cls: Any) -> set[str]:
    """The attributes that the constructor sets: they do not depend on the inputs."""
    constructors = [vars(base)["__init__"] for base in authored(cls) if "__init__" in vars(base)]
    codes = [c.__code__ for c in constructors if hasattr(c, "__code__")]
    return {i.argval for c in codes for i in dis.get_instructions(c) if i.opname == "STORE_ATTR"}


def _growth(subject: Subject, case: Case) -> Iterator[Broken]:
    """Memory that stays behind, per call: arrays in a list of the class, a cache without end."""
    gys = subject.cotangents(case, subject.rng(70))

    def calls(n: int) -> int:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(n):
            subject.gradient(case, gys, [x.copy() for x in case.xs])
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - before

    n = 24
    array = max(140.0, 60 + 0.9 * min(x.nbytes for x in case.xs))  # NumPy itself loses some 50
    with _tracing(), _collecting_new_objects_only():
        calls(8)
        for _ in range(12):  # caches of NumPy and SciPy fill up some time; a leak has no end
            grown = calls(n)
            if grown < n * array:
                return
    yield Broken("", "every call leaves memory behind", str(case), "bytes per call", "0",
                 str(grown // n))  # fmt: skip


@promise(
    "cycle",
    "reference counting alone frees the graph: no reference cycle",
    "the node refers to itself: self.f = lambda: self..., self.y = the output Variable, a bound "
    "method kept on self",
)
def cycle(subject: Subject) -> Iterator[Broken]:
    """With the collector off, nodes die with their last user."""
    for case in smooth_cases(subject)[:4]:
        for create_graph in (False, True):
            if create_graph and (subject.order < 2 or recorded_error(subject, case)):
                break
            with _no_collector():
                left = _survivors(subject, case, create_graph)
            if left:
                when = "after create_graph=True" if create_graph else "after backward"
                yield Broken("", "the graph outlives its last user", str(case), when,
                             "freed", ", ".join(left))  # fmt: skip
                break


def _survivors(subject: Subject, case: Case, create_graph: bool) -> list[str]:
    variables = [Variable(x.copy()) for x in case.xs]
    outs = subject.run(case, variables)
    gys = subject.cotangents(case, subject.rng(71))
    refs = [(type(f).__name__, ref(f)) for f in subject.nodes(outs)]
    refs += [(f"output {i}", ref(to_array(y))) for i, y in enumerate(outs)]
    gxs = gradients(subject.floats(outs), variables, gys, create_graph)
    refs += [(f"gradient {i}", ref(g)) for i, g in enumerate(gxs)]
    del variables, outs, gxs
    return [name for name, r in refs if r() is not None]
