"""Which first-party package provides a name: for the hint in "no such operator"."""

from __future__ import annotations

_NAMES = {
    "tinypt-ops-basic": """
        absolute add astype broadcast_to div divide equal exp floor_divide getitem greater
        greater_equal less less_equal log matmul mod mul multiply neg negative not_equal positive
        pow power reshape sqrt square sub subtract sum sum_to transpose true_divide
    """,
    "tinypt-ops-trig": "cos cosh sin sinh tan tanh",
}


def home(name: str) -> str:
    """The package to install for an operator, or "".

    >>> home("sin")
    'tinypt-ops-trig'
    """
    return next((package for package, names in _NAMES.items() if name in names.split()), "")
