"""Where a sequence repeats: runs of equal blocks, found by hashing in linear time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

_WINDOWS = (1, 3, 9)
_CANDIDATES = 8  #: periods for each window
_LEAST = 3  #: turns


@dataclass(frozen=True)
class Run:
    """`count` blocks of `period` letters each, from `start` on; slack: the letters left over."""

    start: int
    period: int
    count: int
    slack: int = 0


def runs(letters: Sequence[Hashable], accepted: Callable[[Run], Any]) -> list[Any]:
    """Stretches in which a block follows upon itself three times or more, short blocks first.

    accepted: what to make of a run; None to leave its letters to longer blocks.

    >>> runs("xababababy", lambda run: run)
    [Run(start=1, period=2, count=4, slack=0)]
    """
    number: dict[Hashable, int] = {}
    s = np.array([number.setdefault(letter, len(number)) for letter in letters], dtype=np.int64)
    taken = np.zeros(len(s), dtype=bool)
    found = []
    for p in _periods(s):
        alike = (s[:-p] == s[p:]) & ~taken[:-p] & ~taken[p:]
        for start, stop in _stretches(alike):
            length = stop - start + p
            if length < _LEAST * p or taken[start : start + length].any():
                continue
            made = accepted(Run(start, p, length // p, length % p))
            if made is not None:
                found.append((start, made))
                taken[start : start + length] = True
    return [made for _, made in sorted(found, key=lambda one: one[0])]


def _periods(s: np.ndarray) -> list[int]:
    """The distances at which the same few letters come back most often."""
    periods: set[int] = set()
    for window in _WINDOWS:
        if len(s) < _LEAST * window:
            break
        grams = _grams(s, window)
        order = np.argsort(grams, kind="stable")
        same = grams[order][1:] == grams[order][:-1]
        gaps = np.diff(order)[same]
        distances, counts = np.unique(gaps, return_counts=True)
        best = np.argsort(-counts, kind="stable")[:_CANDIDATES]
        periods.update(int(d) for d in distances[best])
    return sorted(p for p in periods if _LEAST * p <= len(s))


def _grams(s: np.ndarray, window: int) -> np.ndarray:
    """A number for each stretch of `window` letters; equal stretches have equal numbers."""
    grams = s
    for shift in range(1, window):
        pairs = grams[: len(s) - shift] * (int(s.max()) + 1) + s[shift:]
        grams = np.unique(pairs, return_inverse=True)[1].reshape(-1)
    return grams


def _stretches(mask: np.ndarray) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
