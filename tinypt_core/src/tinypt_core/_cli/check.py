"""`tinypt check`: the conformance kit on installed operators."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from rich.console import Console
from rich.progress import track

from tinypt_core import registry
from tinypt_core._errors import TinyptError
from tinypt_core._registry.listing import Row
from tinypt_core._registry.versions import normalize


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
    """Check each row's operator, each class once, with a progress bar on a terminal."""
    results: dict[Any, Result] = {}
    console = Console(stderr=True)
    watched = track(rows, "checking", console=console) if console.is_terminal else rows
    for row in watched:
        result, key = _check(row, results)
        results[key] = result
    return list(results.values())


def _check(row: Row, done: dict[Any, Result]) -> tuple[Result, Any]:
    from tinypt_core.testing import check_op

    who = f"{row.distribution} {row.version}".strip()
    try:
        op = registry.get(f"{normalize(row.distribution)}:{row.name}" if row.version else row.name)
        if op.function in done:
            return done[op.function], op.function
        check_op(op)
    except TinyptError as error:
        return Result(row.name, who, str(error)), row
    except Exception as error:  # the operator's own mistake, whatever it is
        return Result(row.name, who, f"{type(error).__name__}: {error}"), row
    return Result(row.name, who, ""), op.function
