"""Where a name is to be found that nothing installed provides: for the error that says so."""

from __future__ import annotations

from collections.abc import Collection
from importlib.util import find_spec

from tinypt_core._names import did_you_mean
from tinypt_core._registry.known import NAMES

#: names that people look for and NumPy and SciPy do not have -> what to write, and the operator
#: in it that is not everywhere
EVERYDAY = {
    "bmm": ("matmul(a, b)", "matmul"),
    "cat": ("concatenate(arrays)", "concatenate"),
    "elu": ("where(x > 0, x, expm1(minimum(x, 0)))", "expm1"),
    "gelu": ("x * ndtr(x)", "ndtr"),
    "leaky_relu": ("maximum(x, 0.01 * x)", "maximum"),
    "lgamma": ("gammaln(x)", "gammaln"),
    "log_sigmoid": ("-logaddexp(-x, 0)", "logaddexp"),
    "logsigmoid": ("-logaddexp(-x, 0)", "logaddexp"),
    "mm": ("matmul(a, b)", "matmul"),
    "relu": ("maximum(x, 0)", "maximum"),
    "rsqrt": ("1 / sqrt(x)", "sqrt"),
    "sigmoid": ("expit(x)", "expit"),
    "silu": ("x * expit(x)", "expit"),
    "softplus": ("logaddexp(x, 0)", "logaddexp"),
    "swish": ("x * expit(x)", "expit"),
}


def home(name: str) -> str:
    """The package to install for an operator, or "".

    >>> home("sin")
    'tinypt-ops-trig'
    """
    return next((package for package, names in NAMES.items() if name in names.split()), "")


def hint(name: str, known: Collection[str], installed: Collection[str]) -> str:
    """What to do about an unknown name: install a package, write another name, or nothing.

    known: the operators that are there. installed: the distributions that declare any.
    """
    if home(name):
        return f"; it comes with {_get(home(name), installed)}"
    if name in EVERYDAY:
        text, operator = EVERYDAY[name]
        package = "" if operator in known else home(operator)
        return f"; write {text}" + (f", with {_get(package, installed)}" if package else "")
    for above in ("linalg", "fft"):
        if f"{above}.{name}" in known or home(f"{above}.{name}"):
            return f"; its name is {above}.{name}"
    return did_you_mean(name, known) or ("" if installed else f"; {_by_hand('the operators')}")


def _get(package: str, installed: Collection[str]) -> str:
    if package not in installed and _has_code(package):
        return f"{package}, whose code is here, but not its metadata: {_by_hand(package)}"
    return f"{package}: pip install {package}"


def _has_code(package: str) -> bool:
    try:
        return find_spec(package.replace("-", "_")) is not None
    except Exception:  # a finder that fails
        return False


def _by_hand(what: str) -> str:
    return (
        f"a program that is frozen, or runs from bare sources, must carry the metadata of {what} "
        f"(PyInstaller: --copy-metadata), or register each operator by hand: "
        f"tinypt_core.registry.register_op(NAME, CLASS)"
    )
