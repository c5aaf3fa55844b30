"""The installed operators: `from tinypt_core.ops import sin`.

Names come from entry points; the first use of one imports its module. A name with dots nests:
`linalg.norm` is `ops.linalg.norm`, and `from tinypt_core.ops.linalg import norm` works too.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from tinypt_core._errors import OpNotFoundError, PluginLoadError

__path__: list[str] = []  # makes the import statement ask the finder below


def _table() -> Any:
    from tinypt_core._registry import table  # here, so that `import tinypt_core` loads no registry

    return table


def __getattr__(name: str) -> Any:
    if name == "__all__":  # from tinypt_core.ops import *
        return _working()
    if name.startswith("__"):
        raise AttributeError(name)
    value = _attribute(name)
    if not isinstance(value, ModuleType) and hasattr(value, "function"):
        globals()[name] = value  # the next look-up is a dictionary hit; the registry takes it back
    return value


def __dir__() -> list[str]:
    return _children("")


def _working() -> list[str]:
    """What can be imported; whatever is broken is left out."""
    return [n for n in _children("") if _table().is_namespace(n) or _table().is_available(n)]


def _attribute(name: str) -> Any:
    if _table().is_namespace(name):
        module = f"{__name__}.{name}"
        if _table().is_available(name):
            return _with_children(name)
        return sys.modules.setdefault(module, _Namespace(module))
    try:
        return _table().get(name)
    except OpNotFoundError as error:
        if _table().is_namespace(name):  # of names that a plugin computed just now
            return _attribute(name)
        worker = _dask_worker()
        if not worker:
            raise
        return _lacking(f"{error}, on the Dask worker {worker}", name.rpartition(":")[0])


def _with_children(name: str) -> Any:
    """An operator with operators below its name, as add has add.outer: the operator itself."""
    op = _table().get(name)
    for child in _children(f"{name}."):
        if not hasattr(op, child):
            setattr(op, child, _Below(f"{name}.{child}"))
    return op


class _Below:
    """An operator below another's name, found when it is used."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _table().get(self._name)(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(_table().get(self._name), name)


def _lacking(problem: str, distribution: str) -> Any:
    """Stands for an operator that a Dask worker lacks, and says so when it is called: a task that
    cannot be unpickled there would hang."""
    remedy = (
        f"run `pip install {distribution}` there"
        if distribution
        else "install there what the client has it from"
    )

    def lacking(*args: Any, **kwargs: Any) -> Any:
        raise PluginLoadError(
            f"{problem}: {remedy}; `tinypt doctor --dask ADDRESS` compares what is installed"
        )

    return lacking


def _dask_worker() -> str:
    """The address of the Dask worker that this process is, or ""; not get_worker(), which knows it
    only inside a task."""
    distributed = sys.modules.get("distributed")
    workers = getattr(getattr(distributed, "Worker", None), "_instances", ())
    addresses = [str(worker.address) for worker in list(workers)]
    return next((a for a in addresses if not a.startswith("inproc")), "")


def _children(prefix: str) -> list[str]:
    below = [n.removeprefix(prefix) for n in _table().usable() if n.startswith(prefix)]
    return sorted({name.partition(".")[0] for name in below})


class _Namespace(ModuleType):
    """The operators below a dotted name. Where that is an operator too, it also acts as one."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        op = _bare(self)
        try:
            if name.startswith("__"):
                raise AttributeError(name)
            return _attribute(f"{op}.{name}")
        except AttributeError:
            if not _table().is_available(op):
                raise
        return getattr(_table().get(op), name)

    def __dir__(self) -> list[str]:
        return _children(_bare(self) + ".")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _table().get(_bare(self))(*args, **kwargs)


def _bare(module: ModuleType) -> str:
    return module.__name__.removeprefix(__name__ + ".")


class _Finder:
    """Lets the import statement find namespaces, and says what it does not find."""

    @staticmethod
    def find_spec(module: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        name = module.removeprefix(__name__ + ".")
        if name == module or name.startswith("__"):
            return None
        if _table().is_namespace(name):
            return ModuleSpec(module, _Finder, is_package=True)  # type: ignore[arg-type]
        try:
            _table().get(name)
        except OpNotFoundError as error:
            raise ImportError(str(error), name=module) from error
        return None

    @staticmethod
    def create_module(spec: ModuleSpec) -> ModuleType:
        return _Namespace(spec.name)

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        """Nothing runs: attributes are looked up when they are asked for."""


sys.meta_path.append(_Finder)
