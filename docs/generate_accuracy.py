"""Write docs/accuracy.md: how accurate values and derivatives are, against 50 digits.

python docs/generate_accuracy.py
python docs/generate_accuracy.py --frameworks    also measures PyTorch, JAX and autograd, if there
"""

from __future__ import annotations

import argparse
import datetime
import json
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import mpmath as mp
import numpy as np

from tinypt_core import Variable, gradients

HERE = Path(__file__).parent
OTHERS = HERE / "accuracy_frameworks.json"
DTYPES = (np.float32, np.float64)
ORDERS = 4
Points = np.ndarray
Derivatives = Callable[["Row", Points], list[np.ndarray]]


class Row(NamedTuple):
    """An operator on a range. at: the arguments, `x` being the variable one."""

    name: str
    exact: Callable[[Any], Any]
    points: Points
    limit: float = 6
    at: tuple[Any, ...] = ("x",)
    home: str = "numpy"

    def call(self, function: Callable[..., Any], x: Any) -> Any:
        """The operator at x; other arguments are arrays of its dtype."""
        return function(*(x if a == "x" else np.full(x.shape, a, x.dtype) for a in self.at))

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.at))})" if len(self.at) > 1 else self.name

    def reach(self) -> str:
        """The range of its points, as it is printed."""
        near = ", to 1e-14 beside ±1" if np.any(np.abs(np.abs(self.points) - 1) < 1e-12) else ""
        size, low, high = np.abs(self.points), np.min(self.points), np.max(self.points)
        sign = "±" if low < 0 < high else "-" if high < 0 else ""
        return f"{sign}({np.min(size):.1g} … {np.max(size):.3g}){near}"


def sizes(low: float, high: float, n: int = 24) -> Points:
    """Points of every size between two, none of them round."""
    return np.exp(np.linspace(np.log(low), np.log(high), n)) * (
        1 - 1e-3 * np.sin(np.arange(n)) ** 2
    )


def both(low: float, high: float, n: int = 12) -> Points:
    """The same of either sign."""
    return np.concatenate([sizes(low, high, n), -sizes(low, high, n)])


