"""Noticing that an array which a gradient rule will read was changed in place.

What is small is copied when it is kept. Of what is kept by reference a Print is taken: all of an
array of up to 1,024 elements, a sample of 64 of a larger one. It is compared in a backward pass.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import numpy as np

#: elements of an array that is copied where its owner may change it
SMALL = 256


@contextmanager
def nothing_copied() -> Iterator[None]:
    """Inside a `with` block small arrays are watched as large ones are: operators get the arrays
    themselves, however they lie, as the conformance kit wants it."""
    global SMALL
    before, SMALL = SMALL, 0
    try:
        yield
    finally:
        SMALL = before


_WHOLE = 1024
_SAMPLE = 64

#: what an operator does about an array whose owner may change it in place, besides nothing: watch
#: it if its output is a view of it, or copy it if it is small
WATCH, COPY = 1, 2

next_order = count(1).__next__


class Print:
    """What an array held when a node last kept it. changed: nodes up to that order kept another."""

    __slots__ = ("_array", "_bytes", "changed")

    def __init__(self, array: Any) -> None:
        self._array = weakref.ref(array)
        self._bytes = sampled(array)
        self.changed = 0

    def renew(self, array: Any) -> None:
        """It is kept once more: was it changed since?"""
        now = sampled(array)
        same = self._array() is array
        if not same or now != self._bytes:
            if same:
                self.changed = next_order()
            self._array, self._bytes = weakref.ref(array), now

    def stale(self) -> float:
        """The order up to which nodes keep an array that has changed since; 0 if none does."""
        array = self._array()
        if array is not None and sampled(array) != self._bytes:
            return math.inf
        return self.changed

    def overlaps(self, value: Any) -> bool:
        """Whether a value lies in the memory of this array."""
        array = self._array()
        return array is not None and np.may_share_memory(array, value)


def sampled(array: Any) -> bytes:
    """The elements of a small array; of a larger one some, spread evenly over every axis."""
    if array.size > _WHOLE:
        if array.flags.forc:
            flat = array.ravel("K")  # a view, since the elements lie side by side
            return flat[:: array.size // _SAMPLE].tobytes()  # type: ignore[no-any-return]
        per_axis = max(2, round(_SAMPLE ** (1 / array.ndim)))
        array = array[tuple(slice(None, None, max(1, n // per_axis)) for n in array.shape)]
    return array.tobytes()  # type: ignore[no-any-return]


def prints(value: Any, depth: int = 4) -> Any:
    """What may change in place in a parameter, as something to compare; None if nothing may."""
    if isinstance(value, np.ndarray):
        return sampled(value) if value.dtype.kind != "O" else None
    if depth and isinstance(value, (list, tuple)):
        parts = [prints(v, depth - 1) for v in value]
        if isinstance(value, list):
            return [
                (p, None if p is not None else repr(v)) for p, v in zip(parts, value, strict=True)
            ]
        return parts if any(p is not None for p in parts) else None
    if depth and isinstance(value, (set, frozenset)):
        return frozenset(value)
    own = value if isinstance(value, dict) else _state(value)
    if depth and own:
        return {k: prints(v, depth - 1) or repr(v) for k, v in own.items()}
    return None


def _state(value: Any) -> dict[str, Any] | None:
    """What a plain object holds; nothing of what is called, like functions and classes."""
    return None if callable(value) else getattr(value, "__dict__", None)


# -- outputs that somebody has in hand -----------------------------------------------------------

in_hand: dict[int, tuple[Any, Any, bytes]] = {}


def shown(node: Any, array: Any) -> None:
    """Somebody reads the array of an output: a print of it, and of what it is a view of, until
    they go away."""
    while array.__class__ is np.ndarray and id(array) not in in_hand:
        key = id(array)
        gone = weakref.ref(array, lambda _, key=key: in_hand.pop(key, None))  # type: ignore[misc]
        in_hand[key] = (gone, weakref.ref(node), sampled(array))
        array = array.base


def changed_outputs() -> Iterator[tuple[Any, Any]]:
    """The outputs that were changed after somebody read them: array and node."""
    for ref, node, before in list(in_hand.values()):
        array = ref()
        if array is not None and sampled(array) != before:
            yield array, node()
