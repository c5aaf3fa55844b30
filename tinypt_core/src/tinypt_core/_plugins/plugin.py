"""One entry of the group tinypt.plugins, and the registry as its hook sees it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tinypt_core import registry
from tinypt_core._names import describe_error
from tinypt_core._registry.blame import where
from tinypt_core._registry.candidate import Candidate, load_target
from tinypt_core._registry.distribution import Distribution
from tinypt_core._registry.operator import validated


class Plugin:
    """One entry of the group. failure: why it is out of the game, or ""."""

    def __init__(self, name: str, target: str, distribution: Distribution) -> None:
        self.name, self.target, self.distribution = name, target, distribution
        self.key = f"{distribution.name}:{name}"
        self.value: Any = None
        self.hooks: tuple[str, ...] = ()
        self.seconds: float | None = None
        self.status, self.failure = "ok", ""
        self.cause: BaseException | None = None

    def load(self) -> None:
        """Import it. No lock is held: see `Candidate.load`."""
        if self.value is not None or self.failure:
            return
        reason = self.distribution.damaged or self.distribution.incompatible
        if reason:
            self.status = "broken" if self.distribution.damaged else "incompatible"
            self.fail(reason)
            return
        start = time.perf_counter()
        try:
            self.value = load_target(self.target)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            self.fail("it could not be loaded: ", error)
        self.seconds = time.perf_counter() - start

    def fail(self, what: str, cause: BaseException | None = None) -> None:
        """Quarantine it."""
        if cause is not None:
            what += describe_error(cause) + where(cause, self.target)
        who = f"the plugin {self.name!r} ({self.target}) of {self.distribution}"
        self.failure = f"{who} is not used: {what}. {self.distribution.remedy}"
        self.cause = cause
        if self.status == "ok":
            self.status = "broken"


class Registrar:
    """The `registry` that `tinypt_register_ops` gets: tinypt_core.registry, with one difference.

    What it registers belongs to the plugin's distribution, and competes with others' as if it
    had been declared.
    """

    def __init__(self, plugin: Plugin, add: Callable[[Candidate], None]) -> None:
        self._plugin, self._add = plugin, add
        self.candidates: list[Candidate] = []

    def register_op(self, name: str, function: Any = None, override: bool = False) -> Any:
        """As `tinypt_core.registry.register_op`; override: win over others of that name."""
        if function is None:
            return lambda cls: self.register_op(name, cls, override)
        cls = validated(function)
        target = f"{cls.__module__}:{cls.__qualname__}"
        candidate = Candidate(name, target, self._plugin.distribution, cls)
        candidate.override = override
        self.candidates.append(candidate)
        self._add(candidate)  # at once: the hook may look it up
        return function

    def __getattr__(self, name: str) -> Any:
        return getattr(registry, name)
