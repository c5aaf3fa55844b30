"""What holds for the code inside a `with` block: one immutable Mode per context.

The mode lives in a context variable, so threads and async tasks do not leak into each other
and an exception restores what was. A generator that stands still inside a `with` block would leak
its mode to whoever waits for the next value; so its block holds only while it runs. Every node
remembers the mode it was recorded under.
"""

from __future__ import annotations

import sys
from contextvars import ContextVar
from operator import attrgetter
from typing import Any

from tinypt_core._errors import cut


class Mode:
    """One setting of every switch. Immutable: `replace` makes another."""

    __slots__ = ("anomaly", "around", "derivative", "enable_backprop", "frame", "observers",
                 "outer", "over", "recording_rule", "scope", "transform", "watched")  # fmt: skip

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
        #: the mode outside the block; the generator whose block it is, if any; whether it is over
        self.outer: Mode | None = None
        self.frame: Any = None
        self.over = False

    @property
    def holds(self) -> bool:
        """Whether it is not that of a generator that stands still, or has left its block."""
        return self.frame is None or self.frame.f_back is not None

    def replace(self, **changes: Any) -> Mode:
        """The same mode with some switches set differently."""
        kept = dict(zip(_SWITCHES, _values(self), strict=True))
        return Mode(**{**kept, **changes})


_SWITCHES = tuple(Mode.__init__.__code__.co_varnames[1 : Mode.__init__.__code__.co_argcount])
_values = attrgetter(*_SWITCHES)
current: ContextVar[Mode] = ContextVar("tinypt_mode", default=Mode())  # noqa: B039 (immutable)

#: observers that plugins installed for every context; see `tinypt_core._watch`
observers: list[Any] = []


def get_mode() -> Mode:
    """The mode that holds here. The path of every op asks `current.get`, and this if the mode is
    watched, as that of a generator's block is."""
    mode = current.get()
    while mode.frame is not None and not mode.holds and mode.outer is not None:
        mode = mode.outer
    return mode


class _Left:
    """In place of the frame of a generator that has left its block."""

    f_back = None


class using_mode:
    """Set switches of the mode inside a `with` block."""

    def __init__(self, **changes: Any) -> None:
        self._changes = changes

    def __enter__(self) -> Mode:
        mode = get_mode().replace(**self._changes)
        mode.outer = current.get()
        frame = sys._getframe(1)
        if frame.f_code.co_flags & _GENERATORS and not _manages(frame):
            mode.frame, mode.watched = frame, True
        current.set(mode)
        self._mode = mode
        return mode

    def __exit__(self, *error: object) -> None:
        self._mode.over = True
        if self._mode.frame is not None:
            self._mode.frame = _Left
        top = current.get()
        while top.over and top.outer is not None:
            top = top.outer
        current.set(top)


_GENERATORS = 0x20 | 0x200  # of generators and async generators: see inspect
_DRIVERS = ("contextlib", "_pytest.fixtures", "pluggy._callers")


def _manages(frame: Any) -> bool:
    """Whether a generator stands for a `with` block itself, as under @contextmanager."""
    driver = frame.f_back
    return driver is not None and driver.f_globals.get("__name__") in _DRIVERS


def scope(name: str) -> using_mode:
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
        return get_mode().enable_backprop

    @enable_backprop.setter
    def enable_backprop(cls, value: bool) -> None:
        _allow(value)
        _set_for_good(bool(value))


def _set_for_good(enable_backprop: bool) -> None:
    mode = get_mode()
    new = mode.replace(enable_backprop=enable_backprop)
    new.outer, new.frame, new.watched = mode.outer, mode.frame, mode.watched
    current.set(new)


class Config(metaclass=_ConfigType):
    """The settings of the current context, to read: `Config.enable_backprop`.

    >>> Config.enable_backprop
    True
    """


def _allow(enable_backprop: bool) -> None:
    """A gradient rule that is being recorded may not stop that."""
    if get_mode().recording_rule and not enable_backprop:
        raise cut("stops the recording of the graph", "the same lines without no_grad()")


def refuse_in_rule(deed: str) -> None:
    """Raise if a gradient rule is being recorded, which `deed` would silently cut off."""
    if get_mode().recording_rule:
        raise cut(deed, "x > 0 or np.sign(x) where it needs only a plain array")


def using_config(name: str, value: Any) -> using_mode:
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


def no_grad() -> using_mode:
    """Record no graph inside a `with` block: results have no creator, and memory goes at once.

    >>> with no_grad():
    ...     Config.enable_backprop
    False
    """
    return using_config("enable_backprop", False)
