"""What the user decides through the environment: TINYPT_DISABLE, _ALLOW, _PREFER, _STRICT."""

from __future__ import annotations

import os
import re

from tinypt_core._names import did_you_mean
from tinypt_core._registry.versions import normalize

_FALSE = ("", "0", "false", "no", "off")


class Control:
    """The environment variables, read once per scan. "0", "false", "no" and "off" mean unset.

    TINYPT_DISABLE: distributions whose operators and plugins are ignored, "my-ops,other-ops".
    TINYPT_ALLOW: if set, every other distribution is ignored.
    TINYPT_PREFER: who provides a name that several claim, "sin=my-ops,cos=other-ops".
    TINYPT_STRICT: load everything at once, and raise at the first problem.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.disabled = {normalize(word) for word in _words("TINYPT_DISABLE")}
        self.allowed = {normalize(word) for word in _words("TINYPT_ALLOW")}
        self.strict = _value("TINYPT_STRICT") != ""
        self.preferred: dict[str, str] = {}
        for word in _words("TINYPT_PREFER"):
            name, equals, distribution = word.partition("=")
            if not (name and equals and distribution):
                self.problems.append(f"TINYPT_PREFER: {word!r} is not NAME=DISTRIBUTION")
            else:
                self.preferred[name] = normalize(distribution)

    def bar(self, distribution: str) -> str:
        """The variable that rules a distribution out, as "TINYPT_DISABLE"; or ""."""
        if distribution in self.disabled:
            return "TINYPT_DISABLE"
        return "TINYPT_ALLOW" if self.allowed and distribution not in self.allowed else ""

    def unknown(self, providers: dict[str, set[str]]) -> list[str]:
        """Complaints about names that nothing installed has. providers: distribution -> ops."""
        told = [
            ("TINYPT_DISABLE", self.disabled),
            ("TINYPT_ALLOW", self.allowed),
            ("TINYPT_PREFER", set(self.preferred.values())),
        ]
        problems = [
            f"{variable}: no installed distribution with operators or plugins is called "
            f"{word!r}{did_you_mean(word, providers)}"
            for variable, words in told
            for word in sorted(words - providers.keys())
        ]
        problems += [
            f"TINYPT_PREFER: {distribution} provides no operator {name!r}"
            for name, distribution in sorted(self.preferred.items())
            if name not in providers.get(distribution, {name})
        ]
        return self.problems + problems


def _value(variable: str) -> str:
    value = os.environ.get(variable, "").strip()
    return "" if value.lower() in _FALSE else value


def _words(variable: str) -> list[str]:
    return [word for word in re.split(r"[,;\s]+", _value(variable)) if word]
