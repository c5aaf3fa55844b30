"""What Tab completes: names of operators and of distributions. Nothing of theirs is imported."""

from __future__ import annotations

from typing import Any

from tinypt_core import registry


def operators(ctx: Any, param: Any, incomplete: str) -> list[str]:
    """Operators whose names begin so."""
    return [name for name in registry.names() if name.startswith(incomplete)]


def targets(ctx: Any, param: Any, incomplete: str) -> list[str]:
    """What `tinypt check` takes: operators, and the distributions that provide them."""
    distributions = sorted({row.distribution for row in registry.candidates()})
    found = [name for name in distributions if name.startswith(incomplete)]
    return [*operators(ctx, param, incomplete), *found]