UNIT = np.concatenate([both(1e-9, 0.95), 1 - sizes(1e-14, 0.1, 8), sizes(1e-14, 0.1, 8) - 1])
NEAR_2 = np.concatenate([sizes(1e-5, 1e3, 16), 2 + both(1e-7, 0.5, 6)])
NUMPY = [
    Row("sin", mp.sin, both(1e-9, 100)),
    Row("cos", mp.cos, both(1e-9, 100)),
    Row("tan", mp.tan, both(1e-9, 100)),
    Row("arcsin", mp.asin, UNIT, 8),
    Row("arccos", mp.acos, UNIT, 8),
    Row("arctan", mp.atan, both(1e-9, 1e9)),
    Row("arctan2", lambda x: mp.atan2(x, 0.5), both(1e-6, 1e6), 8, ("x", 0.5)),
    Row("arctan2", lambda x: mp.atan2(-3, x), both(1e-6, 1e6), 8, (-3.0, "x")),
    Row("sinh", mp.sinh, both(1e-9, 50)),
    Row("cosh", mp.cosh, both(1e-9, 50)),
    Row("tanh", mp.tanh, both(1e-9, 3), 16),
    Row("arcsinh", mp.asinh, both(1e-9, 1e9)),
    Row("arccosh", mp.acosh, 1 + sizes(1e-9, 1e9)),
    Row("arctanh", mp.atanh, UNIT, 8),
    Row("sinc", mp.sincpi, both(1e-9, 30)),
    Row("exp", mp.exp, both(1e-9, 30)),
    Row("exp2", lambda x: mp.power(2, x), both(1e-9, 30)),
    Row("expm1", mp.expm1, both(1e-9, 30)),
    Row("log", mp.log, sizes(1e-9, 1e9)),
    Row("log2", lambda x: mp.log(x, 2), sizes(1e-9, 1e9)),
    Row("log10", mp.log10, sizes(1e-9, 1e9)),
    Row("log1p", mp.log1p, np.concatenate([sizes(1e-9, 1e9, 16), -sizes(1e-9, 0.999, 8)])),
    Row("logaddexp", lambda x: mp.log(mp.exp(x) + mp.exp(0.5)), both(1e-6, 50), 8, ("x", 0.5)),
    Row("logaddexp2", lambda x: mp.log(2**x + 2**5, 2), both(1e-6, 50), 8, ("x", 5.0)),
    Row("sqrt", mp.sqrt, sizes(1e-9, 1e9)),
    Row("cbrt", lambda x: mp.sign(x) * mp.cbrt(abs(x)), both(1e-9, 1e9)),
    Row("square", lambda x: x * x, both(1e-9, 1e9)),
    Row("reciprocal", lambda x: 1 / x, both(1e-6, 1e6)),
    Row("multiply", lambda x: x * 3, both(1e-6, 1e6), at=("x", 3.0)),
    Row("divide", lambda x: 3 / x, both(1e-6, 1e6), at=(3.0, "x")),
    Row("power", lambda x: mp.power(x, 2.5), sizes(1e-5, 1e5), 16, ("x", 2.5)),
    Row("power", lambda x: mp.power(x, -3), sizes(1e-5, 1e5), 16, ("x", -3.0)),
    Row("power", lambda x: mp.power(3, x), both(1e-6, 20), 16, (3.0, "x")),
    Row("hypot", lambda x: mp.hypot(x, 2), both(1e-6, 1e6), 8, ("x", 2.0)),
]
SCIPY = [
    Row("expit", lambda x: 1 / (1 + mp.exp(-x)), both(1e-6, 50), 8),
    Row("log_expit", lambda x: -mp.log(1 + mp.exp(-x)), both(1e-6, 50), 8),
    Row("logit", lambda x: mp.log(x / (1 - x)), sizes(1e-9, 0.999), 8),
    Row("erf", mp.erf, both(1e-9, 5)),
    Row("erfc", mp.erfc, both(1e-9, 5)),
    Row("ndtr", mp.ncdf, both(1e-6, 9)),
    Row("log_ndtr", lambda x: mp.log(mp.ncdf(x)), -sizes(1.5, 300, 16)),
    Row("entr", lambda x: -x * mp.log(x), sizes(1e-9, 1e5)),
    Row("kl_div", lambda x: x * mp.log(x / 2) - x + 2, NEAR_2, at=("x", 2.0)),
    Row("kl_div", lambda x: 2 * mp.log(2 / x) - 2 + x, NEAR_2, at=(2.0, "x")),
    Row("rel_entr", lambda x: x * mp.log(x / 2), NEAR_2, at=("x", 2.0)),
    Row("xlogy", lambda x: 2 * mp.log(x), sizes(1e-6, 1e6), at=(2.0, "x")),
    Row("xlog1py", lambda x: 2 * mp.log1p(x), sizes(1e-9, 1e6), at=(2.0, "x")),
    Row("gammaln", mp.loggamma, sizes(1e-3, 1e5, 12)),
    Row("psi", lambda x: mp.psi(0, x), sizes(1e-3, 1e5, 12)),
    Row("betaln", lambda x: mp.log(mp.beta(x, 2)), sizes(1e-3, 1e8, 12), at=("x", 2.0)),
    Row("i0", lambda x: mp.besseli(0, x), both(1e-6, 30, 8)),
    Row("exprel", lambda x: mp.expm1(x) / x, both(1e-6, 30, 8)),
    Row("cosm1", lambda x: mp.cos(x) - 1, both(1e-6, 10)),
    Row("pseudo_huber", lambda x: mp.sqrt(1 + x * x) - 1, both(1e-6, 1e4), 8, (1.0, "x")),
]
ROWS = [*NUMPY, *(row._replace(home="scipy.special") for row in SCIPY)]


