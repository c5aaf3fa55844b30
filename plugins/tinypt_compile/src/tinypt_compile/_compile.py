"""compile: a function and its gradient as straight-line NumPy, one program per case."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from inspect import signature
from threading import RLock
from types import MethodType
from typing import TYPE_CHECKING, Any, overload
from weakref import ref

from tinypt_core._modes import get_mode, observers

from tinypt_compile._arguments import flat
from tinypt_compile._case import Case, Refused, made
from tinypt_compile._program import frozen
from tinypt_compile._runnable import OTHER_CASE
from tinypt_compile._state import States
from tinypt_core import Graph


class Compiled:
    """A function that runs as programs. Made by `compile`; see there."""

    #: the slot holds what a call runs: the shortest way into the case that ran last, which looks
    #: at everything itself; a method would cost as much again as a small program
    __slots__ = ("__call__", "__dict__", "__weakref__")
    __wrapped__: Callable[..., Any]

    if TYPE_CHECKING:
        __call__: Callable[..., Any]

    def __init__(
        self, f: Callable[..., Any], static: Any = (), limit: int = 8, floats: bool = True
    ) -> None:
        update_wrapper(self, f)
        self._static = (static,) if isinstance(static, (str, int)) else tuple(static)
        self._limit = limit
        self._floats = floats
        self._lock = RLock()
        self._reasons: dict[str, int] = {}
        self._states = States(f)
        me = ref(self)
        self._slow = lambda *args, **kwargs: me()._any(args, kwargs)  # type: ignore[union-attr]
        self.__call__ = self._slow

    def _any(self, args: Any, kwargs: Any) -> Any:
        """A call that takes no short way: find its case, or make it."""
        mode = get_mode()
        if mode.watched or observers:
            return self._eager("something looks over the operators' shoulder", args, kwargs, mode)
        state = self._states.now()
        key, values, reason = self._key(mode, args, kwargs)
        if reason:
            return self._eager(reason, args, kwargs)
        for case in list(state.cases.setdefault(key, [])):
            try:
                result = case.run(*values, *state.arrays)
            except Exception:
                return self._eager("a program raised", args, kwargs)
            if result is not OTHER_CASE:
                if mode.outer is None and state.takes(case, args, kwargs):
                    self.__call__ = state.direct(case, mode, self._slow)
                return result
        return self._another(state, key, values, args, kwargs)

    def _key(self, mode: Any, args: Any, kwargs: Any) -> tuple[Any, Any, str | None]:
        """What tells the case of a call, its traced values, or why it has none."""
        key: list[Any] = [mode.enable_backprop]
        values: list[Any] = []
        for i, arg in enumerate(args):
            reason = self._flat(arg, i, key, values)
            if reason:
                return key, values, reason
        for name in kwargs:
            key.append(name)
            reason = self._flat(kwargs[name], name, key, values)
            if reason:
                return key, values, reason
        return tuple(key), values, None

    def _another(self, state: Any, key: Any, values: list[Any], args: Any, kwargs: Any) -> Any:
        """Trace another case, or run eagerly where there are too many."""
        reason = state.problem or state.refused.get(key)
        if reason is None and len(state.cases[key]) >= self._limit:
            reason = f"more than {self._limit} cases of one structure"
        if reason is None and state.late:
            reason = f"more than {self._limit} states of what it reads from outside"
        if reason is not None:
            return self._eager(reason, args, kwargs)
        with self._lock:
            case = made(self, state, args, kwargs)
        if isinstance(case, Refused):
            result = self._eager(case.reason, args, kwargs)
            state.refused[key] = case.reason  # what raises eagerly too may not do so next time
            return result
        state = self._states.now()  # the first look-up of an operator loads packages
        if case.found != state.capture.fingerprint:
            return self._eager("what it reads from outside changed meanwhile", args, kwargs)
        state.cases.setdefault(key, []).append(case)
        result = self._tried(case, values, state)
        if result is OTHER_CASE:
            return self._eager("a program did not take its own arguments", args, kwargs)
        return result

    def _tried(self, case: Case, values: list[Any], state: Any) -> Any:
        try:
            return case.run(*values, *state.arrays)
        except Exception:
            return OTHER_CASE

    def _eager(self, reason: str, args: Any, kwargs: Any, mode: Any = None) -> Any:
        if mode is None or mode.around is None:  # inside another trace it is a part of that
            self._reasons[reason] = self._reasons.get(reason, 0) + 1
        return self.__wrapped__(*args, **kwargs)

    # -- arguments -----------------------------------------------------------------------------

    def _flat(self, arg: Any, name: Any, key: list[Any], values: list[Any]) -> str | None:
        """Add an argument to the key and its arrays to the values; or say why not."""
        if self._static and {name, self._name_of(name)} & set(self._static):
            key.append(frozen(arg))
            return None
        return flat(arg, key, values)

    def _name_of(self, i: Any) -> Any:
        """The name of a positional argument."""
        if isinstance(i, str):
            return i
        try:
            return list(signature(self.__wrapped__).parameters)[i]
        except (IndexError, TypeError, ValueError):
            return None

    # -- pickling takes the function and the options --------------------------------------------

    def __getstate__(self) -> Any:
        return self.__wrapped__, self._static, self._limit, self._floats

    def __setstate__(self, state: Any) -> None:
        self.__init__(*state)  # type: ignore[misc]

    def __repr__(self) -> str:
        return f"compile({self.__wrapped__!r})"

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else self._of(instance)

    def _of(self, instance: Any) -> Any:
        """The method of one object, with programs of its own, kept with the object."""
        method = MethodType(self.__wrapped__, instance)
        kept = getattr(instance, "__dict__", None)
        if kept is None:
            return method
        name = f"_compiled_{self.__wrapped__.__name__}"
        if name not in kept:
            kept[name] = Compiled(method, *self.__getstate__()[1:])
        return kept[name]

    # -- to read ---------------------------------------------------------------------------------

    def report(self) -> str:
        """Which cases exist, which operators are one opaque call, and why something ran eagerly."""
        from tinypt_compile._report import report

        return report(self)

    def source(self, *args: Any, **kwargs: Any) -> str:
        """The program for these arguments, as NumPy to read.

        Raises ValueError that says why, where there is none.
        """
        from tinypt_compile._report import source

        return source(self, args, kwargs)

    def graph(self, *args: Any, **kwargs: Any) -> Graph:
        """The program for these arguments as a graph, which `tinypt_viz` draws.

        Raises ValueError that says why, where there is none.
        """
        from tinypt_compile._drawing import graph

        return graph(self, args, kwargs)

    def export(self, path: Any, *args: Any, **kwargs: Any) -> None:
        """Write the program for these arguments as a module that needs only NumPy.

        Raises ValueError where there is none, or where it calls an operator that is not NumPy.
        """
        from tinypt_compile._export import export

        export(self, path, args, kwargs)


@overload
def compile(
    f: Callable[..., Any], *, static: Any = ..., limit: int = ..., floats: bool = ...
) -> Compiled: ...
@overload
def compile(
    f: None = ..., *, static: Any = ..., limit: int = ..., floats: bool = ...
) -> Callable[[Callable[..., Any]], Compiled]: ...
def compile(f: Any = None, *, static: Any = (), limit: int = 8, floats: bool = True) -> Any:
    """The same function, run as straight-line NumPy: traced once per case, then replayed.

    f: any function of arrays, numbers, and tuples, lists and dicts of them; transforms included,
    as in `compile(value_and_grad(loss))`. static: names or positions of arguments that belong to
    the case by value, as int, bool, str and None do by themselves. limit: how many cases there
    may be for one structure of arguments; beyond it, f runs eagerly. floats: compute with Python's
    floats where everything is one float64.

    What f reads from outside is looked at on every call. Where f cannot become a program, it
    runs eagerly; `.report()` says why.

    >>> import numpy as np
    >>> from tinypt_core import grad
    >>> slope = compile(grad(lambda x: np.sin(x) * x))
    >>> slope(0.0)
    array(0.)
    """
    if f is None:
        return lambda g: Compiled(g, static, limit, floats)
    return Compiled(f, static, limit, floats)
