"""The floors of tinypt_core: a module imports from its own floor and from those below.

FLOORS is the plan of the house, from the ground up; a room is named by its folder. Every import
counts: those inside functions and under TYPE_CHECKING too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import tinypt_core

HOUSE = Path(tinypt_core.__file__).parent

FLOORS = (
    # the ground: errors, modes, what lower floors need of upper ones, names for messages, what an
    # array is; a batch is one more kind of array
    "_errors _modes _links _names _broadcast _arrays _written _batch sums",
    # places, nodes and edges; a value and its place
    "_graph _variable _buffer",
    # the contract of an operator: what its class says, what is kept, how it is called
    "_operator _function",
    # np.sin(variable); the snapshot; what looks over an operator's shoulder
    "_numpy _snapshot summary _watch",
    # the loop, and what it is made of
    "_engine _backward",
    # functions of arrays -> their derivatives
    "_transforms",
    # names become operators
    "_registry",
    # the public faces
    "ops",
    "_exports",
    "registry",
    "array_api batching writing",
    # what hooks into all of it; the conformance kit
    "_plugins testing",
    # the command
    "_cli cli",
    # public names: the only place that joins the floors
    "tinypt_core",
)

#: imports that still run uphill or close a circle; none may come to it
STILL: set[tuple[str, str]] = set()

Imports = dict[str, set[str]]


def _floor(module: str) -> int:
    found = [i for i, names in enumerate(FLOORS) if module.partition(".")[0] in names.split()]
    assert found, f"{module} stands on no floor: give it one in FLOORS"
    return found[0]


def _modules() -> dict[str, Path]:
    """Every module, by its name inside tinypt_core."""
    found = {}
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE).with_suffix("").parts
        if parts[0] != "templates":
            found[".".join(p for p in parts if p != "__init__") or "tinypt_core"] = path
    return found


def _targets(node: ast.AST, modules: dict[str, Path]) -> Iterator[str]:
    """The modules of tinypt_core that an import statement names."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        assert not node.level, "imports say where from: write them in full"
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    else:
        return
    for name in names:
        top, _, inside = name.partition(".")
        if top != "tinypt_core":
            continue
        while inside and inside not in modules:  # a name in a module
            inside = inside.rpartition(".")[0]
        yield inside or "tinypt_core"


def _imports() -> Imports:
    modules = _modules()
    return {
        name: {t for node in ast.walk(ast.parse(path.read_text("utf-8")))
               for t in _targets(node, modules)} - {name}
        for name, path in modules.items()
    }  # fmt: skip


def _circle(imports: Imports) -> list[str]:
    """Some modules that import each other in a circle, or []."""
    done: set[str] = set()

    def walk(module: str, way: list[str]) -> list[str]:
        if module in way:
            return way[way.index(module) :]
        if module in done:
            return []
        found = (walk(m, [*way, module]) for m in sorted(imports[module]))
        circle = next(filter(None, found), [])
        done.add(module)
        return circle

    return next(filter(None, (walk(m, []) for m in sorted(imports))), [])


def test_no_import_runs_uphill():
    uphill = {
        (name, other)
        for name, others in _imports().items()
        for other in others
        if _floor(other) > _floor(name)
    }
    assert sorted(uphill - STILL) == []


def test_no_imports_close_a_circle():
    downhill = {
        name: {other for other in others if (name, other) not in STILL}
        for name, others in _imports().items()
    }
    assert _circle(downhill) == []
    assert _circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c"]


def test_no_module_of_the_core_imports_a_plugin():
    for name, path in _modules().items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            tops = {n.partition(".")[0] for n in names if n.startswith("tinypt_")}
            assert tops <= {"tinypt_core"}, (name, tops)


def test_what_is_mended_is_off_the_list():
    imports = _imports()
    assert [pair for pair in sorted(STILL) if pair[1] not in imports[pair[0]]] == []


def test_links_and_names_stand_on_the_ground():
    imports = _imports()
    assert imports["_links"] | imports["_names"] <= {"_errors"}


# -- what fits on a screen -------------------------------------------------------------------------


def _lines(path):
    return len((HOUSE / path).read_text("utf-8").splitlines())


def _functions(path):
    tree = ast.parse((HOUSE / path).read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [(n.name, n.end_lineno - n.lineno + 1) for n in ast.walk(tree) if isinstance(n, kinds)]


def test_files_are_short():
    long = {p.name: n for p in HOUSE.rglob("*.py") if (n := _lines(p.relative_to(HOUSE))) > 250}
    assert long == {}
    assert _lines("_backward.py") <= 80
    assert dict(_functions("_backward.py"))["run"] <= 25
    assert _lines("_function.py") <= 180


def test_at_most_one_function_in_ten_is_longer_than_fifteen_lines():
    lengths = [n for p in HOUSE.rglob("*.py") for _, n in _functions(p.relative_to(HOUSE))]
    assert len(lengths) > 1000
    assert sum(n > 15 for n in lengths) <= len(lengths) / 10
