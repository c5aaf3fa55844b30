"""Write docs/numpy.md: what becomes of every public function of NumPy.

python docs/generate_numpy.py

A function that NumPy has got since is in no list here: then `table()` raises, and a test fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

PACKAGES = ("tinypt-ops-basic", "tinypt-ops-trig", "tinypt-ops-fft")
HEAD = """# Every function of NumPy

Written by `docs/generate_numpy.py` for `numpy`, `numpy.linalg` and `numpy.fft`.

- **operator**: `np.NAME(variable)` is differentiable, and so is `tinypt_core.ops.NAME`.
- **constant**: takes Variables and gives plain arrays or values; there is nothing to differentiate.
- **plain**: takes no array to compute with; use it as it is.
- **refused**: raises TypeError for a Variable; the table says what to write instead.

Methods of ufuncs: `reduce` of `add`, `multiply`, `maximum` and `minimum`; `accumulate`, `outer`,
`reduceat` and `at` of those that are registered under such a name, as `np.multiply.outer`.
"""

#: not registered, and no array goes in
PLAIN = """
    arange bartlett base_repr binary_repr blackman bmat broadcast_shapes datetime_data diag_indices
    empty eye format_float_positional format_float_scientific frombuffer fromfile fromfunction
    fromregex fromstring frompyfunc genfromtxt get_include get_printoptions getbufsize geterr
    geterrcall hamming hanning identity indices info isdtype isscalar issubdtype iterable kaiser
    load loadtxt mask_indices mintypecode nested_iters ones printoptions promote_types
    set_printoptions setbufsize seterr seterrcall show_config show_runtime test tri tril_indices
    triu_indices typename zeros isfortran linalg.test fft.test
"""

#: why, and which
REFUSED = {
    "it would cut the graph: `Variable(array)` for a leaf, `np.stack([...])` to join Variables": (
        "array asanyarray asarray asarray_chkfinite ascontiguousarray asfortranarray asmatrix "
        "fromiter from_dlpack require"
    ),
    "rounding and bits are of arrays, not of functions: use `v.data`": (
        "packbits spacing unpackbits"
    ),
    "files hold arrays: save `v.data`": "save savetxt savez savez_compressed",
    "dates are no numbers": ("busday_count busday_offset datetime_as_string is_busday isnat"),
    "write `np.bincount(np.ravel_multi_index(...), weights)`": "histogram2d histogramdd",
    "a Bessel function: `scipy.special.i0` with the operators of SciPy": "i0",
    "sort by a key: `v[np.lexsort((v.data.imag, v.data.real))]`": "sort_complex",
}

#: registered, but what they give is plain all the same
GIVES_PLAIN = "linalg.matrix_rank fft.fftfreq fft.rfftfreq"


class Row(NamedTuple):
    """What becomes of one function."""

    name: str
    kind: str
    what: str


def rows() -> Iterator[Row]:
    """Every public function of the installed NumPy."""
    entries = {e.name: e for package in PACKAGES for e in distribution(package).entry_points}
    reasons = {name: why for why, names in REFUSED.items() for name in names.split()}
    for name, function in functions():
        entry = entries.get(name) or entries.get(_canonical(name, function))
        if entry is not None:
            constant = ".constants:" in entry.value or name in GIVES_PLAIN.split()
            kind = "constant" if constant else "operator"
            yield Row(name, kind, entry.value.partition(".")[0].partition(":")[0].replace("_", "-"))
        elif name in reasons:
            yield Row(name, "refused", reasons[name])
        elif name in PLAIN.split():
            yield Row(name, "plain", "")
        else:
            raise LookupError(f"np.{name} is new: make it an operator, or say here why it is not")


def functions() -> Iterator[tuple[str, Any]]:
    """The public functions by name."""
    for module, prefix in ((np, ""), (np.linalg, "linalg."), (np.fft, "fft.")):
        for name in sorted(dir(module)):
            value = getattr(module, name)
            hidden = name.startswith("_") or isinstance(value, (type, ModuleType))
            if callable(value) and not hidden:
                yield prefix + name, value


def _canonical(name: str, function: Any) -> str:
    """The name that a function has itself, of which `name` may be an alias."""
    own = "vstack" if name == "row_stack" else getattr(function, "__name__", name)
    return name.rpartition(".")[0] + own


def table() -> str:
    """The whole page."""
    lines = [HEAD, "| function | kind | package, or why |", "| --- | --- | --- |"]
    lines += [line(row) for row in rows()]
    return "\n".join(lines) + "\n"


def line(row: Row) -> str:
    """One row of the page."""
    return f"| `{row.name}` | {row.kind} | {row.what} |"


if __name__ == "__main__":
    Path(__file__).with_name("numpy.md").write_text(table(), encoding="utf-8")
