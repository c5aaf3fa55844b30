"""One case: trace the function twice, compare, and make the program runnable."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from tinypt_core._graph.places import node_at
from tinypt_core._modes import using_mode

from tinypt_compile._around import Around
from tinypt_compile._capture import Capture
from tinypt_compile._emit import Source
from tinypt_compile._floats import applies, quick
from tinypt_compile._program import Program, Ref, mapped
from tinypt_compile._random import drawing_noticed
from tinypt_compile._runnable import OTHER_CASE, exact
from tinypt_compile._trace import Trace
from tinypt_core import Variable


class Refused(NamedTuple):
    """No program: why."""

    reason: str


class Case:
    """A program that runs."""

    def __init__(
        self,
        program: Program,
        finish: Callable[[Any], Any] | None,
        floats: bool,
        fixed: bool,
        found: Any,
    ) -> None:
        self.program = program
        #: whether its key holds more than the kinds of its inputs
        self.fixed = fixed
        #: what was found outside when it was traced
        self.found = found
        self.finish = finish
        self.body = exact(program, Source(program, to_run=True))
        #: whether it runs on Python's floats
        self.quick = floats and applies(program)
        if self.quick:
            self.body = quick(program, self.body.function())
        #: what runs on the values
        self.run: Callable[..., Any] = self.body.function()
        if finish:
            self.run = self._finished(self.run, finish)

    @cached_property
    def text(self) -> Source:
        """The program to read."""
        return Source(self.program)

    @staticmethod
    def _finished(run: Callable[..., Any], finish: Callable[[Any], Any]) -> Callable[..., Any]:
        def finished(*values: Any) -> Any:
            result = run(*values)
            return result if result is OTHER_CASE else finish(result)

        return finished


def made(compiled: Any, state: Any, args: Any, kwargs: Any) -> Case | Refused:
    """The case of these arguments."""
    runs = [_Run(compiled, args, kwargs) for _ in range(3)]
    for i, run in enumerate(runs):
        run()
        if run.problem:
            return Refused(run.problem)
        # what an operator settles at its first call may show in the first run
        if i and runs[i - 1].program.frozen() == run.program.frozen():
            break
    else:
        return Refused("two runs on the same arguments computed different things")
    first, second = runs[i - 1], runs[i]
    known = {id(array) for array, _ in state.capture.arrays}
    again = {id(array) for array in second.trace.foreign}
    for array in first.trace.foreign:
        if id(array) in again and id(array) not in known:
            return Refused("it reads an array that is neither an argument nor in its own reach")
    from tinypt_compile._passes import improved

    program = improved(second.program, second.trace.values)
    plain = all(isinstance(a, (np.ndarray, np.generic, float, complex)) for a in args)
    fixed = bool(kwargs or compiled._static) or not plain
    return Case(program, second.finish, compiled._floats, fixed, second.found)


class _Run:
    """One trace."""

    def __init__(self, compiled: Any, args: Any, kwargs: Any) -> None:
        self.compiled, self.args, self.kwargs = compiled, args, kwargs
        self.problem: str | None = None
        self.trace = Trace(lambda code: not _is_ours(code.co_filename))
        self.finish: Callable[[Any], Any] | None = None
        self.found: Any = None

    @property
    def program(self) -> Program:
        return self.trace.program

    def __call__(self) -> None:
        trace = self.trace
        args = [self._argument(a, i) for i, a in enumerate(self.args)]
        kwargs = {k: self._argument(a, k) for k, a in self.kwargs.items()}
        capture = Capture(self.compiled.__wrapped__, trace.input)
        self.problem, self.found = capture.problem, capture.fingerprint
        if self.problem:
            return
        try:
            with drawing_noticed(self, capture), using_mode(around=Around(trace)):
                result = capture.copy(*args, **kwargs)
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            self.problem = (
                self.problem or capture.problem or trace.blocked or f"tracing it raised {said:.200}"
            )
            return
        changed = capture.changed()
        self.problem = (
            self.problem
            or capture.problem
            or trace.blocked
            or (changed and f"it changes {changed}")
        )
        if not self.problem:
            self._outputs(result)
        trace.closed = True

    # -- what goes in --------------------------------------------------------------------------

    def _argument(self, arg: Any, name: Any) -> Any:
        word = self.compiled._name_of(name) if isinstance(name, int) else name
        if {name, word} & set(self.compiled._static):
            return arg
        return self._traced(arg, word or f"x{name}")

    def _traced(self, arg: Any, name: str) -> Any:
        if isinstance(arg, dict):
            return type(arg)({k: self._traced(v, str(k)) for k, v in arg.items()})
        if isinstance(arg, (tuple, list)):
            names = getattr(arg, "_fields", [f"{name}{i}" for i in range(len(arg))])
            parts = [self._traced(v, n) for v, n in zip(arg, names, strict=True)]
            return type(arg)(*parts) if hasattr(arg, "_fields") else type(arg)(parts)
        if isinstance(arg, (np.ndarray, np.generic)) or arg.__class__ in (float, complex):
            return self.trace.input(arg, name)
        return arg

    # -- what comes out ------------------------------------------------------------------------

    def _outputs(self, result: Any) -> None:
        wraps: list[str] = []
        try:
            tree = mapped(result, lambda leaf: self._output(leaf, wraps))
        except Exception as error:
            self.problem = self.trace.blocked or str(error)
            return
        plain = all(w == "" for w in wraps) and _is_plain(tree)
        self.program.outputs = tree if plain else _leaves(tree)
        if not plain:
            self.finish = _finisher(tree, wraps)

    def _output(self, leaf: Any, wraps: list[str]) -> Any:
        if isinstance(leaf, Variable):
            if node_at(leaf._edge) is not None:
                raise self.trace.block("it returns a Variable that is connected to a graph")
            wraps.append("constant" if leaf._edge.constant else "variable")
            leaf = leaf._array
            if not hasattr(leaf, "_trace"):
                leaf = np.asarray(leaf)
        elif leaf is None or isinstance(leaf, (bool, int, float, complex, str, bytes)):
            return leaf
        else:
            wraps.append("")
        if isinstance(leaf, np.ndarray) and any(leaf is a for a in self.trace.foreign):
            leaf = leaf.copy()
        at = self.trace.ref(leaf)
        if at.__class__ is Ref and at.id in self.program.constants:  # never the same array twice
            return self.trace.ref(self.trace.record(np.array, (self.trace.traced(at.id),)))
        if at.__class__ is not Ref and not isinstance(at, np.generic):
            raise self.trace.block(f"it returns a {type(leaf).__name__}")
        return at


def _is_ours(filename: str) -> bool:
    return any(f"{part}" in filename for part in _OURS) or filename.startswith("<")


_OURS = ("/tinypt_core/", "/tinypt_compile/src", "/tinypt_ops_", "/numpy/", "/scipy/")


def _is_plain(tree: Any) -> bool:
    """Whether the results can be written as a literal."""
    if isinstance(tree, Ref):
        return True
    if isinstance(tree, (tuple, list)):
        return type(tree) in (tuple, list) and all(map(_is_plain, tree))
    if isinstance(tree, dict):
        return (
            type(tree) is dict
            and all(isinstance(k, str) for k in tree)
            and all(map(_is_plain, tree.values()))
        )
    return tree is None or isinstance(tree, (bool, int, float, str))


def _leaves(tree: Any) -> list[Any]:
    found: list[Any] = []
    mapped(tree, found.append)
    return found


def _finisher(tree: Any, wraps: list[str]) -> Callable[[Any], Any]:
    """What the caller gets: the structure, and Variables where there were some."""

    def finish(flat: Any) -> Any:
        values, kinds = iter(flat), iter(wraps)

        def leaf(like: Any) -> Any:
            value = next(values)
            if like.__class__ is not Ref and not isinstance(like, np.generic):
                return value
            kind = next(kinds)
            if not kind:
                return value
            made = Variable(np.asarray(value))
            made._edge.constant = kind == "constant"
            made._edge.unrecorded = kind == "variable"
            return made

        return mapped(tree, leaf)

    return finish
