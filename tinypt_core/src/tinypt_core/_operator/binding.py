"""Inputs and parameters told apart, and NumPy's options that operators do not have refused."""

from __future__ import annotations

from typing import Any

from tinypt_core._errors import refused
from tinypt_core._names import label
from tinypt_core._operator.signature import parameters

#: NumPy's options that operators do not take, what to do instead, and what asks for nothing
_UNSUPPORTED = {
    "out": ("use the result", (None,)),
    "where": ("use np.where, or index with the mask", (None, True)),
    "dtype": ("use astype", (None,)),
    "initial": ("add it to the result", (None,)),
    "casting": ("use astype", (None, "same_kind")),
    "order": ("arrays come in C order", (None, "C", "K", "A")),
    "subok": ("results are Variables", (None, True, False)),
    "kind": ("sorting is stable", (None, "stable")),
    "like": ("results are Variables", (None,)),
}


def bind(cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, tuple[Any, ...]]:
    """The node, and its inputs."""
    signature = cls._signature
    if not _UNSUPPORTED.keys().isdisjoint(kwargs):
        _refuse(cls, kwargs)
    n = signature.arity if signature.arity >= 0 else len(args)
    inputs = args[:n]
    for name in signature.names[len(inputs) :]:
        if name not in kwargs:
            break
        inputs += (kwargs.pop(name),)
    if len(inputs) < signature.required:
        missing = ", ".join(signature.names[len(inputs) :])
        raise TypeError(f"{label(cls)}: missing input {missing}")
    try:
        return cls(*args[n:], **kwargs), inputs
    except TypeError as error:
        raise refused(error, label(cls)) from error


def _refuse(cls: Any, kwargs: dict[str, Any]) -> None:
    known = {*parameters(cls), *cls._signature.names}
    for name in [n for n in kwargs if n in _UNSUPPORTED and n not in known]:
        value = kwargs.pop(name)
        instead, nothing = _UNSUPPORTED[name]
        if not any(value is x or (isinstance(x, str) and value == x) for x in nothing):
            raise TypeError(f"{label(cls)}: {name}= is not supported; {instead}")
