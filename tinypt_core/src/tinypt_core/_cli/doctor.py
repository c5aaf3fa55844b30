"""`tinypt doctor`: everything that is wrong with what is installed."""

from __future__ import annotations

from typing import NamedTuple

from tinypt_core import _links, registry
from tinypt_core._registry.homes import home
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
    if missing := [name for name in _links.NEEDED if not registry.is_available(name)]:
        findings.append(Finding("missing", ", ".join(missing), _needed(missing)))
    findings += [Finding("problem", "the installation", text) for text in registry.problems()]
    n, m = len(rows), len({row.distribution for row in rows})
    return findings, f"{n} operator{'s' * (n != 1)} of {m} distribution{'s' * (m != 1)}"


def _needed(missing: list[str]) -> str:
    packages = sorted({home(name) for name in missing})
    return (
        f"the core differentiates with these operators, and none of them is usable: "
        f"pip install {' '.join(packages)}"
    )


def _subject(rows: list[Row | Plugin]) -> str:
    """One problem may concern several operators, or several distributions."""
    names = sorted({row.name for row in rows})
    who = sorted({f"{row.distribution} {row.version}".strip() for row in rows})
    return f"{', '.join(names)} from {' and '.join(who)}"
