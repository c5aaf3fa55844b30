"""SciPy's subpackages, each imported when a module of ours first asks for it.

SciPy's array API layer copies NumPy's whole namespace, and NumPy then loads what it keeps for
those who ask: `numpy.f2py`, `numpy.testing`, `numpy.ma` and more, which take half of the time
that `import scipy.special` takes. While SciPy is imported, stand-ins are there for them, which
import them as soon as something of theirs is used.

>>> from tinypt_ops_scipy._scipy import special
>>> float(special.erf(0.0))
0.0
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import Any

import numpy as np

UNASKED = "char", "f2py", "ma", "polynomial", "testing"
_leaving = Lock()


class Later(ModuleType):
    """A module that is imported when one of its names is first asked for."""

    def __getattr__(self, name: str) -> Any:
        _leave(self)
        return getattr(import_module(self.__name__), name)


@contextmanager
def _unasked_later() -> Iterator[None]:
    standing = []
    for name in UNASKED:
        module = Later(f"numpy.{name}")
        if sys.modules.setdefault(module.__name__, module) is module:  # nobody imports it just now
            setattr(np, name, module)
            standing.append(module)
    try:
        yield
    finally:
        for module in standing:
            _leave(module)


def _leave(module: ModuleType) -> None:
    """Make room for the module itself, unless it is there already."""
    name = module.__name__.removeprefix("numpy.")
    with _leaving:
        if sys.modules.get(module.__name__) is module:
            del sys.modules[module.__name__]
        if vars(np).get(name) is module:
            delattr(np, name)


def __getattr__(name: str) -> Any:
    try:
        with _unasked_later():
            return import_module(f"scipy.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"scipy.{name}":
            raise
        raise AttributeError(f"scipy has no subpackage {name!r}") from error
