"""Functions that change shapes, and join."""

from __future__ import annotations

from typing import Any

from tinypt_core.array_api._call import call, parameter, variable


def broadcast_arrays(*arrays: Any) -> Any:
    """The operator `broadcast_arrays`."""
    return list(call("broadcast_arrays", *map(variable, arrays)))


def broadcast_to(x: Any, /, shape: Any) -> Any:
    """The operator `broadcast_to`."""
    return call("broadcast_to", x, shape)


def concat(arrays: Any, /, *, axis: int | None = 0) -> Any:
    """The operator `concat`."""
    return call("concat", list(arrays), axis)


def expand_dims(x: Any, /, axis: int = 0) -> Any:
    """The operator `expand_dims`."""
    return call("expand_dims", x, axis)


def flip(x: Any, /, *, axis: Any = None) -> Any:
    """The operator `flip`."""
    return call("flip", x, axis)


def moveaxis(x: Any, source: Any, destination: Any, /) -> Any:
    """The operator `moveaxis`."""
    return call("moveaxis", x, source, destination)


def permute_dims(x: Any, /, axes: Any) -> Any:
    """The operator `permute_dims`."""
    return call("permute_dims", x, axes)


def repeat(x: Any, repeats: Any, /, *, axis: int | None = None) -> Any:
    """The operator `repeat`."""
    return call("repeat", x, parameter(repeats), axis)


def reshape(x: Any, /, shape: Any, *, copy: bool | None = None) -> Any:
    """The operator `reshape`; copy=True gives memory of its own."""
    y = call("reshape", x, shape)
    return call("copy", y) if copy else y


def roll(x: Any, /, shift: Any, *, axis: Any = None) -> Any:
    """The operator `roll`."""
    return call("roll", x, shift, axis)


def squeeze(x: Any, /, axis: Any) -> Any:
    """The operator `squeeze`."""
    return call("squeeze", x, axis)


def stack(arrays: Any, /, *, axis: int = 0) -> Any:
    """The operator `stack`."""
    return call("stack", list(arrays), axis)


def tile(x: Any, repetitions: Any, /) -> Any:
    """The operator `tile`."""
    return call("tile", x, repetitions)


def unstack(x: Any, /, *, axis: int = 0) -> Any:
    """The operator `unstack`."""
    return call("unstack", x, axis)


__all__ = [
    "broadcast_arrays",
    "broadcast_to",
    "concat",
    "expand_dims",
    "flip",
    "moveaxis",
    "permute_dims",
    "repeat",
    "reshape",
    "roll",
    "squeeze",
    "stack",
    "tile",
    "unstack",
]
