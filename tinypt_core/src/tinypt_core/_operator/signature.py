"""What a Function class says about itself, read once per class from its own code.

A gradient rule asks by name for what it needs, as a pytest fixture does. Here the names in
`forward` and `backward` become positions, so that nothing is looked up when an op runs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any

#: what a rule asks for that names forward's `*xs`: all of them
EVERY = 1 << 30


class Signature:
    """How one Function class is called and what its rule asks for.

    arity: the number of inputs, or -1 for `*xs`. required: how many have no default.
    asks: what the rule wants after its gradients: i for input i, ~i for output i, EVERY for `*xs`.
    n_gy: the number of gradients it takes, or -1 for `*gys`.
    problem: why the rule cannot be called, or "".
    """

    __slots__ = ("arity", "asks", "keywords", "n_gy", "names", "problem", "required")

    def __init__(
        self,
        names: tuple[str, ...] = (),
        arity: int = 0,
        required: int = 0,
        asks: tuple[int, ...] = (),
        keywords: tuple[str, ...] = (),
        n_gy: int = 1,
        problem: str = "",
    ) -> None:
        self.names, self.arity, self.required = names, arity, required
        self.asks, self.keywords, self.n_gy, self.problem = asks, keywords, n_gy, problem


def read_signature(cls: Any) -> Signature:
    """Read both methods of a Function class."""
    forward, backward = cls.forward, cls._written
    names, defaults, star, _ = _arguments(forward)
    arity, required = -1 if star else len(names), len(names) - defaults
    if backward is None:
        return Signature(names, arity, required, problem="it has no backward method")
    wanted, _, star_gy, keywords = _arguments(backward)
    where = {name: i for i, name in enumerate(names)} | ({star: EVERY} if star else {})
    n_gy = next((i for i, name in enumerate(wanted) if _is_request(name, where)), len(wanted))
    requests = keywords if star_gy else (*wanted[max(n_gy, 1) :], *keywords)
    asks = tuple(p for name in requests if (p := _position(name, where)) is not None)
    count = -1 if star_gy else max(n_gy, 1)
    problem = "" if wanted or star_gy else "its backward takes no gradient"
    problem = problem or _unknown(cls, requests, where)
    return Signature(names, arity, required, asks, keywords, count, problem)


_WRITE = (
    "write def forward(self, x) and def backward(self, gy, x): a rule asks by name for what it "
    "needs, there is no ctx"
)


def no_method(cls: Any) -> str:
    """What is wrong with methods that are none, or in another framework's style."""
    for name in ("forward", "backward"):
        found = cls.__dict__.get(name)
        if isinstance(found, (staticmethod, classmethod)):
            return f"its {name} is a {type(found).__name__}; {_WRITE}"
        if found is not None and not callable(found):
            return f"its {name} is {found!r:.40}, not a method; {_WRITE}"
        if inspect.isfunction(found) and not inspect.signature(found).parameters:
            return f"its {name} takes no self; {_WRITE}"
    return ""


def _unknown(cls: Any, requests: tuple[str, ...], where: dict[str, int]) -> str:
    unknown = [name for name in requests if _position(name, where) is None]
    if not unknown:
        return ""
    have = ", ".join([*where, "y"])
    own = [f"self.{name}" for name in unknown if name in parameters(cls)]
    also = f"; a parameter is read from self: {', '.join(own)}" if own else ""
    return f"backward asks for {', '.join(map(repr, unknown))}; it can ask for {have}{also}"


def _is_request(name: str, where: dict[str, int]) -> bool:
    return _position(name, where) is not None or not name.startswith(("g", "_g", "dy"))


def _position(name: str, where: dict[str, int]) -> int | None:
    if name in where:
        return where[name]
    number = name[1:] or "0"
    return ~int(number) if name[:1] == "y" and number.isdecimal() else None


def _arguments(method: Callable[..., Any]) -> tuple[tuple[str, ...], int, str, tuple[str, ...]]:
    """Positional names after self, how many have defaults, the name of *args, keyword-only."""
    parameters = list(inspect.signature(method).parameters.values())[1:]
    plain = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    star = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "")
    keywords = tuple(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)
    defaults = sum(p.default is not p.empty for p in plain)
    return tuple(p.name for p in plain), defaults, star, keywords


#: where the classes stand that every operator has for bases
_OURS = {"tinypt_core._function", "tinypt_core._operator.textbook", "tinypt_core._graph.node"}


def authored(cls: type) -> list[type]:
    """The classes of an operator that its author wrote."""
    return [base for base in cls.__mro__ if base is not object and base.__module__ not in _OURS]


def own_slots(cls: type) -> list[str]:
    """The names of the slots that an operator's author gave it."""
    found = [base.__dict__.get("__slots__", ()) for base in authored(cls)]
    return [s for slots in found for s in ((slots,) if isinstance(slots, str) else slots)]


def overrides_apply(cls: type) -> bool:
    """Whether calling the operator is its author's own affair."""
    return any("apply" in vars(base) for base in authored(cls))


def parameters(cls: type) -> tuple[str, ...]:
    """The names of the constructor's parameters: those of the operator."""
    if cls.__init__ is object.__init__:  # type: ignore[misc]
        return ()
    return _parameters(cls.__init__)  # type: ignore[misc]


@lru_cache(maxsize=512)
def _parameters(init: Any) -> tuple[str, ...]:
    """Read once per constructor: it costs more than an operator."""
    found = list(inspect.signature(init).parameters.values())[1:]
    return tuple(p.name for p in found if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD))


def public_signature(cls: Any) -> inspect.Signature:
    """How the operator is called: its inputs, then its parameters; or as its own `apply` says."""
    if overrides_apply(cls):
        return inspect.signature(cls.apply)
    inputs = list(inspect.signature(cls.forward).parameters.values())[1:]
    extra: list[inspect.Parameter] = []
    if cls.__init__ is not object.__init__:
        extra = list(inspect.signature(cls.__init__).parameters.values())[1:]
    if any(p.kind is p.VAR_POSITIONAL for p in inputs) or _defaults_first(inputs, extra):
        extra = [p if p.kind is p.VAR_KEYWORD else p.replace(kind=p.KEYWORD_ONLY) for p in extra]
    bare = [p.replace(annotation=p.empty) for p in (*inputs, *extra)]
    return inspect.Signature(sorted(bare, key=lambda p: p.kind))


def _defaults_first(inputs: list[inspect.Parameter], extra: list[inspect.Parameter]) -> bool:
    return any(p.default is not p.empty for p in inputs) and any(
        p.default is p.empty for p in extra
    )
