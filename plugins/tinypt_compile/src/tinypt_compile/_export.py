"""A program as a module that needs only NumPy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np

from tinypt_compile._report import called, case_of, constants, words, written

_CHECK = '''
def _given(name, value, shape, dtype):
    """The argument as an array of the shape and dtype that the program is for."""
    array = np.asarray(value)
    if array.shape != shape or not np.can_cast(array.dtype, dtype, "same_kind"):
        raise ValueError(f"{name} has shape {array.shape} and dtype {array.dtype}; "
                         f"this program is for {shape} and {dtype}")
    return array.astype(dtype, copy=False)


def same(value, expected):
    """Whether two values are the same to the bit."""
    value, expected = np.asarray(value), np.asarray(expected)
    return (value.shape, value.dtype, value.tobytes()) == (
        expected.shape, expected.dtype, expected.tobytes())
'''
_OTHER = 'raise ValueError("these arguments take another branch than those exported")'


def export(compiled: Any, path: Any, args: Any, kwargs: Any) -> None:
    """Write the program for these arguments as a module that needs only NumPy."""
    Path(path).write_text(module(compiled, args, kwargs), encoding="utf-8")


def module(compiled: Any, args: Any, kwargs: Any) -> str:
    """The text of the module."""
    case = case_of(compiled, args, kwargs)
    if case.text.opaque:
        raise ValueError(f"it calls {', '.join(case.text.opaque)}, which is no function of NumPy")
    if case.finish is not None:
        raise ValueError("its results are Variables, or of a class of their own; return arrays")
    inputs = list(case.program.inputs)
    parameters, lines = _parameters(compiled, case, args, kwargs)
    outside = inputs[len(list(_places(compiled, args, kwargs))) :]
    arrays = dict(zip(outside, compiled._states.now().arrays, strict=True))
    made = [f"{case.text.names[at]} = {written(a)}" for at, a in arrays.items()]
    body = [re.sub(r"return OTHER_CASE$", _OTHER, line) for line in case.text.lines]
    shapes = "\n".join(words(case.program, at) for at in inputs if at not in arrays)
    text = [
        f'"""{called(compiled)}, as straight-line NumPy.\n\n{shapes}\n\n'
        f'Written by tinypt-compile {version("tinypt-compile")}.\n"""\n',
        *(["import base64\n"] if any("base64" in c for c in [*made, *constants(case)]) else []),
        "import numpy as np",
        *sorted(case.text.imports),
        "",
        *made,
        *constants(case),
        _CHECK,
        "",
        f"def {called(compiled)}({', '.join(parameters)}):",
        *[f"    {line}" for line in [*lines, *body]],
    ]
    return "\n".join(text) + "\n"


def _parameters(compiled: Any, case: Any, args: Any, kwargs: Any) -> tuple[list[str], list[str]]:
    """The names of the arguments, and the lines that take and check what is in them."""
    names = [_name(compiled, i) for i in range(len(args))] + list(kwargs)
    inputs, lines = iter(case.program.inputs), []
    for place, value in _places(compiled, args, kwargs):
        at = next(inputs)
        info, name = case.program.info[at], case.text.names[at]
        if isinstance(value, np.ndarray):
            dtype = f"np.dtype({info.dtype.name!r})"
            lines.append(f"{name} = _given({place!r}, {place}, {info.shape}, {dtype})")
        else:
            kind = f"np.{info.dtype.name}" if info.kind == "scalar" else type(value).__name__
            lines.append(f"{name} = {kind}({place})")
    for place, value in _fixed(compiled, args, kwargs):
        lines.append(f"if {place} != {value!r}:\n        {_OTHER}")
    return names, lines


def _name(compiled: Any, i: int) -> str:
    try:
        return list(signature(compiled.__wrapped__).parameters)[i]
    except (IndexError, TypeError, ValueError):
        return f"x{i}"


def _places(compiled: Any, args: Any, kwargs: Any) -> Iterator[tuple[str, Any]]:
    """Where each traced argument is, as an expression, and its value."""
    for place, value in _leaves(compiled, args, kwargs):
        if isinstance(value, (np.ndarray, np.generic)) or value.__class__ in (float, complex):
            yield place, value


def _fixed(compiled: Any, args: Any, kwargs: Any) -> Iterator[tuple[str, Any]]:
    for place, value in _leaves(compiled, args, kwargs):
        if value.__class__ in (int, bool, str, bytes, type(None)):
            yield place, value


def _leaves(compiled: Any, args: Any, kwargs: Any) -> Iterator[tuple[str, Any]]:
    for i, arg in enumerate(args):
        yield from _inside(_name(compiled, i), arg)
    for name, arg in kwargs.items():
        yield from _inside(name, arg)


def _inside(place: str, arg: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(arg, dict):
        for k, v in arg.items():
            yield from _inside(f"{place}[{k!r}]", v)
    elif isinstance(arg, (tuple, list)):
        for i, v in enumerate(arg):
            yield from _inside(f"{place}[{i}]", v)
    else:
        yield place, arg
