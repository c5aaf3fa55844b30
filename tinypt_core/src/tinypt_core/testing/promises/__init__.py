"""Every promise of the contract, each with a name of its own, in the order of the report."""

from tinypt_core.testing.promises import (  # noqa: F401, I001 (the order is that of the report)
    gradient,
    value,
    dtype,
    robustness,
    higher_order,
    batched,
    calls,
    memory,
    threads,
    metadata,
)
from tinypt_core.testing.promises._promise import PROMISES, Promise

__all__ = ["PROMISES", "Promise"]
