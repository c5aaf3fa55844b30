"""One operator that one distribution declares: loaded on first use, once, or quarantined."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any
from weakref import WeakKeyDictionary

from tinypt_core._discovery import Distribution
from tinypt_core._errors import PluginLoadError

NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_TARGET = re.compile(r"([\w.]+)\s*(?::\s*([\w.]+))?\s*(\[.*\])?")
_publishing = threading.Lock()

#: who provides a Function class: filled when it is loaded
providers: WeakKeyDictionary[type, str] = WeakKeyDictionary()


class Candidate:
    """What a distribution declares under one name: "sin" -> "tinypt_ops_trig:Sin".

    cls: its class, if known without importing. seconds: what importing it took, None before.
    failure: why it cannot be used, and the cause. override: it wins over its rivals.
    """

    def __init__(
        self, name: str, target: str, distribution: Distribution | None, cls: Any = None
    ) -> None:
        self.name, self.target, self.distribution, self.cls = name, target, distribution, cls
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
            raise PluginLoadError(message) from cause
        return self.op

    def _load(self, public_name: str) -> None:
        start = time.perf_counter()
        op: Any = None
        failure: tuple[str, BaseException | None] | None = None
        try:
            cls = self._class()
            op = make_op(public_name, cls, str(self.distribution))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a plugin may call sys.exit, or worse
            failure = self._explain(error), error
            if self._is_importing():
                raise PluginLoadError(failure[0]) from error
        with _publishing:
            if self.op is None and self.failure is None:
                self.op, self.failure = op, failure
                self.seconds = time.perf_counter() - start
                if failure is not None:
                    self.status = "stale" if self._is_gone(failure[1]) else "broken"
                else:
                    self.provider = op.provider

    def _class(self) -> Any:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"the name {self.name!r} is not an identifier, or several with dots")
        return self.cls or validated(load_target(self.target))

    def _is_importing(self) -> bool:
        module = sys.modules.get(self.target.partition(":")[0].strip())
        return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))

    def _is_gone(self, error: BaseException | None) -> bool:
        """The declared module does not exist: an entry point that outlived its code."""
        module = self.target.partition(":")[0].strip() + "."
        return isinstance(error, ModuleNotFoundError) and module.startswith(f"{error.name}.")

    def _explain(self, error: BaseException) -> str:
        what = describe_error(error)
        if self._is_importing():
            what = (
                f"its module is still being imported, and uses this operator before defining it "
                f"({what}); define the class first, or use the class itself"
            )
        elif self._is_gone(error):
            what += "; the entry point is stale: reinstall the distribution"
        who = f"{self.target} of {self.distribution}"
        return f"{self.name}: {who} could not be loaded: {what}. {remedy(self.distribution)}"


def remedy(distribution: Any) -> str:
    """How to get rid of a distribution that does not work."""
    return (
        f"Nothing else is affected. Update it (pip install --upgrade {distribution.title}), "
        f"remove it (pip uninstall {distribution.title}), or set TINYPT_DISABLE={distribution.name}"
    )


def describe_error(error: BaseException) -> str:
    """An exception in one phrase."""
    if isinstance(error, SystemExit):
        return f"it called sys.exit({error.code!r}) while being imported"
    return f"{type(error).__name__}: {error}"


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


def validated(value: Any) -> Any:
    """The Function class of an operator. Raises TypeError saying what it is not."""
    from types import FunctionType

    from tinypt_core._function import Function

    if isinstance(value, FunctionType) and not hasattr(value, "function"):
        members = {"__doc__": value.__doc__, "__module__": value.__module__, **vars(value)}
        name = "".join(part.capitalize() for part in value.__name__.split("_"))
        value = type(name, (Function,), members | {"apply": staticmethod(value)})
    cls = getattr(value, "function", value)  # an operator that is registered already
    if not (isinstance(cls, type) and issubclass(cls, Function)):
        raise TypeError(f"{value!r:.80} is not an operator: it must be a subclass of Function")
    own_call = cls is not Function and _overrides_apply(cls)
    if not callable(getattr(cls, "forward", None)):
        if own_call:  # its apply computes plain arrays, without a node
            return cls
        raise TypeError(f"{cls.__name__} has no forward method")
    problem = cls._signature.problem
    if problem and not (own_call and getattr(cls, "_written_rule", None) is None):
        raise TypeError(f"{cls.__name__}: {problem}")
    return cls


def make_op(name: str, cls: Any, provider: str) -> Any:
    """The registered callable: a function with the operator's name, doc and provenance."""
    from tinypt_core._calling import compiled
    from tinypt_core._signature import public_signature

    op: Any = _calling(cls.apply) if _overrides_apply(cls) else compiled(cls)
    op.__name__ = name.rpartition(":")[2].rpartition(".")[2]
    op.__qualname__ = name
    op.__module__ = "tinypt_core.ops"
    op.__doc__ = cls.__doc__
    op.__signature__ = public_signature(cls)
    op.function = cls
    op.provider = provider
    op._call = cls.apply if _overrides_apply(cls) else op
    providers.setdefault(cls, provider)
    return op


def _calling(apply: Callable[..., Any]) -> Callable[..., Any]:
    def op(*args: Any, **kwargs: Any) -> Any:
        return apply(*args, **kwargs)

    return op


def _overrides_apply(cls: Any) -> bool:
    return any("apply" in vars(base) for base in cls.__mro__[:-2])
