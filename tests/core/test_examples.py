"""The examples run, print what they found, and write their pictures."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
EXPECTED = {
    "taylor_sin": ((), "0.7071067811865475", ["taylor_sin_0.0001.svg"]),
    "tanh_derivatives": (("--orders", "3"), "order 3: +0.6216", ["tanh_gx3.svg"]),
    "rosenbrock": (("--iterations", "50"), "Newton: 5 steps to (1.0000", ["rosenbrock_newton.png"]),
    "conjugate_gradient": (("--dimensions", "6"), "|gradient|", ["conjugate_gradient.png"]),
    "lotka_volterra": (("--points", "4", "--steps", "2"), "in truth 1.1", ["lotka_volterra.png"]),
    "gaussian_process": (("--points", "20"), "in truth 0.2", ["gaussian_process.png"]),
    "inverse_problem": (("--cells", "40"), "ln k is 0.", ["inverse_problem.png"]),
    "survival": (("--patients", "100"), "in truth +0.700", ["survival.png"]),
    "scipy_minimize": (("--dimensions", "4"), "hess=hessian", ["scipy_minimize.png"]),
}


def test_more_data_than_memory():
    pytest.importorskip("distributed")
    done = subprocess.run(
        [sys.executable, EXAMPLES / "dask_logistic.py", "--rows", "4000", "--chunk", "1000",
         "--steps", "2", "--no-bar"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "step 2: loss 0." in done.stdout
    assert "the same parameters as NumPy's" in done.stdout
    assert done.stdout.count("peak memory of tcp://") == 2


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_runs(name, tmp_path):
    options, text, pictures = EXPECTED[name]
    done = subprocess.run(
        [sys.executable, EXAMPLES / f"{name}.py", "--output", tmp_path, *options],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert text in done.stdout
    for picture in pictures:
        assert (tmp_path / picture).stat().st_size > 1000
