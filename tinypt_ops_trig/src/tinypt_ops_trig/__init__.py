"""tinypt-ops-trig: circular and hyperbolic functions."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_CLASSES = {
    "circular": "Sin Cos Tan Arcsin Arccos Arctan Arctan2 Deg2Rad Rad2Deg Unwrap",
    "sinc": "Sinc",
    "hyperbolic": "Sinh Cosh Tanh Arcsinh Arccosh Arctanh",
}
_HOME = {name: module for module, names in _CLASSES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Operator classes (Sin) and operators (sin), imported when first asked for."""
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(name)
