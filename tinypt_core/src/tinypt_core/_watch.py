"""Running an op while something looks over its shoulder: observers and anomaly detection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinypt_core._modes import Mode


def watched_forward(node: Any, inputs: tuple[Any, ...], mode: Mode) -> Any:
    """`node._run`, watched."""
    return node._run(inputs, mode)


def watched_pull(pull: Callable[..., Any], mode: Mode) -> Callable[..., Any]:
    """A step of the backward loop, watched."""
    return pull
