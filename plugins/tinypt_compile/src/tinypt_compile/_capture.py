"""What a function reads from outside: closure cells, globals, attributes, looked at on every call.

A capture is a copy of the function, and of the functions and objects behind it, in which every
array is replaced by what `lift` makes of it. The originals stay untouched, so that other threads
may run them. What cannot be looked through is a problem: the function runs eagerly.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any

import numpy as np
from tinypt_core._links import OPS
from tinypt_core._modes import get_mode

from tinypt_compile._code import code_problem, names_in
from tinypt_compile._program import frozen
from tinypt_compile._reach import (
    BUILTIN,
    CLOCKS,
    DESCRIPTORS,
    GENERATORS,
    MARK,
    SIMPLE,
    attributes,
    content,
    is_trusted,
)
from tinypt_core import Variable, vmap


class Capture:
    """One look at a function and at all that it reads.

    lift: (array, name) -> what the copy gets instead. copy: the function on those. arrays: those
    found, with their names. fingerprint: everything else, to compare. checks: (container, kind,
    key, value) to see whether any of it was rebound. problem: why it cannot be looked through.
    """

    def __init__(self, f: Any, lift: Callable[[Any, str], Any] = lambda array, name: array) -> None:
        self.lift = lift
        self.problem: str | None = None
        self.arrays: list[tuple[Any, str]] = []
        self.checks: list[tuple[Any, str, Any, Any]] = []
        self.generators: list[Any] = []
        self.kept: list[Any] = []  #: ids stay theirs while these live
        self._tokens: list[Any] = []
        self._memo: dict[int, Any] = {}
        self._made: list[tuple[Any, dict[Any, Any], str]] = []
        self._watching = 0
        self._registry()
        self.copy = self.visit(f, getattr(f, "__name__", "f"))
        self.fingerprint = tuple(self._tokens)

    def _registry(self) -> None:
        """Operators are looked up by name: what is registered anew empties this dict."""
        mark = OPS.get(MARK) or object()
        OPS[MARK] = mark
        self.kept.append(mark)
        self._tokens.append(id(mark))
        self.checks.append((OPS, "key", MARK, mark))

    def changed(self) -> str | None:
        """What the copy of the function changed when it ran, if anything."""
        for made, before, name in self._made:
            now = content(made)
            if now.keys() != before.keys() or any(now[k] is not before[k] for k in now):
                return name
        return None

    # -- one value ---------------------------------------------------------------------------

    def visit(self, value: Any, name: str) -> Any:
        """The copy of a value that was found under a name."""
        if id(value) in self._memo:
            return self._memo[id(value)]
        if isinstance(value, (SIMPLE, np.generic)) and not isinstance(value, Enum):
            self._tokens.append((name, frozen(value)))
            return value
        self.kept.append(value)
        copy = self._copy(value, name)
        self._memo[id(value)] = copy
        return copy

    def _copy(self, value: Any, name: str) -> Any:
        if isinstance(value, np.ndarray):
            return self._array(value, name)
        if isinstance(value, Variable):
            return self._variable(value, name)
        for kinds, look in _LOOKS:
            if isinstance(value, kinds):
                return look(self, value, name)
        return self._instance(value, name)

    def fix(self, value: Any, name: str) -> Any:
        """It belongs to the case as it is, by identity."""
        self._tokens.append((name, id(value)))
        return value

    def refuse(self, reason: str) -> None:
        """It cannot be looked through."""
        self.problem = self.problem or reason

    def _array(self, value: Any, name: str) -> Any:
        if type(value) is not np.ndarray or value.dtype.kind not in "fciub":
            self.refuse(f"it reads {name}, a {type(value).__name__} of {value.dtype}")
            return value
        if self._watching:
            self.refuse(f"a method reads {name}, an array of its class or module")
            return value
        self._tokens.append((name, "array", value.shape, value.dtype))
        self.checks.append((value, "array", value.shape, value.dtype))
        self.arrays.append((value, name))
        return self.lift(value, name)

    def _variable(self, value: Any, name: str) -> Any:
        data, edge = value._array, value._edge
        free = edge.constant if hasattr(edge, "constant") else False
        recorded = get_mode().enable_backprop
        self.checks.append((get_mode, "mode", None, recorded))
        if recorded and not free and data is not None and data.dtype.kind in "fc":
            self.refuse(
                f"it reads the Variable {value.name or name}, to which the result stays connected; "
                f"pass it as an argument, or call it under no_grad()"
            )
        if type(data) is not np.ndarray:
            self.refuse(f"it reads {name}, a Variable of a {type(data).__name__}")
            return value
        self.checks.append((value, "data", None, data))
        copy = Variable(self._array(data, value.name or name), value.name)
        copy._edge.constant = free
        self.checks.append((value, "attribute", "_grad", value._grad))
        if value._grad is not None:
            self.refuse(f"it reads {name}, a Variable with a gradient")
        self._remember(copy, name)
        return copy

    # -- functions ---------------------------------------------------------------------------

    def _function(self, f: Any, name: str) -> Any:
        operator = getattr(f, "function", None)
        if operator is not None and hasattr(f, "provider"):
            if isinstance(operator, type):
                self._class(operator, name)
            elif not is_trusted(operator.__module__):
                self.refuse(f"it calls {name}, a function of operators; call that itself")
            return self.fix(f, name)
        trusted = is_trusted(f.__module__)
        if trusted and not f.__closure__:
            return self.fix(f, name)
        self._tokens.append((name, id(f.__code__)))
        cells = tuple(types.CellType() for _ in f.__closure__ or ())
        globals_ = f.__globals__ if trusted else {"__builtins__": _builtins(f)}
        copy = types.FunctionType(f.__code__, globals_, f.__name__, f.__defaults__, cells)
        copy.__module__, copy.__qualname__ = f.__module__, f.__qualname__
        self._memo[id(f)] = copy
        if not trusted:
            self._globals(f, globals_)
        self._cells(f, cells)
        self._defaults(f, copy)
        return copy

    def _globals(self, f: Any, into: dict[str, Any]) -> None:
        problem = code_problem(f.__code__, is_trusted)
        if problem:
            self.refuse(f"{f.__name__} {problem}")
        found = names_in(f.__code__)
        for name in found:
            if name in f.__globals__:
                value = f.__globals__[name]
                self.checks.append((f.__globals__, "key", name, value))
                into[name] = (
                    self._module(value, name, found)
                    if _is_module(value)
                    else self.visit(value, name)
                )
        into["__name__"] = f.__module__
        self._remember(into, f"a global of {f.__name__}")

    def _module(self, module: Any, name: str, found: Any) -> Any:
        """A module of the user's: a copy with what is read from it."""
        root = module.__name__.partition(".")[0]
        if root in CLOCKS:
            self.refuse(f"it uses the module {root}, whose answers change")
        if is_trusted(module.__name__):
            return self.fix(module, name)
        copy = self._memo.setdefault(id(module), types.ModuleType(module.__name__))
        self.kept.append(module)
        for attribute in found:
            if attribute in vars(module) and attribute not in ("__name__", "__doc__"):
                value = vars(module)[attribute]
                self.checks.append((vars(module), "key", attribute, value))
                inner = (
                    self._module(value, attribute, found)
                    if _is_module(value)
                    else self.visit(value, attribute)
                )
                vars(copy)[attribute] = inner
        self._remember(copy, f"the module {module.__name__}")
        return copy

    def _cells(self, f: Any, cells: tuple[Any, ...]) -> None:
        for cell, new, name in zip(f.__closure__ or (), cells, f.__code__.co_freevars, strict=True):
            try:
                value = cell.cell_contents
            except ValueError:
                self.refuse(f"{name} has no value yet")
                continue
            self.checks.append((cell, "cell", None, value))
            new.cell_contents = self.visit(value, name)
            self._remember(new, name)

    def _defaults(self, f: Any, copy: Any) -> None:
        copy.__defaults__ = self.visit(f.__defaults__, "a default")
        copy.__kwdefaults__ = self.visit(f.__kwdefaults__, "a default")
        for key, value in vars(f).items():
            if not key.startswith("__"):
                self.checks.append((vars(f), "key", key, value))
                vars(copy)[key] = self.visit(value, key)
        self._remember(copy, f"an attribute of {f.__name__}")

    def _method(self, method: Any, name: str) -> Any:
        function = self.visit(method.__func__, name)
        return types.MethodType(function, self.visit(method.__self__, name))

    def _partial(self, value: Any, name: str) -> Any:
        parts = self.visit((value.func, value.args, value.keywords), name)
        return partial(parts[0], *parts[1], **parts[2])

    def _builtin(self, value: Any, name: str) -> Any:
        owner = getattr(value, "__self__", None)
        if isinstance(owner, GENERATORS):
            self.generators.append(owner)
        elif str(getattr(value, "__module__", "")) in CLOCKS:
            self.refuse(f"it calls {name}, whose answers change")
        elif owner is not None and not isinstance(owner, (types.ModuleType, type)):
            self.refuse(f"it reads {name}, a method of a {type(owner).__name__}")
        return self.fix(value, name)

    # -- containers and objects ----------------------------------------------------------------

    def _tuple(self, value: Any, name: str) -> Any:
        self._tokens.append((name, type(value), len(value)))
        parts = [self.visit(v, name) for v in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)

    def _list(self, value: Any, name: str) -> Any:
        self._tokens.append((name, type(value), len(value)))
        self.checks.append((value, "length", None, len(value)))
        self.checks += [(value, "key", i, v) for i, v in enumerate(value)]
        if type(value) is not list:
            self.refuse(f"it reads {name}, a {type(value).__name__}")
        copy: list[Any] = []
        self._memo[id(value)] = copy
        copy.extend(self.visit(v, name) for v in value)
        self._remember(copy, name)
        return copy

    def _dict(self, value: Any, name: str) -> Any:
        self._tokens.append((name, type(value), tuple(map(str, value))))
        self.checks.append((value, "length", None, len(value)))
        if type(value) is not dict or not all(isinstance(k, (str, int)) for k in value):
            self.refuse(f"it reads {name}, a {type(value).__name__}")
        copy: dict[Any, Any] = {}
        self._memo[id(value)] = copy
        for k, v in value.items():
            self.checks.append((value, "key", k, v))
            copy[k] = self.visit(v, k if isinstance(k, str) else name)
        self._remember(copy, name)
        return copy

    def _type(self, cls: Any, name: str) -> Any:
        if cls.__module__ in CLOCKS:
            self.refuse(f"it uses {name}, whose answers change")
        self._class(cls, name)
        return self.fix(cls, name)

    def _class(self, cls: Any, name: str) -> None:
        """What the methods of a class read: looked at, not replaced."""
        self._watching += 1
        for base in cls.__mro__:
            if not is_trusted(base.__module__) and id(base) not in self._memo:
                self._memo[id(base)] = base
                self.kept.append(base)
                self._members(base)
        self._watching -= 1

    def _members(self, cls: Any) -> None:
        for key, value in list(vars(cls).items()):
            if key in ("__dict__", "__weakref__", "__doc__", "__module__", "__annotations__"):
                continue
            function = getattr(value, "fget", None) or getattr(value, "__func__", None) or value
            if key.startswith("_") and not isinstance(function, types.FunctionType):
                continue
            self.checks.append((cls, "attribute", key, value))
            if isinstance(function, types.FunctionType):
                self._memo.pop(id(function), None)
                self.visit(function, key)
                self._memo.pop(id(function), None)
            elif not isinstance(function, DESCRIPTORS):
                self.visit(function, key)

    def _generator(self, value: Any, name: str) -> Any:
        self.generators.append(value)
        return self.fix(value, name)

    def _compiled(self, value: Any, name: str) -> Any:
        return self.visit(value.__wrapped__, name)

    def _vmap(self, value: Any, name: str) -> Any:
        axes = self.visit((value.in_axes, value.out_axes), "axes")
        return vmap(self.visit(value.f, name), *axes)

    def _instance(self, value: Any, name: str) -> Any:
        """An object of the user's class: a copy with the same attributes."""
        cls = type(value)
        if isinstance(value, Enum):
            return self.fix(value, name)
        if is_trusted(cls.__module__) or cls.__module__ == "builtins":
            self.refuse(f"it reads {name}, a {cls.__name__}")
            return value
        self.fix(cls, name)
        self._class(cls, name)
        copy = self._memo[id(value)] = object.__new__(cls)
        for key, attribute in attributes(value).items():
            self.checks.append((value, "attribute", key, attribute))
            object.__setattr__(copy, key, self.visit(attribute, key))
        self._tokens.append((name, tuple(attributes(value))))
        self._remember(copy, f"an attribute of {name}")
        return copy

    def _remember(self, made: Any, name: str) -> None:
        if not self._watching:
            self._made.append((made, dict(content(made)), name))


def _is_module(value: Any) -> bool:
    return isinstance(value, types.ModuleType)


def _builtins(f: Any) -> Any:
    from tinypt_compile._shadows import shadowed

    return shadowed(f)


def _looks() -> list[tuple[Any, Any]]:
    from tinypt_compile._compile import Compiled

    return [
        (Compiled, Capture._compiled),
        (vmap, Capture._vmap),
        (types.FunctionType, Capture._function),
        (types.MethodType, Capture._method),
        (partial, Capture._partial),
        (GENERATORS, Capture._generator),
        (BUILTIN, Capture._builtin),
        (type, Capture._type),
        (types.ModuleType, lambda self, value, name: self._module(value, name, ())),
        (tuple, Capture._tuple),
        (list, Capture._list),
        (dict, Capture._dict),
    ]


_LOOKS: list[tuple[Any, Any]] = []
