"""Plugins: what entry points of the group tinypt.plugins hook into, each on its own feet."""

from __future__ import annotations

import inspect
import threading
import time
import warnings
from collections.abc import Callable
from typing import Any

import pluggy

from tinypt_core import _modes, registry
from tinypt_core._names import did_you_mean
from tinypt_core._plugins import hookspecs
from tinypt_core._registry.candidate import Candidate, describe_error, load_target, remedy
from tinypt_core._registry.control import Control
from tinypt_core._registry.discovery import Distribution, Found
from tinypt_core._registry.operator import validated
from tinypt_core._watch import Watcher, compiled

HOOKS = tuple(name for name in vars(hookspecs) if name.startswith("tinypt_"))


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
            self.fail(f"it could not be loaded: {describe_error(error)}", error)
        self.seconds = time.perf_counter() - start

    def fail(self, what: str, cause: BaseException | None = None) -> None:
        """Quarantine it."""
        who = f"the plugin {self.name!r} ({self.target}) of {self.distribution}"
        self.failure = f"{who} is not used: {what}. {remedy(self.distribution)}"
        self.cause = cause
        if self.status == "ok":
            self.status = "broken"


class Plugins:
    """All of them, with pluggy's manager. Made when there is an entry, filled by `load`."""

    def __init__(self, found: Found, control: Control, add: Callable[[Candidate], None]) -> None:
        self._control, self._add = control, add
        self.manager = pluggy.PluginManager("tinypt")
        self.manager.add_hookspecs(hookspecs)
        plugins: dict[str, Plugin] = {}  # identical targets are one
        for distribution in sorted(found.distributions, key=lambda d: d.name):
            if not control.bar(distribution.name):
                for name, target in sorted(distribution.plugins.items()):
                    plugins.setdefault(target, Plugin(name, target, distribution))
        self.all = list(plugins.values())
        self._lock = threading.RLock()
        self._loading: set[int] = set()
        self.done = False

    def load(self) -> None:
        """Import and register every plugin, once; each that fails loses only itself.

        A plugin that uses operators while it is imported does not wait for itself. Another thread
        waits its turn, though not for ever: it may be in the middle of importing what we need.
        """
        me = threading.get_ident()
        if self.done or me in self._loading:
            return
        self._loading.add(me)
        try:
            for plugin in self.all:
                plugin.load()
            if self._lock.acquire(timeout=10):
                try:
                    if not self.done:
                        self._register_all()
                finally:
                    self._lock.release()
        finally:
            self._loading.discard(me)

    def _register_all(self) -> None:
        observers = []
        for plugin in self.all:
            if not plugin.failure:
                try:
                    observers += self._register(plugin)
                except KeyboardInterrupt:
                    raise
                except BaseException as error:
                    plugin.fail(f"registering it failed: {describe_error(error)}", error)
                    if self.manager.has_plugin(plugin.key):
                        self.manager.unregister(name=plugin.key)
        self.done = True
        _modes.observers = tuple(observers)
        for plugin in self.all:
            if plugin.failure and not self._control.strict:
                warnings.warn(plugin.failure, stacklevel=2)

    def _register(self, plugin: Plugin) -> list[Watcher]:
        """Register one: its operators count only if all of its hooks worked."""
        self.manager.register(plugin.value, plugin.key)
        plugin.hooks = _checked_hooks(self.manager, plugin.value)
        registrar = Registrar(plugin)
        self._call(plugin, "tinypt_register_ops", registry=registrar)
        observer = self._call(plugin, "tinypt_observe")
        watchers = [compiled(observer, str(plugin.distribution))] if observer is not None else []
        for candidate in registrar.candidates:
            self._add(candidate)
        return watchers

    def _call(self, plugin: Plugin, hook: str, **arguments: Any) -> Any:
        if hook not in plugin.hooks:
            return None
        others = [p for p in self.manager.get_plugins() if p is not plugin.value]
        results = self.manager.subset_hook_caller(hook, others)(**arguments)
        return results[0] if results else None

    def call(self, hook: str, **arguments: Any) -> list[Any]:
        """Call a hook of every plugin that has it: what each returned, but None.

        A plugin that fails is put out of the game with a warning; the others go on.
        """
        self.load()
        results = []
        for plugin in self.all:
            if plugin.failure:
                continue
            try:
                result = self._call(plugin, hook, **arguments)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                plugin.fail(f"its {hook} failed: {describe_error(error)}", error)
                warnings.warn(plugin.failure, stacklevel=2)
                continue
            if result is not None:
                results.append(result)
        return results


class Registrar:
    """The `registry` that `tinypt_register_ops` gets: tinypt_core.registry, with one difference.

    What it registers belongs to the plugin's distribution, and competes with others' as if it
    had been declared.
    """

    def __init__(self, plugin: Plugin) -> None:
        self._plugin = plugin
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
        return function

    def __getattr__(self, name: str) -> Any:
        return getattr(registry, name)


def _checked_hooks(manager: pluggy.PluginManager, value: Any) -> tuple[str, ...]:
    """The hooks that a plugin implements. Raises if it misspells one, or forgot the mark."""
    found = []
    for name in dir(value):
        marked = manager.parse_hookimpl_opts(value, name) is not None
        if marked and name in HOOKS:
            found.append(name)
        elif marked:
            raise TypeError(
                f"there is no hook {name!r}{did_you_mean(name, HOOKS)} (hooks: {', '.join(HOOKS)})"
            )
        elif name.startswith("tinypt_") and inspect.isroutine(getattr(value, name, None)):
            if name in HOOKS:
                raise TypeError(f"{name} is not marked: write @hookimpl above it")
            if near := did_you_mean(name, HOOKS, 0.9):
                raise TypeError(f"there is no hook {name!r}{near}")
    if not found:
        raise TypeError(f"it implements no hook (hooks: {', '.join(HOOKS)})")
    return tuple(found)
