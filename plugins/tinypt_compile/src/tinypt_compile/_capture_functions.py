"""How a capture copies functions and modules: with cells and globals of their own."""

from __future__ import annotations

import types
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from tinypt_compile import _capture_objects as objects
from tinypt_compile._code import code_problem, globals_in, names_in
from tinypt_compile._program import frozen
from tinypt_compile._reach import BUILTIN, CLOCKS, GENERATORS, SIMPLE, is_trusted
from tinypt_compile._shadows import shadowed
from tinypt_compile._trace import Untraceable
from tinypt_core import vmap

if TYPE_CHECKING:
    from tinypt_compile._capture import Capture

Look = Callable[["Capture", Any, str], Any]


@cache
def looks() -> list[tuple[Any, Look]]:
    """Kinds of values, and how each is copied; the first that fits."""
    from tinypt_compile._compile import Compiled

    return [
        (Compiled, lambda capture, value, name: capture.visit(value.__wrapped__, name)),
        (vmap, _vmap),
        (types.FunctionType, function),
        (types.MethodType, _method),
        (partial, _partial),
        (GENERATORS, _generator),
        (BUILTIN, _builtin),
        (type, objects.a_class),
        (types.ModuleType, lambda capture, value, name: module(capture, value, name, ())),
        (tuple, objects.a_tuple),
        (list, objects.a_list),
        (dict, objects.a_dict),
    ]


def function(capture: Capture, f: Any, name: str) -> Any:
    """A function of the user's: the same code on copies of what it reads."""
    operator = getattr(f, "function", None)
    if operator is not None and hasattr(f, "provider"):
        return _operator(capture, f, operator, name)
    trusted = is_trusted(f.__module__) or _is_ours(f)
    if trusted and not f.__closure__:
        return capture.fix(f, name)
    capture.tokens.append((name, id(f.__code__)))
    cells = tuple(types.CellType() for _ in f.__closure__ or ())
    names = f.__globals__ if trusted else {"__builtins__": shadowed(f)}
    copy = types.FunctionType(f.__code__, names, f.__name__, f.__defaults__, cells)
    copy.__module__, copy.__qualname__ = f.__module__, f.__qualname__
    capture.memo[id(f)] = copy
    if not trusted:
        _globals(capture, f, names)
        _itself(capture, f)
    _cells(capture, f, cells)
    _defaults(capture, f, copy)
    return copy


def _is_ours(f: Any) -> bool:
    """Whether it stands in the core; a transform has the module and the name of its function."""
    return str(f.__globals__.get("__name__", "")).startswith("tinypt_core.")


def _operator(capture: Capture, f: Any, operator: Any, name: str) -> Any:
    if isinstance(operator, type):
        objects.members(capture, operator)
    elif not is_trusted(operator.__module__):
        capture.refuse(f"it calls {name}, a function of operators; call that itself")
    return capture.fix(f, name)


def _globals(capture: Capture, f: Any, into: dict[str, Any]) -> None:
    problem = code_problem(f.__code__, is_trusted)
    if problem:
        capture.refuse(f"{f.__name__} {problem}")
    found, read = names_in(f.__code__), globals_in(f.__code__)
    for name in read:
        if name in f.__globals__:
            value = f.__globals__[name]
            capture.checks.append((f.__globals__, "key", name, value))
            into[name] = _one(capture, value, name, found)
        else:  # a builtin, or not there yet
            capture.checks.append((f.__globals__, "absent", name, None))
    into["__name__"] = f.__module__
    capture.remember(into, f"a global of {f.__name__}")


def _one(capture: Capture, value: Any, name: str, found: Any) -> Any:
    if isinstance(value, types.ModuleType):
        return module(capture, value, name, found)
    return capture.visit(value, name)


def _itself(capture: Capture, f: Any) -> None:
    """A function may get other code and other defaults."""
    for part in ("__code__", "__defaults__", "__kwdefaults__"):
        capture.checks.append((f, "part", part, getattr(f, part)))
    capture.checks.append((vars(f), "length", None, len(vars(f))))


