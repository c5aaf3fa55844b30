"""What the registry knows, as rows to print: for the command line, and for the curious."""

from __future__ import annotations

from contextlib import suppress
from fnmatch import fnmatchcase
from typing import NamedTuple

from tinypt_core._errors import OpConflictError, PluginLoadError, TinyptError
from tinypt_core._registry.candidate import Candidate
from tinypt_core._registry.index import Index


class Row(NamedTuple):
    """One operator that one distribution declares.

    status: "ok", "broken", "stale" (its module is gone), "incompatible", "conflict", "disabled".
    winner: whether the bare name means this one; rule: why. seconds: what importing it took,
    None if nobody has. problem: what is wrong with it, or "".
    """

    name: str
    distribution: str
    version: str
    target: str
    status: str
    winner: bool
    rule: str
    seconds: float | None
    problem: str


class Plugin(NamedTuple):
    """One entry of the group tinypt.plugins. hooks: the names of those it implements."""

    name: str
    distribution: str
    version: str
    target: str
    status: str
    hooks: tuple[str, ...]
    seconds: float | None
    problem: str


def candidates(index: Index, pattern: str = "*", load: bool = False) -> list[Row]:
    """Every operator that anybody declares, by name, then by distribution."""
    found = [*index.all(), *index.by_hand.values()]
    chosen = [c for c in found if fnmatchcase(c.name, pattern)]
    return [_row(index, c, load) for c in sorted(chosen, key=lambda c: (c.name, c.qualified))]


def _row(index: Index, candidate: Candidate, load: bool) -> Row:
    status, problem = "ok", ""
    winner, rule = False, ""
    try:
        chosen, rule = index.choose(candidate.name)
        winner = chosen is candidate
    except OpConflictError as error:
        status, problem = "conflict", str(error)
    except TinyptError:
        pass  # this candidate's own reason follows
    d = candidate.distribution
    if index.bar(candidate):
        status, problem = "disabled", index.bar(candidate)
    elif d and d.damaged:
        status, problem = "broken", d.damaged
    elif d and d.incompatible:
        status, problem = "incompatible", d.incompatible
    else:
        reason = _loading_problem(index, candidate, load)
        status, problem = (candidate.status, reason) if reason else (status, problem)
    name, version = (d.title, d.version) if d else (candidate.provider, "")
    return Row(candidate.name, name, version, candidate.target, status, winner,
               rule if winner else "", candidate.seconds, problem)  # fmt: skip


def _loading_problem(index: Index, candidate: Candidate, load: bool) -> str:
    if load:
        with suppress(PluginLoadError):
            index.load(candidate)
    return candidate.failure[0] if candidate.failure else ""


def plugins(index: Index) -> list[Plugin]:
    """Every entry of the group tinypt.plugins, by distribution, then by name."""
    found = index.plugins
    return [] if found is None else [
        Plugin(p.name, p.distribution.title, p.distribution.version, p.target, p.status, p.hooks,
               p.seconds, p.failure)
        for p in found.all
    ]  # fmt: skip


def problems(index: Index) -> list[str]:
    """What is wrong with metadata and environment variables, where no operator is to blame."""
    found = index.found
    damage = [f"{d} in {d.folder}: {line}" for d in found.distributions for line in d.damage]
    return [*found.problems, *sorted(damage), *index.complaints()]


def enforce(index: Index) -> None:
    """Under TINYPT_STRICT: raise everything that is wrong at once, before any operator is used."""
    if index.verdict is None and not index.judging:
        index.judging = True  # loading everything may look operators up
        try:
            index.verdict = _verdict(index) or TinyptError()
        finally:
            index.judging = False
    if index.verdict is not None and index.verdict.args:
        raise type(index.verdict)(*index.verdict.args)


def _verdict(index: Index) -> TinyptError | None:
    rows = [row for row in candidates(index, load=True) if row.status not in ("ok", "disabled")]
    others = [*(p.problem for p in plugins(index) if p.problem), *problems(index)]
    found = list(dict.fromkeys([*(row.problem for row in rows), *others]))
    if not found:
        return None
    kind: type[TinyptError] = PluginLoadError
    if not others and all(row.status == "conflict" for row in rows):
        kind = OpConflictError
    return kind("\n- ".join([f"TINYPT_STRICT: {len(found)} problem(s)", *found]))
