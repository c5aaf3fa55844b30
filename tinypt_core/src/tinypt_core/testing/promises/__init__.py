"""Every promise of the contract, each with a name of its own, in the order of the report."""

from tinypt_core.testing.promises import (  # noqa: F401, I001 (the order is that of the report)
    gradient,
    places,
    value,
    dtype,
    accuracy,
    robustness,
    higher_order,
    plane,
    batched,
    calls,
    parameters,
    memory,
    threads,
    metadata,
)
from tinypt_core.testing.promises._promise import PROMISES, Promise

__all__ = ["PROMISES", "Promise"]
