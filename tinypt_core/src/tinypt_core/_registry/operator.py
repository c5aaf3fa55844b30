"""What may be registered, and the callable that is made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinypt_core._calling import compiled
from tinypt_core._function import Function
from tinypt_core._names import providers
from tinypt_core._signature import public_signature


def validated(value: Any) -> Any:
    """The Function class of an operator. Raises TypeError saying what it is not."""
    cls = getattr(value, "function", value)  # an operator that is registered already
    if not (isinstance(cls, type) and issubclass(cls, Function)):
        raise TypeError(f"{value!r:.80} is not an operator: it must be a subclass of Function")
    own_call = cls is not Function and _overrides_apply(cls)
    if not callable(getattr(cls, "forward", None)):
        if own_call:  # its apply computes plain arrays, without a node
            return cls
        raise TypeError(f"{cls.__name__} has no forward method")
    problem = cls._signature.problem
    if problem and not (own_call and getattr(cls, "_written_rule", None) is None):
        raise TypeError(f"{cls.__name__}: {problem}")
    return cls


def make_op(name: str, cls: Any, provider: str) -> Any:
    """The registered callable: a function with the operator's name, doc and provenance."""
    op: Any = _calling(cls.apply) if _overrides_apply(cls) else compiled(cls)
    op.__name__ = name.rpartition(":")[2].rpartition(".")[2]
    op.__qualname__ = name
    op.__module__ = "tinypt_core.ops"
    op.__doc__ = cls.__doc__
    op.__signature__ = public_signature(cls)
    op.function = cls
    op.provider = provider
    op._call = cls.apply if _overrides_apply(cls) else op
    providers.setdefault(cls, provider)
    return op


def _calling(apply: Callable[..., Any]) -> Callable[..., Any]:
    def op(*args: Any, **kwargs: Any) -> Any:
        return apply(*args, **kwargs)

    return op


def _overrides_apply(cls: Any) -> bool:
    return any("apply" in vars(base) for base in cls.__mro__[:-2])
