"""A fork waits until other threads have finished what they began here.

A child has only the thread that forked. What another one was in the middle of, importing an
operator's module, say, would stay locked in the child for ever.
"""

from __future__ import annotations

import _thread
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

_PATIENCE = 2.0  #: seconds: a thread may be waiting for the one that forks

#: guards the registry's dictionaries; read as `forks.lock`, for a child gets a new one
lock = _thread.RLock()  # threading costs an import
_busy: dict[int, int] = {}  #: thread -> how many `busy()` blocks it is in
_forking = False


@contextmanager
def busy() -> Iterator[None]:
    """While this lasts, no other thread forks."""
    me = _thread.get_ident()
    if me not in _busy:
        _wait(lambda: not _forking)
    _busy[me] = _busy.get(me, 0) + 1
    try:
        yield
    finally:
        _busy[me] -= 1
        if not _busy[me]:
            del _busy[me]


def _wait(over: Callable[[], bool]) -> None:
    end = monotonic() + _PATIENCE
    while not over() and monotonic() < end:
        sleep(0.001)


def _before() -> None:
    global _forking
    me = _thread.get_ident()
    _forking = True
    _wait(lambda: not any(thread != me for thread in list(_busy)))


def _in_parent() -> None:
    global _forking
    _forking = False


def _in_child() -> None:
    global _forking, lock
    _forking, lock = False, _thread.RLock()
    me = _thread.get_ident()
    for thread in [thread for thread in _busy if thread != me]:
        del _busy[thread]


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
