"""Every operator of the distribution is registered, importable, documented and has a row."""

from __future__ import annotations

import importlib.util
import inspect
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

import tinypt_ops_basic
from tinypt_core import Function, ops, registry

ENTRIES = {
    entry.name: entry
    for entry in metadata.distribution("tinypt-ops-basic").entry_points
    if entry.group == "tinypt.ops"
}

LISTED = [
    "add",
    "subtract",
    "multiply",
    "divide",
    "negative",
    "positive",
    "power",
    "float_power",
    "reciprocal",
    "square",
    "sqrt",
    "cbrt",
    "absolute",
    "fabs",
    "sign",
    "mod",
    "remainder",
    "fmod",
    "maximum",
    "minimum",
    "fmax",
    "fmin",
    "clip",
    "hypot",
    "floor",
    "ceil",
    "rint",
    "trunc",
    "round",
    "nan_to_num",
    "copysign",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log2",
    "log10",
    "log1p",
    "logaddexp",
    "logaddexp2",
    "sum",
    "prod",
    "mean",
    "average",
    "var",
    "std",
    "max",
    "amax",
    "min",
    "amin",
    "ptp",
    "median",
    "cumsum",
    "cumprod",
    "nansum",
    "diff",
    "ediff1d",
    "gradient",
    "trapezoid",
    "logsumexp",
    "sum_to",
    "astype",
    "add",
    "sub",
    "mul",
    "div",
    "neg",
    "pow",
    "abs",
    "greater",
    "less",
    "equal",
    "not_equal",
    "greater_equal",
    "less_equal",
    "isfinite",
    "argmax",
    "floor_divide",
]


@pytest.mark.parametrize("name", sorted({*LISTED, *ENTRIES}))
def test_registered_and_importable(name: str) -> None:
    op = registry.get(name)
    if ENTRIES[name].attr == op.function.__name__ and isinstance(op.function, type):
        assert op.function is getattr(tinypt_ops_basic, op.function.__name__)
        assert issubclass(op.function, Function)
    assert inspect.getdoc(op)
    assert inspect.signature(op) is not None
    if "." not in name and name != "piecewise":  # which is also the module of a family
        assert getattr(tinypt_ops_basic, name).function is op.function
        assert getattr(ops, name).function is op.function
        assert name in dir(tinypt_ops_basic)


def test_numpys_names_dispatch() -> None:
    from tinypt_core import Variable

    x = Variable(np.array([1.0, 2.0]))
    ufuncs = [n for n in LISTED if isinstance(getattr(np, n, None), np.ufunc)]
    assert len(ufuncs) > 40
    for name in ufuncs:
        ufunc = getattr(np, name)
        y = ufunc(*[x] * ufunc.nin)
        expected = ufunc(*[x.data] * ufunc.nin)
        np.testing.assert_array_equal(getattr(y, "data", y), expected)


def test_dotted_names_nest() -> None:
    from tinypt_ops_basic import linalg

    assert linalg.norm is ops.linalg.norm


def test_textbook_class_names() -> None:
    for name in ["Add", "Sub", "Mul", "Div", "Neg", "Pow", "Square", "Exp", "Log", "Sqrt", "Sum"]:
        assert getattr(tinypt_ops_basic, name).__name__ == name


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no operator and no class 'Nothing'"):
        tinypt_ops_basic.__getattr__("Nothing")
    with pytest.raises(ImportError, match="Nothing"):
        exec("from tinypt_ops_basic import Nothing")


def test_importing_the_package_imports_no_family() -> None:
    code = (
        "import sys, tinypt_ops_basic; "
        "print([m for m in sys.modules if m.startswith('tinypt_ops_basic.')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_every_differentiable_operator_has_a_row_in_a_table() -> None:
    import opcheck

    for path in sorted(Path(__file__).parent.glob("test_*table.py")):
        spec = importlib.util.spec_from_file_location(f"rows_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    families = ("arithmetic", "powers", "piecewise", "rounding", "exponential", "reduction",
                "extrema", "cumulative", "finite_difference")  # fmt: skip
    ours = {name for name, entry in ENTRIES.items() if entry.module.split(".")[1] in families}
    assert sorted(ours - opcheck.CHECKED) == ["astype"]  # checked in test_arithmetic_edges
