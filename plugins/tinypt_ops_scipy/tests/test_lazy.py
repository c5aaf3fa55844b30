"""Nothing of SciPy is imported before it is used, nor what its import only carries along."""

import subprocess
import sys

import pytest

import tinypt_ops_scipy


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_importing_every_subpackage_imports_nothing_of_scipy():
    names = "special linalg optimize integrate stats sparse sparse.linalg interpolate signal ndimage fft".split()  # noqa: E501, SIM905
    imports = "; ".join(f"import tinypt_ops_scipy.{name}" for name in names)
    assert (
        run(f"import sys; {imports}; print(*[m for m in sys.modules if m.startswith('scipy')])")
        == []
    )


@pytest.mark.parametrize(("use", "unused"), [
    ("special import erf", "linalg optimize integrate stats sparse interpolate signal ndimage fft"),
    ("linalg import expm", "optimize integrate stats interpolate signal ndimage"),
    ("stats import norm", "linalg optimize integrate stats sparse interpolate signal ndimage"),
])  # fmt: skip
def test_the_use_of_one_imports_no_other(use, unused):
    found = run(f"import sys; from tinypt_ops_scipy.{use}; print(*sys.modules)")
    ours = {f"tinypt_ops_scipy.{name}" for name in unused.split()} - {"tinypt_ops_scipy.stats"}
    assert not ours & set(found)
    if "special" in use:
        assert not {f"scipy.{name}" for name in unused.split()} & set(found) - {"scipy.linalg"}


UNASKED = {
    "char": "upper", "f2py": "run_main", "ma": "masked_array", "polynomial": "Polynomial",
    "testing": "assert_allclose",
}  # fmt: skip


def test_what_numpy_has_for_those_who_ask_is_left_until_they_ask():
    code = "import sys; from tinypt_ops_scipy.special import erf; print(*sys.modules)"
    assert not {f"numpy.{name}" for name in UNASKED} & set(run(code))


@pytest.mark.parametrize("name", UNASKED)
def test_then_it_is_numpys_own_for_everybody(name):
    """Also where SciPy's copy of the namespace was asked first."""
    first = UNASKED[name]
    code = (
        "import sys, numpy; from tinypt_ops_scipy.special import erf\n"
        "found = [m for n, m in sys.modules.items() if n.endswith('array_api_compat.numpy')]\n"
        f"copy = found[0].{name}.{first}\n"
        f"from numpy.{name} import {first} as own; import numpy.{name} as module\n"
        f"print(copy is own, numpy.{name} is module is sys.modules['numpy.{name}'],"
        " type(module).__name__)"
    )
    assert run(code) == ["True", "True", "module"]


def test_a_thread_that_asks_while_scipy_is_imported_gets_it():
    """Four threads ask for NumPy's testing tools, over and over, as SciPy is imported."""
    code = """
import sys, threading, numpy
found, done = [], threading.Event()
def ask():
    while not done.is_set():
        from numpy.testing import assert_allclose
        found.append(assert_allclose)
threads = [threading.Thread(target=ask) for _ in range(4)]
from tinypt_ops_scipy._scipy import _unasked_later
with _unasked_later():
    for t in threads: t.start()
    while not found: pass
done.set()
for t in threads: t.join()
print(len(set(found)), found[0] is numpy.testing.assert_allclose)
"""
    assert run(code) == ["1", "True"]


def test_what_is_missing_is_named():
    from tinypt_ops_scipy import special

    assert "erf" in dir(special)
    with pytest.raises(AttributeError, match="no function 'ert'; it has"):
        special.ert  # noqa: B018
    assert tinypt_ops_scipy.__version__
