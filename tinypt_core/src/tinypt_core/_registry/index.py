"""Every declared operator by name, and who wins when several declare one."""

from __future__ import annotations

import warnings
from typing import Any

from tinypt_core import _links
from tinypt_core._errors import OpConflictError, OpNotFoundError, PluginLoadError, TinyptError
from tinypt_core._registry import forks
from tinypt_core._registry.candidate import Candidate
from tinypt_core._registry.control import Control
from tinypt_core._registry.discovery import Found
from tinypt_core._registry.distribution import Distribution
from tinypt_core._registry.versions import normalize


class Index:
    """One scan: what is declared, and what the environment variables say about it."""

    def __init__(self, before: Index | None = None) -> None:
        self.control = Control()
        self.found = Found()
        self._plugins: Any = None
        self._sought = False
        self.by_name: dict[str, list[Candidate]] = {}
        self.namespaces: set[str] = set()
        self.by_target: dict[str, list[Candidate]] = {}
        self.by_hand: dict[str, Candidate] = before.by_hand if before else {}
        self.verdict: TinyptError | None = None
        self.judging = self.warned = False
        self._loaded = {_identity(c): c for c in before.all() if c.op} if before else {}
        for distribution in self.found.distributions:
            for name, target in distribution.ops.items():
                self.add(Candidate(name, target, distribution))

    @property
    def plugins(self) -> Any:
        """Those of the group tinypt.plugins; pluggy is imported only if there are any."""
        if not self._sought:
            with forks.lock:
                if not self._sought:
                    self._plugins = self._find_plugins()
                    self._sought = True
        return self._plugins

    def _find_plugins(self) -> Any:
        allowed = (d for d in self.found.distributions if not self.control.bar(d.name))
        if not any(d.plugins for d in allowed):
            return None
        assert _links.make_plugins is not None
        return _links.make_plugins(self.found, self.control, self.add, self.remove)

    def add(self, candidate: Candidate) -> None:
        """Declare one more; if it was there before a refresh, it stays the same object."""
        if self._loaded:
            known = self._loaded.get(_identity(candidate), candidate)
            candidate = known if known.written is candidate.written else candidate
        self.by_target.setdefault(candidate.target, []).append(candidate)
        rivals = self.by_name.setdefault(candidate.name, [])
        rivals.append(candidate)
        if len(rivals) > 1:
            rivals.sort(key=lambda c: c.qualified)
        self.namespaces.update(_above(candidate.name))

    def remove(self, candidate: Candidate) -> None:
        """Take a declaration back."""
        for table, key in ((self.by_name, candidate.name), (self.by_target, candidate.target)):
            table[key] = [c for c in table.get(key, []) if c is not candidate]
            if not table[key]:
                del table[key]
        self.namespaces = {above for name in self.by_name for above in _above(name)}

    def all(self) -> list[Candidate]:
        """Every candidate, by name, then by distribution."""
        return [c for name in sorted(self.by_name) for c in self.by_name[name]]

    def distribution(self, name: str) -> Distribution | None:
        """An installed distribution with operators or plugins."""
        return next((d for d in self.found.distributions if d.name == normalize(name)), None)

    def load(self, candidate: Candidate) -> Any:
        """The operator of a candidate, imported on first use.

        Its pickle names the distribution, so that who lacks that can say so.
        """
        try:
            wins = self.choose(candidate.name)[0] is candidate
        except TinyptError:
            wins = False
        bare = wins and "." in candidate.name  # a pickle takes dots for attributes
        return candidate.load(candidate.name if bare else candidate.qualified)

    @property
    def settled(self) -> bool:
        """Whether the plugins have registered what they register."""
        return self.plugins is None or self.plugins.done

    def warn(self) -> None:
        """Say once what the environment variables have wrong; under TINYPT_STRICT it is raised."""
        self.warned = True
        for complaint in [] if self.control.strict else self.complaints():
            warnings.warn(complaint, stacklevel=4)

    def complaints(self) -> list[str]:
        """What the environment variables say that makes no sense here."""
        providers: dict[str, set[str]] = {d.name: set() for d in self.found.distributions}
        for candidate in self.all():  # a plugin may have registered more than was declared
            if candidate.distribution:
                providers[candidate.distribution.name].add(candidate.name)
        return self.control.unknown(providers)

    # -- who wins -------------------------------------------------------------------------------

    def choose(self, name: str) -> tuple[Candidate, str]:
        """The candidate that a bare or qualified name means, and the rule that chose it.

        Nothing is imported. Raises OpNotFoundError, OpConflictError, or PluginLoadError if
        there is none that works.
        """
        if name in self.by_hand:
            return self.by_hand[name], "registered by hand"
        if ":" in name:
            return self._qualified(name), "qualified name"
        rivals = self._enabled(name)
        sound = [c for c in rivals if not problem(c)]
        preferred = self.control.preferred.get(name)
        for candidate in rivals:
            if candidate.distribution and candidate.distribution.name == preferred:
                return _working(candidate), "TINYPT_PREFER"
        if not sound:
            return _working(rivals[0]), ""
        overriding = [c for c in sound if c.override]
        if len(overriding) == 1:
            return overriding[0], "override=True"
        if len(sound) == 1:
            return sound[0], "the only candidate" if len(rivals) == 1 else "the only one that works"
        if len({c.target.replace(" ", "") for c in sound}) == 1:
            return sound[0], "identical targets"
        raise OpConflictError(_conflict(name, sound))

    def _qualified(self, name: str) -> Candidate:
        provider, _, bare = name.partition(":")
        for candidate in self._enabled(bare, normalize(provider)):
            return _working(candidate)
        raise AssertionError("unreachable")

    def _enabled(self, name: str, provider: str = "") -> list[Candidate]:
        """The candidates that no environment variable rules out. Raises if there are none."""
        declared = [
            c
            for c in self.by_name.get(name, [])
            if not provider or (c.distribution and c.distribution.name == provider)
        ]
        if not declared:
            raise OpNotFoundError(self._unknown(name, provider))
        enabled = [c for c in declared if not self.bar(c)]
        if not enabled:
            barred = declared[0]
            raise OpNotFoundError(
                f"the operator {name!r} of {barred.distribution} is ruled out by the environment "
                f"variable {self.bar(barred)}; change it, then call tinypt_core.registry.refresh()"
            )
        return enabled

    def bar(self, candidate: Candidate) -> str:
        """The environment variable that rules a candidate out, or ""."""
        return self.control.bar(candidate.distribution.name) if candidate.distribution else ""

    def _unknown(self, name: str, provider: str) -> str:
        from tinypt_core._registry.homes import hint

        known = [n for n in list(self.by_name) if any(not self.bar(c) for c in self.by_name[n])]
        if provider:
            others = [c.distribution.title for c in self.by_name.get(name, []) if c.distribution]
            found = self.distribution(provider)
            text = f"no installed distribution with operators is called {provider!r}"
            if found:
                text = f"{found} provides no operator {name!r}"
            return text + (f"; {name!r} comes from {', '.join(others)}" if others else "")
        text = f"no installed distribution provides the operator {name!r}"
        return text + hint(name, known, [d.name for d in self.found.distributions if d.ops])


