"""einsum over drawn subscripts: any letters, repeated or not, ellipsis, implicit output."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from opcheck import LAYOUTS, check_derivatives, check_float32, check_value, laid_out

from tinypt_core import ops

draws = settings(max_examples=60, deadline=None, derandomize=True, database=None)
SIZES = {"i": 2, "j": 3, "k": 1, "Z": 2, "a": 0}


@st.composite
def summations(draw: Any) -> tuple[str, list[np.ndarray]]:
    letters = st.sampled_from("iijjkZ" if draw(st.integers(0, 9)) else "ija")
    terms = draw(st.lists(st.text(letters, max_size=3), min_size=1, max_size=3))
    dots = [draw(st.integers(-1, len(term))) for term in terms]  # where an ellipsis is put
    leading = draw(st.sampled_from([(), (2,), (1, 2)]))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    operands, inputs = [], []
    for term, at in zip(terms, dots, strict=True):
        shape = [SIZES[c] for c in term]
        if at >= 0:
            own = leading[draw(st.integers(0, len(leading))) :]
            own = [n if draw(st.booleans()) else 1 for n in own]
            shape[at:at] = own
        inputs.append(term if at < 0 else f"{term[:at]}...{term[at:]}")
        layout = draw(st.sampled_from(LAYOUTS))
        operands.append(laid_out(rng.normal(size=shape), layout))
    return ",".join(inputs) + draw(output(terms, max(dots) >= 0)), operands


def output(terms: list[str], dots: bool) -> Any:
    """Nothing (implicit), or some letters in any order, with the ellipsis if there is one."""
    letters = sorted(set("".join(terms)))
    some = st.permutations(letters).flatmap(
        lambda order: st.integers(0, len(order)).map(lambda n: "".join(order[:n]))
    )
    explicit = some.map(lambda text: f"->...{text}" if dots else f"->{text}")
    return st.one_of(st.just(""), explicit)


@draws
@given(summations())
def test_einsum(case: tuple[str, list[np.ndarray]]) -> None:
    subscripts, operands = case

    def cubed(*xs: Any) -> Any:
        y = ops.einsum(subscripts, *xs)
        return y * y * y

    def numpy(*xs: Any) -> Any:
        return np.einsum(subscripts, *xs)

    check_value(lambda *xs: ops.einsum(subscripts, *xs), numpy, operands)
    check_derivatives(cubed, operands, orders=2)
    check_float32(cubed, operands)


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(summations())
def test_einsum_to_third_order(case: tuple[str, list[np.ndarray]]) -> None:
    subscripts, operands = case

    def f(*xs: Any) -> Any:
        y = ops.einsum(subscripts, *xs)
        return y * y * y

    check_derivatives(f, operands, orders=3)
