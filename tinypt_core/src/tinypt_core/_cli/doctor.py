"""`tinypt doctor`: everything that is wrong with what is installed."""

from __future__ import annotations

from typing import NamedTuple

from tinypt_core import _links, registry
from tinypt_core._cli.words import problem
from tinypt_core._registry.listing import Plugin, Row


class Finding(NamedTuple):
    """One thing that is wrong: its kind, with whom, and why."""

    status: str
    subject: str
    problem: str


def diagnose() -> tuple[list[Finding], str]:
    """Import everything; the findings, and what was looked at."""
    rows = registry.candidates(load=True)
    groups: dict[tuple[str, str], list[Row | Plugin]] = {}
    entries: list[Row | Plugin] = [*rows, *registry.plugins()]
    for row in entries:
        if row.status not in ("ok", "disabled"):
            groups.setdefault((row.status, row.problem), []).append(row)
    findings = [
        Finding(status, _subject(culprits), problem)
        for (status, problem), culprits in groups.items()
    ]
    findings += filter(None, [_missing()])
    findings += [Finding("problem", "the installation", text) for text in registry.problems()]
    n, m = len(rows), len({row.distribution for row in rows})
    return findings, f"{n} operator{'s' * (n != 1)} of {m} distribution{'s' * (m != 1)}"


def _missing() -> Finding | None:
    """Of the operators that the core itself needs, those that give none, and why."""
    problems = {name: problem(name) for name in _links.NEEDED}
    names = [name for name, text in problems.items() if text]
    if not names:
        return None
    why = f"the core differentiates with these operators. {problems[names[0]]}"
    return Finding("missing", ", ".join(names), why)


def _subject(rows: list[Row | Plugin]) -> str:
    """One problem may concern several operators, or several distributions."""
    names = sorted({row.name for row in rows})
    who = sorted({f"{row.distribution} {row.version}".strip() for row in rows})
    return f"{', '.join(names)} from {' and '.join(who)}"
