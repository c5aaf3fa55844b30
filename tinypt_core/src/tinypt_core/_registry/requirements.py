"""What a plugin's `Requires-Dist: tinypt-core` asks for, and whether it holds here.

`tinypt-core [cli] >=0.1, <0.2 ; python_version >= "3.11" and sys_platform == "linux"`
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress

from tinypt_core._registry.versions import Version, allows, normalize

_REQUIREMENT = re.compile(
    r"\s*([\w.-]+?)\s*(?:\[[^\]]*\])?\s*\(?\s*([<>=!~][^;)]*)?\)?\s*(?:;(.*))?", re.DOTALL
)
_TOKEN = r"\s*(\(|\)|'[^']*'|\"[^\"]*\"|[\w.]+|[<>=!~]+)"  # compiled where there is a marker


def required_range(requirements: list[str], name: str) -> str:
    """The range that the requirements which hold here state for a distribution, or ""."""
    ranges = []
    for requirement in requirements:
        found = _REQUIREMENT.fullmatch(requirement)
        if found and normalize(found[1]) == name and found[2] and holds(found[3] or ""):
            ranges.append(found[2].replace(" ", ""))
    return ",".join(ranges)


def holds(marker: str) -> bool:
    """Whether a marker is true; without one, it is. One that can't be read is not.

    >>> holds('python_version >= "3.8"'), holds('extra == "test"'), holds("")
    (True, False, True)
    """
    if not marker.strip():
        return True
    tokens = re.findall(_TOKEN, marker)[::-1]
    with suppress(IndexError, KeyError, ValueError):
        return _any(tokens) and not tokens
    return False


def _any(tokens: list[str]) -> bool:
    found = _all(tokens)
    while tokens and tokens[-1] == "or":
        tokens.pop()
        found = _all(tokens) or found
    return found


def _all(tokens: list[str]) -> bool:
    found = _one(tokens)
    while tokens and tokens[-1] == "and":
        tokens.pop()
        found = _one(tokens) and found
    return found


def _one(tokens: list[str]) -> bool:
    first = tokens.pop()
    if first == "(":
        found = _any(tokens)
        if tokens.pop() != ")":
            raise ValueError(first)
        return found
    sign = tokens.pop()
    if sign == "not":  # not in
        sign += tokens.pop()
    return _compare(_value(first), sign, _value(tokens.pop()))


def _compare(left: str, sign: str, right: str) -> bool:
    if sign in ("in", "notin"):
        return (left in right) is (sign == "in")
    if Version(left).release and Version(right.removesuffix(".*")).release:
        return allows(sign + right, left)
    strings: dict[str, Callable[[str, str], bool]] = {"==": str.__eq__, "!=": str.__ne__}
    return strings[sign](left, right)


def _value(token: str) -> str:
    if token[0] in "'\"":
        return token[1:-1]
    import platform

    told: dict[str, Callable[[], str]] = {
        "extra": str,
        "implementation_name": lambda: sys.implementation.name,
        "os_name": lambda: os.name,
        "platform_machine": platform.machine,
        "platform_python_implementation": platform.python_implementation,
        "platform_release": platform.release,
        "platform_system": platform.system,
        "python_full_version": platform.python_version,
        "python_version": lambda: ".".join(map(str, sys.version_info[:2])),
        "sys_platform": lambda: sys.platform,
    }
    return told[token]()
