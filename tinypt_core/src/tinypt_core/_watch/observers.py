"""Running an op while something looks over its shoulder: observers and anomaly detection."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, NamedTuple

from tinypt_core import _modes
from tinypt_core._errors import TinyptError
from tinypt_core._modes import Mode, using_mode
from tinypt_core._names import describe, did_you_mean

_METHODS = ("before_forward", "after_forward", "before_backward", "after_backward")
_observing: ContextVar[bool] = ContextVar("tinypt_observing", default=False)


class Watcher(NamedTuple):
    """An observer's methods, looked up once; None where it has none. See `_hookspecs.Observer`."""

    provider: str
    before_forward: Callable[..., Any] | None
    after_forward: Callable[..., Any] | None
    before_backward: Callable[..., Any] | None
    after_backward: Callable[..., Any] | None


def compiled(observer: Any, provider: str) -> Watcher:
    """Look up the methods of an observer. Raises TypeError if it has none, or misspells one."""
    for name in dir(observer):
        if name.startswith(("before_", "after_")) and name not in _METHODS:
            hint = did_you_mean(name, _METHODS)
            raise TypeError(f"an observer's method {name!r} is never called{hint}")
    methods = [getattr(observer, name, None) for name in _METHODS]
    if not any(map(callable, methods)):
        raise TypeError(
            f"{observer!r:.80} is not an observer: it has none of {', '.join(_METHODS)}"
        )
    return Watcher(provider, *methods)


def watched_forward(node: Any, inputs: tuple[Any, ...], mode: Mode) -> Any:
    """`node._run`, watched."""
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
    for watcher in watchers:
        method = getattr(watcher, event)
        if method is not None:
            _call(method, f"the observer of {watcher.provider} failed in {event}", node, *what)


def _call(method: Callable[..., Any], blame: str, node: Any, *what: Any) -> None:
    """What an observer computes itself leaves no graph and is not observed."""
    token = _observing.set(True)
    plain = using_mode(enable_backprop=False, anomaly=False, recording_rule=False, observers=())
    try:
        with plain:
            method(node, *what)
    except Exception as error:
        kind = type(error).__name__
        raise TinyptError(f"{blame} of {describe(node)}: {kind}: {error}") from error
    finally:
        _observing.reset(token)
