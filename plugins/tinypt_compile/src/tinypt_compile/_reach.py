"""What a function may read from outside: kinds of values, and whom we trust."""

from __future__ import annotations

import random
import sys
import types
from collections import namedtuple
from typing import Any

import numpy as np
from tinypt_core._names import packages

from tinypt_core import Variable

SIMPLE = (bool, int, float, complex, str, bytes, type(None), type(...), np.dtype, range, slice)
MARK = "tinypt-compile: nothing was registered since"
DESCRIPTORS = (
    types.MemberDescriptorType,
    types.GetSetDescriptorType,
    type(vars(namedtuple("_", "field"))["field"]),
)
GENERATORS = (np.random.Generator, np.random.RandomState, random.Random)
#: modules that tell of the world, or act on it
CLOCKS = {
    "time", "datetime", "secrets", "uuid", "os", "sys", "_thread", "threading", "posix", "logging",
    "warnings", "importlib", "io", "_io", "pathlib", "subprocess", "socket", "tempfile", "shutil",
    "glob", "gc", "inspect", "platform", "getpass", "ctypes", "multiprocessing", "asyncio", "queue",
    "locale", "resource", "signal", "sqlite3", "shelve", "urllib", "http",
}  # fmt: skip
BUILTIN = (types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType,
            types.MethodWrapperType, types.ClassMethodDescriptorType, np.ufunc,
            type(np.sum))  # fmt: skip


def is_trusted(module: str | None) -> bool:
    """Whether a module is NumPy, SciPy, tinypt, an operator package, or Python's own."""
    root = (module or "").partition(".")[0]
    return (
        root in _TRUSTED
        or (root in sys.stdlib_module_names and root != "__main__")
        or (root in packages())
    )


_TRUSTED = {"numpy", "scipy", "tinypt_core", "tinypt_compile", "tinypt_ops_basic",
            "tinypt_ops_trig", "tinypt_ops_scipy", "tinypt_ops_fft", "builtins"}  # fmt: skip


def attributes(value: Any) -> dict[str, Any]:
    """What an object holds, in its __dict__ and in slots."""
    found = {
        k: v for k, v in getattr(value, "__dict__", {}).items() if not k.startswith("_compiled_")
    }
    for base in type(value).__mro__:
        found |= {slot: getattr(value, slot) for slot in _slots(base) if hasattr(value, slot)}
    return found


def places(value: Any) -> list[str]:
    """The slots of an object that hold nothing yet."""
    slots = {s for base in type(value).__mro__ for s in _slots(base)}
    return sorted(s for s in slots if not hasattr(value, s))


def _slots(cls: type) -> tuple[str, ...]:
    if cls.__module__.startswith("tinypt_core."):  # of an operator the author's part, no node
        return ()
    slots = vars(cls).get("__slots__", ())
    slots = (slots,) if isinstance(slots, str) else tuple(slots)
    return tuple(s for s in slots if s not in ("__dict__", "__weakref__"))


def content(made: Any) -> dict[Any, Any]:
    """What may be changed in a container, by place."""
    if isinstance(made, dict):
        return {k: v for k, v in made.items() if k != "__builtins__"}
    if isinstance(made, Variable):
        return {"data": made._array, "grad": made._grad, "place": made._edge}
    if isinstance(made, list):
        return dict(enumerate(made))
    if isinstance(made, types.CellType):
        return {0: made.cell_contents}
    return attributes(made)
