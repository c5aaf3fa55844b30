"""Versions, in the order that the version specification of Python packages gives (PEP 440)."""

from __future__ import annotations

import re
from typing import Any

_VERSION = (
    r"v?(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)"
    r"(?:[-_.]?(?P<pre>alpha|beta|preview|pre|a|b|c|rc)[-_.]?(?P<pre_n>\d*))?"
    r"(?P<post>-(?P<post_n1>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?P<post_n2>\d*))?"
    r"(?P<dev>[-_.]?dev[-_.]?(?P<dev_n>\d*))?"
    r"(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?"
)
_CLAUSE = re.compile(r"(===|==|~=|!=|<=|>=|<|>)\s*(.+?)(\.\*)?\s*")
_RUNS = re.compile("[-_.]+")
_LATE = float("inf")


def normalize(name: str) -> str:
    """A distribution's name as package indexes compare it: "My_Ops" -> "my-ops"."""
    return _RUNS.sub("-", name.strip()).lower()


class Version:
    """A version taken apart. text that is none counts as the oldest of all.

    release: its numbers without trailing zeros. key: what versions are ordered by.
    """

    def __init__(self, text: str) -> None:
        part = _parts(text) or {}
        self.release = _numbers(part.get("release") or "")
        self.local = re.sub("[-_]", ".", part.get("local") or "")
        self.is_post = bool(part.get("post"))
        self.is_early = bool(part.get("pre") or part.get("dev"))
        pre: tuple[float, int] = (_LATE, 0)
        if part.get("pre"):
            pre = ({"a": 0, "b": 1}.get(part["pre"][0], 2), int(part["pre_n"] or 0))
        elif part.get("dev") and not self.is_post:
            pre = (-1, 0)
        post = int(part["post_n1"] or part["post_n2"] or 0) if self.is_post else -1
        dev = int(part["dev_n"] or 0) if part.get("dev") else _LATE
        self.key = (int(part.get("epoch") or 0), self.release, pre, post, dev)

    def starts(self, prefix: Version, count: int) -> bool:
        """Whether its first numbers are those of another: 1.4.2 starts with 1.4."""
        mine, theirs = ((*v.release, *[0] * count)[:count] for v in (self, prefix))
        return self.key[0] == prefix.key[0] and mine == theirs


def _parts(text: str) -> dict[str, Any] | None:
    """The parts of a version by their names; without the pattern, which takes a millisecond to
    compile, where it is numbers alone."""
    text = text.strip().lower()
    if all(number.isdecimal() for number in text.split(".")):
        return {"release": text}
    found = re.fullmatch(_VERSION, text)
    return found.groupdict() if found else None


def _numbers(release: str) -> tuple[int, ...]:
    numbers = [int(n) for n in release.split(".") if n]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def allows(clauses: str, version: str) -> bool:
    """Whether a version satisfies ">=0.1,<0.2". A clause that can't be read forbids nothing.

    >>> allows(">=0.1,<0.2", "0.1.5"), allows("~=1.2", "2.0"), allows("==1.*", "1.7")
    (True, False, True)
    """
    return all(_holds(clause.strip(), version) for clause in clauses.split(","))


def _holds(clause: str, version: str) -> bool:
    found = _CLAUSE.fullmatch(clause)
    if not found or not _parts(found[2]):
        return True
    sign, text, star = found.groups()
    have, want = Version(version), Version(text)
    if sign == "===":
        return version.strip().lower() == text.lower()
    if star:
        return have.starts(want, _written(text)) is (sign != "!=")
    if sign == "~=":  # ~=1.4.2 means >=1.4.2, ==1.4.*
        return have.key >= want.key and have.starts(want, _written(text) - 1)
    return _compares(sign, have, want)


def _written(text: str) -> int:
    """How many numbers the release of a version is written with."""
    return len((_parts(text) or {"release": ""})["release"].split("."))


def _compares(sign: str, have: Version, want: Version) -> bool:
    a, b = have.key, want.key
    same = a == b and (not want.local or have.local == want.local)
    if sign == "<":  # not the release candidates of the bound itself
        return a < b and not (have.is_early and not want.is_early and a[:2] == b[:2])
    if sign == ">":  # nor its later builds
        return a > b and not (have.is_post and not want.is_post and a[:2] == b[:2])
    return {"==": same, "!=": not same, "<=": a <= b, ">=": a >= b}[sign]
