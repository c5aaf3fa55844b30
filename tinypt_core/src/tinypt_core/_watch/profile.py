"""Where time and memory go, per operator and package: an observer like any plugin's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from tinypt_core._modes import get_mode, using_mode
from tinypt_core._names import provider
from tinypt_core._watch.observers import compiled

_COLUMNS = ("op", "package", "calls", "forward ms", "backward calls", "backward ms", "bytes")


class Profile:
    """What `profile()` gives: `rows` to compute with, `table()` to read."""

    def __init__(self) -> None:
        self._totals: dict[tuple[str, str], list[float]] = {}
        self._running: list[tuple[Any, float]] = []

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One dict per operator and package, the slowest first; JSON can hold it.

        Keys: op, package, calls, forward_seconds, backward_calls, backward_seconds, and bytes, the
        size of the arrays it returned, outputs and gradients. Times include what an operator
        calls itself.
        """
        keys = ("calls", "forward_seconds", "backward_calls", "backward_seconds", "bytes")
        order = sorted(self._totals.items(), key=lambda item: (-item[1][1] - item[1][3], item[0]))
        return [
            {"op": op, "package": package, **dict(zip(keys, totals, strict=True))}
            for (op, package), totals in order
        ]

    def table(self) -> str:
        """The rows as text, with a line of totals."""
        lines = [list(row.values()) for row in self.rows]
        sums = [sum(column) for column in list(zip(*lines, strict=True))[2:]] or [0] * 5
        texts = [list(_COLUMNS), *(_texts(line) for line in [*lines, ["total", "", *sums]])]
        widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if i < 2 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in texts
        )

    # -- the observer ----------------------------------------------------------------------------

    def before_forward(self, function: Any, inputs: tuple[Any, ...]) -> None:
        """Start the clock."""
        self._running.append((function, perf_counter()))

    def after_forward(
        self, function: Any, inputs: tuple[Any, ...], outputs: tuple[Any, ...]
    ) -> None:
        """Stop the clock."""
        self._stop(function, 0, outputs)

    def before_backward(self, function: Any, gradients: tuple[Any, ...]) -> None:
        """Start the clock."""
        self._running.append((function, perf_counter()))

    def after_backward(
        self, function: Any, gradients_out: tuple[Any, ...], gradients_in: tuple[Any, ...]
    ) -> None:
        """Stop the clock."""
        self._stop(function, 2, gradients_in)

    def _stop(self, function: Any, column: int, made: tuple[Any, ...]) -> None:
        end = perf_counter()
        while self._running:  # what lies above was left by a call that raised
            started, start = self._running.pop()
            if started is function:
                break
        key = type(function).__name__, provider(type(function))
        totals = self._totals.setdefault(key, [0, 0.0, 0, 0.0, 0])
        totals[column] += 1
        totals[column + 1] += end - start
        totals[4] += sum(map(_nbytes, made))
        if getattr(function, "_edges", ()):  # a node of the graph: pictures can colour by time
            function.info["time"] = function.info.get("time", 0.0) + end - start


@contextmanager
def profile() -> Iterator[Profile]:
    """Measure the operators that run inside a `with` block, in this thread or task.

    Each node of the graph notes its seconds, so that pictures can show where time goes.

    >>> import numpy as np
    >>> from tinypt_core import Variable
    >>> from tinypt_core.ops import sin
    >>> with profile() as p:
    ...     sin(Variable(np.ones(1000))).backward()
    >>> [(row["op"], row["calls"], row["backward_calls"], row["bytes"]) for row in p.rows]
    [('Sin', 1, 1, 16000)]
    """
    result = Profile()
    watcher = compiled(result, "tinypt-core")
    with using_mode(observers=(*get_mode().observers, watcher)):
        yield result


def _nbytes(value: Any) -> int:
    return int(getattr(getattr(value, "_array", value), "nbytes", 0))


def _texts(line: list[Any]) -> list[str]:
    op, package, calls, forward, backward_calls, backward, size = line
    return [
        op, package, str(calls), f"{forward * 1e3:.3f}", str(backward_calls),
        f"{backward * 1e3:.3f}", str(size),
    ]  # fmt: skip