def ours(row: Row, x: Points) -> list[np.ndarray]:
    """The value and three derivatives by this project."""
    v = Variable(x)
    y = row.call(getattr(import_module(row.home), row.name), v)
    found = [y]
    for _ in range(ORDERS - 1):
        found.append(gradients([found[-1]], [v], [np.ones_like(x)], create_graph=True)[0])
    return [np.asarray(f.data) for f in found]


def by_nesting(home: dict[str, str], differentiate: Callable[[Any], Any]) -> Derivatives:
    """The same by a framework that differentiates functions. home: of NumPy's and SciPy's names."""

    def derivatives(row: Row, x: Points) -> list[np.ndarray]:
        function = getattr(import_module(home[row.home]), row.name)

        def f(x: Any) -> Any:
            return row.call(function, x)

        found = []
        for _ in range(ORDERS):
            found.append(np.asarray(f(x)))
            f = differentiate(f)
        return found

    return derivatives


def by_torch(row: Row, x: Points) -> list[np.ndarray]:
    """The same by PyTorch, which differentiates values."""
    import torch

    home = torch if row.home == "numpy" else torch.special
    function = getattr(home, {"power": "pow"}.get(row.name, row.name))
    t = torch.tensor(x, requires_grad=True)
    found = [function(*(t if a == "x" else torch.full_like(t, a) for a in row.at))]
    for _ in range(ORDERS - 1):
        found += torch.autograd.grad(found[-1].sum(), t, create_graph=True)
    return [y.detach().numpy() for y in found]


def frameworks() -> Iterator[tuple[str, Derivatives]]:
    """What is installed to compare with."""
    if find_spec("torch"):
        yield "torch", by_torch
    try:
        import jax

        jax.config.update("jax_enable_x64", True)
        home = {"numpy": "jax.numpy", "scipy.special": "jax.scipy.special"}
        yield "jax", by_nesting(home, lambda f: jax.grad(lambda x: f(x).sum()))
    except ImportError:
        pass
    try:
        from autograd import elementwise_grad

        home = {"numpy": "autograd.numpy", "scipy.special": "autograd.scipy.special"}
        yield "autograd", by_nesting(home, elementwise_grad)
    except ImportError:
        pass


def errors(row: Row, dtype: Any, derivatives: Derivatives = ours) -> list[float]:
    """For each order the largest ulps / (1 + K) on the points of a row, K = |x f⁽ⁿ⁺¹⁾ / f⁽ⁿ⁾|."""
    x = row.points.astype(dtype)
    x = x[np.abs(np.abs(x) - 1) > 0] if row.points is UNIT else x
    with np.errstate(all="ignore"):
        found = derivatives(row, x)
    worst = [0.0] * ORDERS
    for i, point in enumerate(x):
        with mp.workdps(50):
            series = mp.taylor(row.exact, mp.mpf(float(point)), ORDERS)
            true = [mp.re(c) * mp.factorial(n) for n, c in enumerate(series)]
            for n in range(ORDERS):
                worst[n] = max(worst[n], _error(found[n][i], true[n], true[n + 1], point))
    return worst


def _error(found: Any, true: Any, further: Any, x: Any) -> float:
    with np.errstate(over="ignore"):
        nearest, info = found.dtype.type(float(true)), np.finfo(found.dtype)
    if abs(true) < 1e-45 or not info.tiny * 1e3 < abs(nearest) < info.max:
        return 0.0  # exactly 0, or out of the dtype's range
    if not np.isfinite(found):
        return float("inf")
    k = abs(mp.mpf(float(x)) * further / true)
    return float(abs(mp.mpf(float(found)) - true) / float(np.spacing(abs(nearest))) / (1 + k))


