"""What may be registered, and the callable that is made of it.

Three kinds: an operator is a Function class, with a rule; a composite is a plain function of
operators, as `average`; a constant is a plain function too, whose result has no derivative.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

from tinypt_core import _links
from tinypt_core._arrays import kind
from tinypt_core._batch.batched import NeedsLoop
from tinypt_core._batch.looping import may_help
from tinypt_core._errors import TinyptError, refused
from tinypt_core._function import Function
from tinypt_core._names import providers
from tinypt_core._operator.call import caller, prepared
from tinypt_core._operator.signature import overrides_apply, public_signature


def validated(value: Any) -> Any:
    """The Function class or the plain function behind it. Raises TypeError saying what is wrong."""
    written = getattr(value, "function", value)  # an operator that is registered already
    if isinstance(written, FunctionType):
        return written
    if isinstance(written, Function):
        raise TypeError(f"{value!r:.80} is not an operator, but one call of it: write the class")
    if not (isinstance(written, type) and issubclass(written, Function)):
        raise TypeError(
            f"{value!r:.80} is not an operator: it must be a subclass of Function, or a plain "
            f"function composed of operators"
        )
    if not overrides_apply(written):
        _check(written)
    return written


def _check(cls: Any) -> None:
    if not callable(getattr(cls, "forward", None)):
        raise TypeError(f"{cls.__name__} has no forward method")
    problem = getattr(cls._signature, "problem", "")
    if problem:
        raise TypeError(f"{cls.__name__}: {problem}")


def make_op(name: str, written: Any, provider: str) -> Any:
    """The registered callable: a function with the operator's name, doc and provenance."""
    last = name.rpartition(":")[2].rpartition(".")[2]
    op: Any = caller(prepared(written)) if is_ruled(written) else _named(last, _call(written))
    if getattr(written, "indexed", False):
        op = Indexed(op)
    op.__name__ = last
    op.__qualname__ = name
    op.__module__ = "tinypt_core.ops"
    op.__doc__ = written.__doc__
    op.__signature__ = signature(written)
    op.function = written
    op.provider = provider
    op._call = op
    providers.setdefault(written, provider)
    return op


class Indexed:
    """A plain function that is written with brackets, as r_[x, y]: marked `indexed = True`."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._function = call

    def __call__(self, *items: Any) -> Any:
        return self._function(*items)

    def __getitem__(self, key: Any) -> Any:
        return self(*key) if isinstance(key, tuple) else self(key)

    def __reduce__(self) -> str:
        return self.__name__  # type: ignore[attr-defined, no-any-return]


def signature(written: Any) -> inspect.Signature:
    """How the operator is called: its inputs, then its parameters; a plain function as written."""
    if not isinstance(written, FunctionType):
        return public_signature(written)
    found = inspect.signature(written)
    bare = [p.replace(annotation=p.empty) for p in found.parameters.values()]
    return inspect.Signature(bare)


def is_ruled(written: Any) -> bool:
    """Whether it is a Function class that is called in the usual way: inputs, then parameters."""
    return isinstance(written, type) and not overrides_apply(written)


def _call(written: Any) -> Callable[..., Any]:
    return written.apply if isinstance(written, type) else written  # type: ignore[attr-defined, no-any-return]


def _named(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """The same call; what it refuses is refused in the operator's name."""

    def op(*args: Any, **kwargs: Any) -> Any:
        try:
            return call(*args, **kwargs) if kwargs else call(*args)
        except (Exception, NeedsLoop) as error:
            if may_help(error, [*args, *kwargs.values()]):
                return _links.call_one_by_one(op, args, kwargs)
            if isinstance(error, TinyptError) or str(error).lower().startswith(name.lower()):
                raise
            raise refused(error, name + kind(*args)) from error

    return op
