"""`tinypt stubs`: a PEP 561 partial stub package that knows the operators installed now.

Partial: it speaks of `tinypt_core.ops` only, and type checkers read the rest of tinypt_core from
the package itself. An operator is an object with a `__call__` of its own signature, so that
`sin.provider` is known as well as the number of arguments.
"""

from __future__ import annotations

import inspect
import keyword
import shutil
import sysconfig
from pathlib import Path
from typing import Any

from tinypt_core import registry
from tinypt_core._cli.annotations import author_types
from tinypt_core._errors import TinyptError
from tinypt_core._registry.operator import is_ruled

_HEAD = """\
# Written by `tinypt stubs` for the operators installed here; write it again after a change.
import builtins
import collections.abc
import inspect
from typing import Any, Literal, Optional, Union

from tinypt_core import Function, Variable

class _Op:
    __name__: builtins.str
    __qualname__: builtins.str
    __signature__: inspect.Signature
    function: builtins.type[Function]
    provider: builtins.str
"""


class _Text(str):
    """A default value or an annotation as stubs show it."""

    __slots__ = ()
    __repr__ = str.__str__


def site_packages() -> Path:
    """Where type checkers look for stub packages by themselves."""
    return Path(sysconfig.get_path("purelib"))


def write_stubs(output: Path) -> tuple[Path, dict[str, str]]:
    """Write output/tinypt_core-stubs; return it, and why any operator was left out."""
    modules: dict[str, dict[str, str]] = {"": {}}
    left_out: dict[str, str] = {}
    for name in filter(_importable, registry.names()):
        module, _, last = name.rpartition(".")
        try:
            text = _declaration(last, registry.get(name))
        except TinyptError as error:
            left_out[name] = str(error)
            continue
        while module not in modules:
            modules[module] = {}
            module = module.rpartition(".")[0]
        modules[name.rpartition(".")[0]][last] = text
    folder = output / "tinypt_core-stubs"
    shutil.rmtree(folder / "ops", ignore_errors=True)  # names that are gone
    _write(folder / "py.typed", "partial\n")
    for module, operators in modules.items():
        path = folder.joinpath("ops", *filter(None, module.split(".")), "__init__.pyi")
        _write(path, _module(module, operators, modules))
    return folder, left_out


def _importable(name: str) -> bool:
    return all(part.isidentifier() and not keyword.iskeyword(part) for part in name.split("."))


def _module(module: str, operators: dict[str, str], modules: dict[str, dict[str, str]]) -> str:
    """The text of one namespace: those below it, then its operators by name."""
    below = sorted(m.rpartition(".")[2] for m in modules if m and m.rpartition(".")[0] == module)
    imports = "".join(
        f"from . import {name} as {name}\n" for name in below if name not in operators
    )
    texts = [
        _with_below(text, modules.get(f"{module}.{name}".lstrip("."), {}))
        for name, text in sorted(operators.items())
    ]
    return _HEAD + "\n" + "\n".join([imports, *texts] if imports else texts)


def _with_below(text: str, below: dict[str, str]) -> str:
    """An operator, with those below its name as its attributes: add has add.outer."""
    lines = text.splitlines(keepends=True)
    inside = "".join("    " + line for nested in below.values() for line in nested.splitlines(True))
    return "".join([*lines[:1], inside, *lines[1:]])


def _declaration(name: str, op: Any) -> str:
    first = (op.__doc__ or "").strip().partition("\n")[0]
    return (
        f"class _{name}(_Op):\n"
        f"    def __call__{_signature(op)}:\n"
        f"        {first!r}\n"
        f"{name}: _{name}\n"
    )


def _signature(op: Any) -> str:
    signature: inspect.Signature = op.__signature__
    me = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    written = author_types(op.function)
    plain = [
        p.replace(
            annotation=_Text(written.get(p.name, "Any")),
            default=p.empty if p.default is p.empty else _Text("..."),
        )
        for p in signature.parameters.values()
    ]
    if not any(p.kind is p.POSITIONAL_ONLY for p in plain):
        me = me.replace(kind=inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return f"{inspect.Signature([me, *plain])} -> {_returns(op.function, written)}"


def _returns(function: Any, written: dict[str, str]) -> str:
    """Variables, for an operator with a rule; of a plain function, what its author says."""
    if not is_ruled(function):
        return written.get("return", "Any")
    n = function._signature.n_gy
    return {1: "Variable", -1: "Any"}.get(n, "builtins.tuple[Variable, ...]")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
