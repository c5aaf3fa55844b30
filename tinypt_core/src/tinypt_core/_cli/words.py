"""What several commands say of the registry's rows."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any

from tinypt_core import registry
from tinypt_core._errors import TinyptError
from tinypt_core._names import did_you_mean
from tinypt_core._registry.versions import normalize


def who(row: Any) -> str:
    """The distribution of a row, with its version."""
    return f"{row.distribution} {row.version}".strip()


def status(row: Any) -> str:
    """The status of a row; nothing if it is fine."""
    return "" if row.status == "ok" else str(row.status)


def operator(row: Any) -> Any:
    """The operator of a row, whoever else claims its name; imported if it was not."""
    bare = not row.version  # registered by hand
    return registry.get(row.name if bare else f"{normalize(row.distribution)}:{row.name}")


def summary(row: Any) -> str:
    """What the operator of a row does: the first line of its docstring; "" if it has none."""
    with suppress(TinyptError):
        return ((operator(row).__doc__ or "").strip().splitlines() or [""])[0]
    return ""


def is_of(provider: str, distribution: str) -> bool:
    """Whether a distribution is the one that is asked for; each is, if none is."""
    return not provider or normalize(provider) == normalize(distribution)


def near(word: str) -> str:
    """The nearest names of operators and distributions, as a question."""
    rows = registry.candidates()
    words = {row.name for row in rows} | {row.distribution for row in rows}
    return did_you_mean(word, words)


def problem(name: str) -> str:
    """Why a name gives no operator, or ""."""
    try:
        registry.get(name)
    except TinyptError as error:
        return str(error)
    return ""


def counts() -> list[tuple[tuple[str, str], int]]:
    """How many operators each distribution declares."""
    return sorted(Counter((r.distribution, r.version) for r in registry.candidates()).items())