HEAD = """# How accurate

Written by `docs/generate_accuracy.py`. For each operator, the value and the first three
derivatives are compared with arithmetic of 50 digits, at points of every size in a range. The
figures are units in the last place (ulps), divided by 1 + K with K = |x f⁽ⁿ⁺¹⁾ / f⁽ⁿ⁾|: what one
ulp of uncertainty in x explains is not counted. They are the largest of all points, of the value
and of the derivatives of order 1, 2 and 3. **The limit is promised**, and a test holds it; the
figures are those of one processor, for NumPy and SciPy compute differently on another.

"""
MORE = """
## Sums, matrices and what is left

- Sums, means, `sum_to` and the gradient of what was broadcast add blocks of 128: their error is
  that of some 128 + log₂ n additions at the very most, and NumPy's own of as many as there are
  rows. That costs nothing on large arrays. `cumsum` of float32 adds in float64, which takes a third
  more time; of float64 it is NumPy's.
- `var` and `std` take the mean out twice, so that an offset costs no digits; `std`, `norm` and
  `hypot` do not overflow on the way.
- Linear algebra is as accurate as LAPACK, in norm. Where eigenvalues or singular values are equal,
  derivatives through the vectors are NaN, also where the difference leaves no digit.
- `tanh` beyond |x| = 3: its derivatives are computed from y, as 1 - y², and are right to some 1e-16
  of 1, not of their own size; where |x| > 19 they are 0. Computing them from x as 1 / cosh² x takes
  twice as long on 10,000 elements (27 to 15 μs, where tanh takes 17), and x would be kept beside y.
- Order 3 of `log_ndtr` between -1.25 and 0 loses two digits. `dawsn`, and the scaled Bessel
  functions `i0e`, `i1e`, `k0e`, `k1e`, `ive` and `kve`, lose some |x| ulps an order for large x.
"""


def table() -> str:
    """The whole page."""
    lines = [
        "| operator | range of x | limit | float32 | float64 |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [f"| {' | '.join(_cells(row))} |" for row in ROWS]
    return HEAD + "\n".join(lines) + "\n" + MORE + compared()


def _cells(row: Row) -> list[str]:
    figures = [_figures(errors(row, dtype)) for dtype in DTYPES]
    return [f"`{row}`", row.reach(), f"{row.limit:g}", *figures]


def _figures(found: list[float]) -> str:
    return ", ".join("lost" if e > 1e6 else f"{e:.1f}" if e < 100 else f"{e:.0e}" for e in found)


def compared() -> str:
    """What other frameworks were measured to do at the same points, as it is on file."""
    if not OTHERS.exists():
        return ""
    kept = json.loads(OTHERS.read_text(encoding="utf-8"))
    names = list(kept["versions"])
    with_versions = ", ".join(f"{name} {kept['versions'][name]}" for name in names)
    lines = [
        f"\n## Beside other frameworks\n\nThe same points in float64, measured {kept['date']} with "
        f"{with_versions}; `lost` is more than a million ulps, a dash what a framework has not.\n",
        f"| operator | tinypt | {' | '.join(names)} |",
        f"| --- | --- |{' --- |' * len(names)}",
    ]
    for row, cells in kept["rows"].items():
        lines.append(f"| `{row}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def measure_others() -> None:
    """Put on file what the installed frameworks do."""
    found = dict(frameworks())
    rows = {}
    for row in ROWS:
        cells = [_figures(errors(row, np.float64))]
        for derivatives in found.values():
            try:
                cells.append(_figures(errors(row, np.float64, derivatives)))
            except Exception:  # no such function, or no derivative of it
                cells.append("-")
        rows[str(row)] = cells
    kept = {
        "date": datetime.date.today().isoformat(),
        "versions": {name: version(name) for name in found},
        "rows": rows,
    }
    OTHERS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frameworks", action="store_true")
    warnings.simplefilter("ignore")
    if parser.parse_args().frameworks:
        measure_others()
    (HERE / "accuracy.md").write_text(table(), encoding="utf-8")
