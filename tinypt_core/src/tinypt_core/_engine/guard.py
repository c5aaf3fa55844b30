"""Under create_graph: a rule must not read what forward computed and left on self.

Such an array is no part of the graph, so the next derivative would miss it without a word.
When a rule runs on Variables, `self` is therefore a twin of the node that looks at what the
rule reads. Which attributes forward may leave is read from the code of the class, once; where
that cannot tell, from a new instance with the same parameters. Plain passes pay nothing.
"""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType, MemberDescriptorType
from typing import Any

import numpy as np

from tinypt_core._engine.carried import carries_data, same
from tinypt_core._errors import cut
from tinypt_core._function import Function
from tinypt_core._operator.signature import authored, parameters

_HIDDEN = {"setattr", "__setattr__", "__dict__", "vars"}
_CHANGING = {"append", "extend", "insert", "update", "setdefault", "add", "fill", "copyto", "put"}
_OWN = {n for c in (Function, *Function.__mro__) for n in getattr(c, "__annotations__", {})} - {
    "forward"
} | {"__init__", "backward"}


@dataclass
class _Facts:
    """What the code of a Function class says about its attributes.

    parameters: of the constructor. built: stored by it. stored: by forward or its helpers.
    used: every name they mention. hidden: they may store in a way that names nothing.
    changing: they change containers.
    """

    parameters: set[str]
    built: set[str]
    stored: set[str]
    used: set[str]
    hidden: bool
    changing: bool
    guard: type | None = None


_known: dict[type, _Facts] = {}


def guarded(node: Any) -> Any:
    """The node; if its forward may have left something on self, a twin that refuses to read it."""
    cls = node.__class__
    facts = _known.get(cls)
    if facts is None:
        facts = _known[cls] = _read(cls)
    if facts.guard is None:
        attributes = getattr(node, "__dict__", None)
        if not attributes or facts.parameters.union(facts.built).issuperset(attributes):
            return node
        facts.guard = _guard(cls, facts)
    twin: Any = object.__new__(facts.guard)
    object.__setattr__(twin, "_guarded", node)
    object.__setattr__(twin, "_left_by_rule", {})
    return twin


def _read(cls: type) -> _Facts:
    steps = [s for code in _codes(cls, False) for s in dis.get_instructions(code)]
    building = [s for code in _codes(cls, True) for s in dis.get_instructions(code)]
    used = {s.argval for s in steps if isinstance(s.argval, str)}
    facts = _Facts(
        parameters=set(parameters(cls)),
        built=_attributes(building),
        stored=_attributes(steps),
        used=used,
        hidden=bool(used & _HIDDEN),
        changing=bool(used & _CHANGING) or any(s.opname == "STORE_SUBSCR" for s in steps),
    )
    derived = (facts.built | _containers(cls)) - facts.parameters
    if facts.stored or facts.hidden or derived & used:
        facts.guard = _guard(cls, facts)
    return facts


def _attributes(steps: list[dis.Instruction]) -> set[str]:
    return {step.argval for step in steps if step.opname == "STORE_ATTR"}


def _codes(cls: type, constructor: bool) -> Iterator[CodeType]:
    """The code of the constructor and of what only it calls; or of all the rest but the rule."""
    methods = [pair for base in authored(cls) for pair in vars(base).items()]
    inits = [m for name, m in methods if name == "__init__"]
    others = [(name, m) for name, m in methods if name not in _OWN]
    called = {name for m in inits for code in _within(m) for name in code.co_names}
    elsewhere = {n for name, m in others for code in _within(m) for n in code.co_names if n != name}
    setup = {name for name, _ in others if name in called and name not in elsewhere | {"forward"}}
    chosen = inits if constructor else []
    chosen += [m for name, m in others if (name in setup) == constructor]
    for method in chosen:
        yield from _within(method)


def _within(method: Any) -> Iterator[CodeType]:
    """The code of a method, and of the functions inside and behind it."""
    method = inspect.unwrap(getattr(method, "__func__", None) or method)
    method = getattr(method, "fget", None) or getattr(method, "func", None) or method
    if isinstance(method, FunctionType):
        yield from _nested(method.__code__)
        for cell in method.__closure__ or ():
            if isinstance(cell.cell_contents, FunctionType):
                yield from _nested(cell.cell_contents.__code__)


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _nested(const)


def _containers(cls: type) -> set[str]:
    """Names of what all instances share and any may change."""
    shared = (list, dict, set, np.ndarray)
    return {k for base in authored(cls) for k, v in vars(base).items() if isinstance(v, shared)}


# -- the twin --------------------------------------------------------------------------------------


def _guard(cls: type, facts: _Facts) -> type:
    methods: dict[str, Any] = {}

    def read(self: Any, name: str) -> Any:
        own = object.__getattribute__(self, "_left_by_rule")
        if name in own:
            return own[name]
        node = object.__getattribute__(self, "_guarded")
        if name == "__dict__":
            return {key: read(self, key) for key in vars(node)}
        if name not in methods:
            methods[name] = _method(cls, name)
        if methods[name] is not None and name not in getattr(node, "__dict__", ()):
            return methods[name].__get__(self, cls)  # helpers and properties are looked at too
        value = getattr(node, name)
        if _is_suspicious(node, name, value, facts):
            raise cut(f"reads self.{name}, which forward computed,", "x or y instead of it")
        return value

    def write(self: Any, name: str, value: Any) -> None:
        object.__getattribute__(self, "_left_by_rule")[name] = value

    body: dict[str, Any] = {"__slots__": ("_guarded", "_left_by_rule")}
    body |= {"__getattribute__": read, "__setattr__": write, "__new__": _another(cls)}
    return type(cls.__name__, (cls,), body)


def _another(cls: type) -> Callable[..., Any]:
    """`type(self)(...)` in a rule makes an operator, not a twin."""
    return lambda _, *args, **kwargs: cls(*args, **kwargs)


def _method(cls: type, name: str) -> Any:
    """The method or property of that name, if the author's classes define one."""
    found = inspect.getattr_static(cls, name, None)
    if isinstance(found, MemberDescriptorType) or not hasattr(type(found), "__get__"):
        return None
    return found if any(name in vars(base) for base in authored(cls)) else None


def _is_suspicious(node: Any, name: str, value: Any, facts: _Facts) -> bool:
    """Whether forward may have left this value, and it may depend on the inputs."""
    if name in facts.stored:
        return carries_data(value)
    if name in facts.parameters or name in _OWN or not carries_data(value):
        return False
    if name in vars(Function) or hasattr(object, name):
        return False
    if name in _containers(node.__class__):
        return facts.changing and name in facts.used
    if name in facts.built and not (name in facts.used or facts.hidden):
        return False
    return not _as_constructed(node, name, value, facts)


def _as_constructed(node: Any, name: str, value: Any, facts: _Facts) -> bool:
    """Whether a new instance with the same parameters has the same value there."""
    try:
        new = node.__class__(**node.params)
        if same(new.params, node.params):
            return hasattr(new, name) and same(getattr(new, name), value)
    except Exception:  # its parameters cannot be told; judge by the looks
        pass
    filled = isinstance(value, (list, dict, set)) and (facts.changing or facts.hidden)
    return name in facts.built and not filled
