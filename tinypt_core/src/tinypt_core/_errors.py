"""The exception tree. Every error is a sentence: what was asked, what was found, what to do."""

from __future__ import annotations

from typing import Any


class TinyptError(Exception):
    """Base of every error tinypt raises about operators, gradients and plugins."""


class GradientError(TinyptError):
    """A gradient cannot be computed, or a rule returned one that cannot be right."""


class AnomalyError(TinyptError):
    """Under `detect_anomaly()`: a NaN or Inf appeared, or a saved array was changed in place."""


class OpNotFoundError(TinyptError, AttributeError):
    """No installed distribution provides an operator of that name."""


class OpConflictError(TinyptError):
    """Two distributions provide different operators under one name."""


class PluginLoadError(TinyptError, ImportError):
    """A distribution declares an operator, but loading it failed."""


class ConformanceError(TinyptError, AssertionError):
    """An operator broke a promise of the contract; raised by `tinypt_core.testing`."""


def refused(error: BaseException, op: str) -> Exception:
    """The same kind of error with the operator's name in front, for what forward refused."""
    named = _same_kind(error, f"{op}: {error}")
    for key, value in vars(error).items():
        if key not in ("_msg", "__notes__"):
            vars(named)[key] = value
    return named


def _same_kind(error: BaseException, message: str) -> Exception:
    kind: Any = type(error)
    try:
        named = kind(message)
        return named if isinstance(named, Exception) else RuntimeError(message)
    except Exception:  # a constructor with a signature of its own
        return next(
            base(message)
            for base in (IndexError, ValueError, TypeError, RuntimeError)
            if isinstance(error, base) or base is RuntimeError
        )


def cut(deed: str, instead: str) -> GradientError:
    """The error for a rule that would silently lose a higher derivative."""
    return GradientError(
        f"{deed} under create_graph=True, which cuts the graph: the next derivative would be "
        f"silently wrong. Ask for what the rule needs by name (backward(self, gy, x) or "
        f"(self, gy, y)) and compute with it directly; use {instead}"
    )


class DefinitionError(GradientError, TypeError):
    """A class statement that makes no operator: its rule asks for what there is not."""
