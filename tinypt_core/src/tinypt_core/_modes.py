"""What holds for the code inside a `with` block: one immutable Mode per context.

The mode lives in a context variable, so threads and async tasks do not leak into each other
and an exception restores what was. Every node remembers the mode it was recorded under.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from tinypt_core._errors import cut


class Mode:
    """One setting of every switch. Immutable: `replace` makes another."""

    __slots__ = ("anomaly", "around", "derivative", "enable_backprop", "observers",
                 "recording_rule", "scope", "transform", "watched")  # fmt: skip

    def __init__(
        self,
        enable_backprop: bool = True,
        anomaly: bool = False,
        derivative: int = 0,
        recording_rule: bool = False,
        scope: tuple[str, ...] = (),
        observers: tuple[Any, ...] = (),
        transform: bool = False,
        around: Any = None,
    ) -> None:
        self.enable_backprop = enable_backprop
        self.anomaly = anomaly
        #: how many differentiations lie behind what is recorded now
        self.derivative = derivative
        #: True while a gradient rule runs on Variables (create_graph=True)
        self.recording_rule = recording_rule
        #: whether a transform is running its function
        self.transform = transform
        self.scope = scope
        self.observers = observers
        #: what runs operators and rules itself: `forward(node, inputs, mode)` calls node._run,
        #: `pull(rule)` gives the rule to run instead, a function of node and gradient
        self.around = around
        #: the one truth test an operator makes: does anything look over its shoulder?
        self.watched = anomaly or bool(observers) or around is not None

    def replace(self, **changes: Any) -> Mode:
        """The same mode with some switches set differently."""
        kept = {name: getattr(self, name) for name in _SWITCHES}
        return Mode(**{**kept, **changes})


_SWITCHES = tuple(name for name in Mode.__slots__ if name != "watched")
current: ContextVar[Mode] = ContextVar("tinypt_mode", default=Mode())  # noqa: B039 (immutable)
get_mode = current.get

#: observers that plugins installed for every context; see `tinypt_core._watch`
observers: list[Any] = []


@contextmanager
def using_mode(**changes: Any) -> Iterator[Mode]:
    """Set switches of the mode inside a `with` block."""
    mode = current.get().replace(**changes)
    token = current.set(mode)
    try:
        yield mode
    finally:
        current.reset(token)


def scope(name: str) -> Any:
    """Inside a `with` block, what is computed lies in a scope of that name: a frame in pictures.

    >>> with scope("layer1"), scope("attention"):
    ...     get_mode().scope
    ('layer1', 'attention')
    """
    return using_mode(scope=(*get_mode().scope, name))


class _ConfigType(type):
    @property
    def enable_backprop(cls) -> bool:
        """Whether operators record the graph, in this context."""
        return current.get().enable_backprop

    @enable_backprop.setter
    def enable_backprop(cls, value: bool) -> None:
        _allow(value)
        current.set(current.get().replace(enable_backprop=bool(value)))


class Config(metaclass=_ConfigType):
    """The settings of the current context, to read: `Config.enable_backprop`.

    >>> Config.enable_backprop
    True
    """


def _allow(enable_backprop: bool) -> None:
    """A gradient rule that is being recorded may not stop that."""
    if current.get().recording_rule and not enable_backprop:
        raise cut("stops the recording of the graph", "the same lines without no_grad()")


def refuse_in_rule(deed: str) -> None:
    """Raise if a gradient rule is being recorded, which `deed` would silently cut off."""
    if current.get().recording_rule:
        raise cut(deed, "x > 0 or np.sign(x) where it needs only a plain array")


def using_config(name: str, value: Any) -> Any:
    """Set one setting of `Config` inside a `with` block.

    Raises ValueError for a name that is no setting.

    >>> with using_config("enable_backprop", False):
    ...     Config.enable_backprop
    False
    """
    if name != "enable_backprop":
        raise ValueError(f"no setting is called {name!r}; there is 'enable_backprop'")
    _allow(value)
    return using_mode(enable_backprop=bool(value))


def no_grad() -> Any:
    """Record no graph inside a `with` block: results have no creator, and memory goes at once.

    >>> with no_grad():
    ...     Config.enable_backprop
    False
    """
    return using_config("enable_backprop", False)
