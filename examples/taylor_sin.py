"""The Taylor series of sin, differentiated: sin x = Σ (-1)ⁱ x²ⁱ⁺¹ / (2i + 1)!

python examples/taylor_sin.py [--output output]
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

import numpy as np

from tinypt_core import Variable
from tinypt_viz import plot_dot_graph


def taylor_sin(x: Variable, threshold: float) -> Any:
    """Sum terms until one is smaller than the threshold."""
    y, i = x, 0
    while True:
        i += 1
        term = (-1) ** i / math.factorial(2 * i + 1) * x ** (2 * i + 1)
        y = y + term
        if abs(term.item()) < threshold:
            return y


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("output"), help="where pictures go")
    folder = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    for threshold in (1e-4, 1e-150):
        x = Variable(np.array(np.pi / 4), name="x")
        y = taylor_sin(x, threshold)
        y.name = "y"
        y.backward()
        print(f"to terms below {threshold:g}: sin(π/4) = {y.data}, its derivative {x.grad}")
        to_file = folder / f"taylor_sin_{threshold:g}.svg"
        print(f"  its graph: {plot_dot_graph(y, verbose=False, to_file=str(to_file))}")
    print(f"exact: {np.sin(np.pi / 4)} and {np.cos(np.pi / 4)}")


if __name__ == "__main__":
    main()
