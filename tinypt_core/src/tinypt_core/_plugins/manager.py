"""Plugins: what entry points of the group tinypt.plugins hook into, each on its own feet."""

from __future__ import annotations

import _thread  # threading costs an import
import inspect
import os
import warnings
from collections.abc import Callable
from typing import Any

import pluggy

from tinypt_core import _modes
from tinypt_core._names import did_you_mean
from tinypt_core._plugins import hookspecs
from tinypt_core._plugins.plugin import Plugin, Registrar
from tinypt_core._registry.candidate import Candidate
from tinypt_core._registry.control import Control
from tinypt_core._registry.discovery import Found
from tinypt_core._watch.observers import Watcher, compiled

Change = Callable[[Candidate], None]
HOOKS = tuple(name for name in vars(hookspecs) if name.startswith("tinypt_"))


class Plugins:
    """All of them, with pluggy's manager. Made when there is an entry, filled by `load`."""

    def __init__(self, found: Found, control: Control, add: Change, remove: Change) -> None:
        self._control, self._add, self._remove = control, add, remove
        plugins: dict[str, Plugin] = {}  # identical targets are one
        for distribution in sorted(found.distributions, key=lambda d: d.name):
            if not control.bar(distribution.name):
                for name, target in sorted(distribution.plugins.items()):
                    plugins.setdefault(target, Plugin(name, target, distribution))
        self.all = list(plugins.values())
        self.done = False
        self._start()

    def _start(self) -> None:
        self.manager = pluggy.PluginManager("tinypt")
        self.manager.add_hookspecs(hookspecs)
        self._lock = _thread.RLock()
        self._loading: set[int] = set()
        self._process = os.getpid()

    def load(self) -> None:
        """Import and register every plugin, once; each that fails loses only itself.

        A plugin that uses operators while it is imported does not wait for itself. Another thread
        waits its turn, though not for ever: it may be in the middle of importing what we need.
        """
        me = _thread.get_ident()
        if not self.done and self._process != os.getpid():
            self._start()  # a fork from the middle of it
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
                    plugin.fail("registering it failed: ", error)
                    if self.manager.has_plugin(plugin.key):
                        self.manager.unregister(name=plugin.key)
        self.done = True
        _modes.observers[:] = list(observers)
        for plugin in self.all:
            if plugin.failure and not self._control.strict:
                warnings.warn(plugin.failure, stacklevel=2)

    def _register(self, plugin: Plugin) -> list[Watcher]:
        """Register one: its operators count only if all of its hooks worked."""
        self.manager.register(plugin.value, plugin.key)
        plugin.hooks = _checked_hooks(self.manager, plugin.value)
        registrar = Registrar(plugin, self._add)
        try:
            self._call(plugin, "tinypt_register_ops", registry=registrar)
            observer = self._call(plugin, "tinypt_observe")
            return [compiled(observer, str(plugin.distribution))] if observer is not None else []
        except BaseException:
            for candidate in registrar.candidates:
                self._remove(candidate)
            raise

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
                plugin.fail(f"its {hook} failed: ", error)
                warnings.warn(plugin.failure, stacklevel=2)
                continue
            if result is not None:
                results.append(result)
        return results


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