def _above(name: str) -> list[str]:
    """The namespaces of a name: "a.b.c" -> ["a", "a.b"]."""
    parts = name.split(".")
    return [".".join(parts[:i]) for i in range(1, len(parts))]


def problem(candidate: Candidate) -> str:
    """Why a candidate cannot work, as far as its metadata tells; or ""."""
    distribution = candidate.distribution
    return (distribution.damaged or distribution.incompatible) if distribution else ""


def _working(candidate: Candidate) -> Candidate:
    distribution, reason = candidate.distribution, problem(candidate)
    if distribution and reason:
        raise PluginLoadError(
            f"{candidate.name}: {candidate.target} of {distribution} is not used: "
            f"{reason}. {distribution.remedy}"
        )
    return candidate


def _conflict(name: str, rivals: list[Candidate]) -> str:
    who = ", and ".join(f"{c.distribution} ({c.target})" for c in rivals)
    names = " or ".join(f"registry.get({c.qualified!r})" for c in rivals)
    first = rivals[0].distribution
    assert first is not None
    return (
        f"several distributions provide different operators called {name!r}: {who}. Say which you "
        f"mean: by its qualified name, {names}; or for the whole program, by the environment "
        f"variable TINYPT_PREFER={name}={first.name}; or uninstall one, pip uninstall {first.title}"
    )


def _identity(candidate: Candidate) -> tuple[Any, ...]:
    d = candidate.distribution
    assert d is not None
    return d.name, d.folder, d.label, candidate.name, candidate.target
