"""Nothing of SciPy is imported before it is used; the first operator comes quickly."""

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


def test_the_first_use_of_erf_takes_little_beside_scipys_own_import():
    """150 ms, of which SciPy's import is not ours."""
    code = (
        "import time, numpy as np, scipy.special, tinypt_core; t = time.process_time(); "
        "from tinypt_core.ops import erf; erf(np.ones(3)); print(time.process_time() - t)"
    )
    assert any(float(run(code)[0]) < 0.15 for _ in range(3))


def test_what_is_missing_is_named():
    from tinypt_ops_scipy import special

    assert "erf" in dir(special)
    with pytest.raises(AttributeError, match="no function 'ert'; it has"):
        special.ert  # noqa: B018
    assert tinypt_ops_scipy.__version__