def _cells(capture: Capture, f: Any, cells: tuple[Any, ...]) -> None:
    for cell, new, name in zip(f.__closure__ or (), cells, f.__code__.co_freevars, strict=True):
        try:
            value = cell.cell_contents
        except ValueError:
            capture.refuse(f"{name} has no value yet")
            continue
        if not _is_ours(f):  # transforms never rebind theirs
            capture.checks.append((cell, "cell", None, value))
        new.cell_contents = capture.visit(value, name)
        capture.remember(new, name)


def _defaults(capture: Capture, f: Any, copy: Any) -> None:
    copy.__defaults__ = capture.visit(f.__defaults__, "a default")
    copy.__kwdefaults__ = capture.visit(f.__kwdefaults__, "a default")
    for key, value in vars(f).items():
        if not key.startswith("__"):
            capture.checks.append((vars(f), "key", key, value))
            vars(copy)[key] = capture.visit(value, key)
    capture.remember(copy, f"an attribute of {f.__name__}")


# -- modules -----------------------------------------------------------------------------------


def module(capture: Capture, value: Any, name: str, found: Any) -> Any:
    """A module of the user's: a copy with what is read from it."""
    root = value.__name__.partition(".")[0]
    if root in CLOCKS:
        capture.refuse(f"it uses the module {root}, whose answers change")
    if is_trusted(value.__name__):
        return _trusted(capture, value, name, found)
    copy = capture.memo.setdefault(id(value), types.ModuleType(value.__name__))
    capture.kept.append(value)
    vars(copy)["__getattr__"] = _asked(capture, value)
    for attribute in found:
        if attribute in vars(value) and attribute not in ("__name__", "__doc__"):
            inner = vars(value)[attribute]
            capture.checks.append((vars(value), "key", attribute, inner))
            vars(copy)[attribute] = _one(capture, inner, attribute, found)
    capture.remember(copy, f"the module {value.__name__}")
    return copy


def _trusted(capture: Capture, value: Any, name: str, found: Any) -> Any:
    """Numbers of NumPy's and Python's modules may be set; the functions are theirs."""
    for attribute in found:
        inner = vars(value).get(attribute)
        if inner is not None and isinstance(inner, (*SIMPLE, np.generic)):
            capture.checks.append((vars(value), "key", attribute, inner))
            capture.tokens.append((attribute, frozen(inner)))
        elif isinstance(inner, np.ndarray):
            capture.refuse(f"it reads {attribute}, an array of the module {name}")
    return capture.fix(value, name)


def _asked(capture: Capture, original: Any) -> Callable[[str], Any]:
    """An attribute that is asked for by a text, which the code does not tell."""

    def missing(name: str) -> Any:
        capture.refuse(f"it asks the module {original.__name__} for {name} by a text")
        raise Untraceable(capture.problem)

    return missing


# -- what stands around functions ----------------------------------------------------------------


def _method(capture: Capture, method: Any, name: str) -> Any:
    f = capture.visit(method.__func__, name)
    return types.MethodType(f, capture.visit(method.__self__, name))


def _partial(capture: Capture, value: Any, name: str) -> Any:
    parts = capture.visit((value.func, value.args, value.keywords), name)
    return partial(parts[0], *parts[1], **parts[2])


def _vmap(capture: Capture, value: Any, name: str) -> Any:
    axes = capture.visit((value.in_axes, value.out_axes), "axes")
    return vmap(capture.visit(value.f, name), *axes)


def _builtin(capture: Capture, value: Any, name: str) -> Any:
    owner = getattr(value, "__self__", None)
    if isinstance(owner, GENERATORS):
        capture.generators.append(owner)
    elif str(getattr(value, "__module__", "")).partition(".")[0] in CLOCKS:
        capture.refuse(f"it calls {name}, whose answers change")
    elif owner is not None and not isinstance(owner, (types.ModuleType, type)):
        capture.refuse(f"it reads {name}, a method of a {type(owner).__name__}")
    return capture.fix(value, name)


def _generator(capture: Capture, value: Any, name: str) -> Any:
    capture.generators.append(value)
    return capture.fix(value, name)
