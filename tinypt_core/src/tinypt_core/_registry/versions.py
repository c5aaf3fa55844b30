"""Version ranges, as far as a plugin's `Requires-Dist: tinypt-core` needs them."""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"(===|==|~=|!=|<=|>=|<|>)\s*v?(\d+(?:\.\d+)*)(\.\*)?")
_REQUIREMENT = re.compile(r"\s*([\w.-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;)]*)\)?\s*(;.*)?$")


def release(version: str) -> tuple[int, ...]:
    """The numbers of a version, without trailing zeros: "0.10.0rc1" -> (0, 10)."""
    found = re.match(r"v?(\d+(?:\.\d+)*)", version)
    numbers = [int(n) for n in found[1].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def allows(clauses: str, version: str) -> bool:
    """Whether a version satisfies ">=0.1,<0.2". A clause that can't be read forbids nothing.

    >>> allows(">=0.1,<0.2", "0.1.5"), allows("~=1.2", "2.0"), allows("==1.*", "1.7")
    (True, False, True)
    """
    return all(_holds(clause.strip(), release(version)) for clause in clauses.split(","))


def _holds(clause: str, have: tuple[int, ...]) -> bool:
    found = _CLAUSE.match(clause)
    if not found:
        return True
    sign, text, star = found.groups()
    want = release(text)
    if sign == "~=":  # ~=1.4.2 means >=1.4.2, ==1.4.*
        return have >= want and _starts(have, text.rpartition(".")[0])
    if star:
        return _starts(have, text) is (sign != "!=")
    return {
        "==": have == want, "===": have == want, "!=": have != want, "<=": have <= want,
        ">=": have >= want, "<": have < want, ">": have > want,
    }[sign]  # fmt: skip


def _starts(have: tuple[int, ...], prefix: str) -> bool:
    want = tuple(map(int, prefix.split(".")))
    return (have + (0,) * len(want))[: len(want)] == want


def required_range(requirements: list[str], name: str) -> str:
    """The range that unconditional requirements state for a distribution, or ""."""
    for requirement in requirements:
        found = _REQUIREMENT.match(requirement)
        if found and normalize(found[1]) == name and not found[3] and "@" not in found[2]:
            return found[2].replace(" ", "")
    return ""


def normalize(name: str) -> str:
    """A distribution's name as package indexes compare it: "My_Ops" -> "my-ops"."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
