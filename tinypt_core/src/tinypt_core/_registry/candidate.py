"""One operator that one distribution declares: loaded on first use, once, or quarantined."""

from __future__ import annotations

import re
import sys
import time
from importlib import import_module
from typing import Any

from tinypt_core._errors import PluginLoadError
from tinypt_core._names import describe_error
from tinypt_core._registry import forks
from tinypt_core._registry.blame import where
from tinypt_core._registry.distribution import Distribution
from tinypt_core._registry.operator import make_op, validated

NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_TARGET = re.compile(r"([\w.]+)\s*(?::\s*([\w.]+))?\s*(\[.*\])?")


class Candidate:
    """What a distribution declares under one name: "sin" -> "tinypt_ops_trig:Sin".

    written: its class or function, if known without importing. seconds: what importing it took,
    None before. failure: why it cannot be used, and the cause. override: it wins over its rivals.
    """

    def __init__(
        self, name: str, target: str, distribution: Distribution | None, written: Any = None
    ) -> None:
        self.name, self.target, self.distribution = name, target, distribution
        self.written = written
        self.provider = "registered by hand"
        self.op: Any = None
        self.seconds: float | None = None
        self.status = "ok"
        self.failure: tuple[str, BaseException | None] | None = None
        self.override = False

    @property
    def qualified(self) -> str:
        """The name that always works: "my-ops:sin"."""
        return f"{self.distribution.name}:{self.name}" if self.distribution else self.name

    def load(self, public_name: str) -> Any:
        """The operator. public_name: where `tinypt_core.ops` has it, for pickling.

        No lock is held while plugin code runs: Python's own import locks make sure that a module
        runs once, and they know how to get out of a deadlock.
        """
        if self.op is None and self.failure is None:
            self._load(public_name)
        if self.failure is not None:
            message, cause = self.failure
            raise PluginLoadError(f"{self.name}: {message}") from cause
        return self.op

    def _load(self, public_name: str) -> None:
        start = time.perf_counter()
        op: Any = None
        failure: tuple[str, BaseException | None] | None = None
        try:
            op = make_op(public_name, self._written(), str(self.distribution))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a plugin may call sys.exit, or worse
            failure = self._explain(error), error
            if self._is_importing():
                raise PluginLoadError(f"{self.name}: {failure[0]}") from error
        with forks.lock:
            if self.op is None and self.failure is None:
                self.op, self.failure = op, failure
                self.seconds = time.perf_counter() - start
                if failure is not None:
                    self.status = "stale" if self._is_gone(failure[1]) else "broken"
                else:
                    self.provider = op.provider

    def _written(self) -> Any:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"the name {self.name!r} is not an identifier, or several with dots")
        return self.written or validated(load_target(self.target))

    def _is_importing(self) -> bool:
        module = sys.modules.get(self.target.partition(":")[0].strip())
        return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))

    def _is_gone(self, error: BaseException | None) -> bool:
        """The declared module does not exist: an entry point that outlived its code."""
        module = self.target.partition(":")[0].strip() + "."
        return isinstance(error, ModuleNotFoundError) and module.startswith(f"{error.name}.")

    def _explain(self, error: BaseException) -> str:
        """What went wrong, the same for every operator of a module that cannot be imported."""
        assert self.distribution is not None
        what = describe_error(error)
        if self._is_importing():
            what = (
                f"its module is still being imported, and uses this operator before defining it "
                f"({what}); define the class first, or use the class itself"
            )
        elif self._is_gone(error):
            what += "; the entry point is stale: reinstall the distribution"
        module = self.target.partition(":")[0].strip()
        failed = f"{self.target} of {self.distribution} could not be loaded"
        if module not in sys.modules:
            failed = f"the module {module} of {self.distribution} could not be imported"
        return f"{failed}: {what}{where(error, self.target)}. {self.distribution.remedy}"


def load_target(target: str) -> Any:
    """The object that an entry point's value names: "module" or "module:attribute"."""
    found = _TARGET.fullmatch(target.strip())
    if found is None:
        raise ValueError(f"{target!r} is not MODULE:NAME")
    value: Any = import_module(found[1])
    for attribute in filter(None, (found[2] or "").split(".")):
        if not hasattr(value, attribute):
            raise AttributeError(
                f"{attribute} is declared, but {found[1]} does not define it; after renaming it, "
                f"reinstall the distribution, an editable one too"
            )
        value = getattr(value, attribute)
    return value
