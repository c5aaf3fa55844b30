"""The `__getattr__` of each subpackage: SciPy's names, imported on first use."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from tinypt_core import OpNotFoundError, registry

Lazy = tuple[Callable[[str], Any], Callable[[], list[str]]]


def lazy(package: str, **functions: str) -> Lazy:
    """`__getattr__` and `__dir__` of a subpackage: what it declares as operators, and functions.

    functions: the names, separated by blanks, of the plain functions and classes that each
    module of the subpackage has.

    >>> from tinypt_ops_scipy.special import erf
    >>> erf.provider.split()[0]
    'tinypt-ops-scipy'
    """
    prefix = package.replace("tinypt_ops_scipy", "scipy") + "."
    home = {name: module for module, names in functions.items() for name in names.split()}

    def look_up(name: str) -> Any:
        if name in home:
            value = getattr(import_module(f"{package}.{home[name]}"), name)
        else:
            value = _operator(name)
        setattr(sys.modules[package], name, value)  # the next look-up finds it there
        return value

    def _operator(name: str) -> Any:
        try:
            return registry.get(f"tinypt-ops-scipy:{prefix}{name}")
        except OpNotFoundError as error:
            has = ", ".join(names())
            raise AttributeError(
                f"{package} has no function {name!r}; it has {has} ({error})"
            ) from error

    def names() -> list[str]:
        declared = (n.removeprefix(prefix) for n in registry.names() if n.startswith(prefix))
        return sorted({*home, *declared})

    return look_up, names
