"""`tinypt check`: the conformance kit on installed operators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from time import monotonic
from typing import Any, NamedTuple

from rich.console import Console
from rich.progress import track

from tinypt_core._cli import printing as _print
from tinypt_core._cli import words
from tinypt_core._errors import TinyptError
from tinypt_core._registry.listing import Row
from tinypt_core._registry.versions import normalize

#: seconds to the first line of progress where no bar can be drawn, and between two of them
FIRST, EVERY = 2.0, 10.0


class Result(NamedTuple):
    """What the kit says about one operator; problem: "" if nothing."""

    name: str
    provider: str
    problem: str


def select(rows: Iterable[Row], targets: Sequence[str]) -> list[Row]:
    """The rows whose operator or distribution is named."""
    wanted = {normalize(target) for target in targets}
    return [
        row
        for row in rows
        if row.name in targets
        or f"{normalize(row.distribution)}:{row.name}" in targets
        or normalize(row.distribution) in wanted
    ]


def check_all(rows: Sequence[Row]) -> list[Result]:
    """Check each row's operator, each class once, and tell how far it is."""
    results: dict[Any, Result] = {}
    console = Console(stderr=True)
    bar = console.is_terminal
    for row in track(rows, "checking", console=console) if bar else _told(rows):
        result, key = _check(row, results)
        results[key] = result
    return list(results.values())


def _told(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows, one by one; a line on standard error now and then."""
    start = monotonic()
    due = start + FIRST
    for done, row in enumerate(rows):
        now = monotonic()
        if done and now >= due:
            left = (now - start) / done * (len(rows) - done)
            _print.error(f"checked {done} of {len(rows)}, about {_length(left)} to go")
            due = now + EVERY
        yield row


def _length(seconds: float) -> str:
    """Some time, as one says it."""
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def _check(row: Row, done: dict[Any, Result]) -> tuple[Result, Any]:
    from tinypt_core.testing import check_op

    try:
        op = words.operator(row)
        if op.function in done:
            return done[op.function], op.function
        check_op(op)
    except TinyptError as error:
        return Result(row.name, words.who(row), str(error)), row
    except Exception as error:  # the operator's own mistake, whatever it is
        return Result(row.name, words.who(row), f"{type(error).__name__}: {error}"), row
    return Result(row.name, words.who(row), ""), op.function
