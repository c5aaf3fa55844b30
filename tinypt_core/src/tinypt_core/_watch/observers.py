"""Running an op while something looks over its shoulder: observers and anomaly detection."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from tinypt_core import _modes
from tinypt_core._modes import Mode, get_mode, using_mode
from tinypt_core._names import describe, describe_error, did_you_mean

_EVENTS = ("before_forward", "after_forward", "before_backward", "after_backward")
_observing: ContextVar[bool] = ContextVar("tinypt_observing", default=False)


class Watcher:
    """An observer's methods, looked up once; None where it has none. See `hookspecs.Observer`.

    aside: it failed once, and is not told any more.
    """

    def __init__(self, provider: str, observer: Any) -> None:
        self.provider, self.aside = provider, False
        self.methods = {event: getattr(observer, event, None) for event in _EVENTS}

    def tell(self, event: str, node: Any, what: tuple[Any, ...]) -> None:
        """Tell it of a call, if it listens; if it fails, it is put aside and named."""
        method = self.methods[event]
        if method is None or self.aside:
            return
        try:
            method(node, *what)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # the computation that it looks at goes on
            self.aside = True
            _modes.observers[:] = [w for w in _modes.observers if w is not self]
            warnings.warn(
                f"the observer of {self.provider} is put aside: it failed in {event} of "
                f"{describe(node)}: {describe_error(error)}",
                stacklevel=2,
            )


def compiled(observer: Any, provider: str) -> Watcher:
    """Look up the methods of an observer. Raises TypeError if it has none, or misspells one."""
    for name in dir(observer):
        if name.startswith(("before_", "after_")) and name not in _EVENTS:
            hint = did_you_mean(name, _EVENTS)
            raise TypeError(f"an observer's method {name!r} is never called{hint}")
    if not any(callable(getattr(observer, event, None)) for event in _EVENTS):
        raise TypeError(f"{observer!r:.80} is not an observer: it has none of {', '.join(_EVENTS)}")
    return Watcher(provider, observer)


def watched_forward(node: Any, inputs: tuple[Any, ...], mode: Mode) -> Any:
    """`node._run`, watched."""
    if not mode.holds:  # a generator's block, while the generator stands still
        mode = get_mode()
    if mode.around is not None:
        return mode.around.forward(node, inputs, mode)
    if _observing.get():
        return node._run(inputs, mode)
    watchers = (*_modes.observers, *mode.observers)
    _tell(watchers, "before_forward", node, inputs)
    if mode.anomaly:
        from tinypt_core._watch.anomaly import checked_forward

        result = checked_forward(node, inputs, mode)
    else:
        result = node._run(inputs, mode)
    outputs = result if isinstance(result, tuple) else (result,)
    _tell(watchers, "after_forward", node, inputs, outputs)
    return result


def watched_pull(pull: Callable[..., Any], mode: Mode) -> Callable[..., Any]:
    """A step of the backward loop, watched."""
    if mode.around is not None:
        return mode.around.pull(pull)  # type: ignore[no-any-return]
    if _observing.get():
        return pull
    watchers = (*_modes.observers, *mode.observers)
    step = pull
    if mode.anomaly:
        from tinypt_core._watch.anomaly import checked_pull

        step = checked_pull(pull)

    def watched(node: Any, gy: Any) -> Any:
        out = tuple(gy) if isinstance(gy, list) else (gy,)
        _tell(watchers, "before_backward", node, out)
        gxs = step(node, gy)
        into = tuple(gxs) if isinstance(gxs, (tuple, list)) else (gxs,)
        _tell(watchers, "after_backward", node, out, into)
        return gxs

    return watched if watchers else step


def _tell(watchers: tuple[Watcher, ...], event: str, node: Any, *what: Any) -> None:
    """What an observer computes itself leaves no graph and is not observed."""
    token = _observing.set(True)
    plain = using_mode(enable_backprop=False, anomaly=False, recording_rule=False, observers=())
    try:
        with plain:
            for watcher in watchers:
                watcher.tell(event, node, what)
    finally:
        _observing.reset(token)


@contextmanager
def observe(observer: Any) -> Iterator[Any]:
    """`observer` sees every operator that runs inside a `with` block, in this thread or task.

    It is any object with one or more methods of an observer: before_forward,
    after_forward, before_backward, after_backward. Raises TypeError for one that has none.

    >>> import numpy as np
    >>> from tinypt_core import Variable
    >>> class Names:
    ...     def after_forward(self, function, inputs, outputs):
    ...         print(type(function).__name__)
    >>> with observe(Names()):
    ...     y = np.sin(Variable(np.array(0.0))) * 2.0
    Sin
    Mul
    """
    provider = f"module {type(observer).__module__}"
    with using_mode(observers=(*get_mode().observers, compiled(observer, provider))):
        yield observer
