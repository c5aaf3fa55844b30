"""formula: what is written is what was computed, in signs, LaTeX and Python."""

# ruff: noqa: B023 (the functions are called at once)

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from tinypt_viz.numbers import magnitude, number, sized

from tinypt_core import Function, Variable, gradients, ops
from tinypt_viz import formula

UNARY = [
    "sin", "cos", "tanh", "arctan", "exp", "square", "negative", "absolute", "cbrt", "expm1",
    "sinh", "cosh", "log1p_abs", "sqrt_abs", "reciprocal_far", "sign", "floor", "rint", "sinc",
    "positive", "exp2", "arcsinh", "deg2rad", "copy", "reshape", "sum0", "mean1", "max", "item",
    "transpose", "astype", "var", "cumsum", "flip", "roll", "ravel", "clip", "pad", "norm", "sort",
    "diff", "repeat", "tile", "logsumexp", "pow3", "pow_half", "einsum",
]  # fmt: skip
BINARY = ["add", "subtract", "multiply", "divide_far", "maximum", "hypot", "arctan2", "where",
          "power", "stack", "concatenate", "matmul", "logaddexp", "fmin", "outer"]  # fmt: skip


def unary(name: str, x: Any) -> Any:
    special = {
        "log1p_abs": lambda: np.log1p(np.abs(x)), "sqrt_abs": lambda: np.sqrt(np.abs(x)),
        "reciprocal_far": lambda: np.reciprocal(np.square(x) + 0.5),
        "reshape": lambda: np.reshape(x, (-1,)), "sum0": lambda: np.sum(x, axis=0),
        "mean1": lambda: np.mean(x, axis=-1, keepdims=True), "item": lambda: x[..., 1:],
        "astype": lambda: ops.astype(x, np.float32), "var": lambda: np.var(x, ddof=1),
        "roll": lambda: np.roll(x, 1, axis=0), "clip": lambda: np.clip(x, -0.5, 0.5),
        "pad": lambda: np.pad(x, 1), "norm": lambda: np.linalg.norm(x), "pow3": lambda: x**3,
        "pow_half": lambda: np.abs(x) ** 0.5, "repeat": lambda: np.repeat(x, 2, axis=0),
        "tile": lambda: np.tile(x, 2), "logsumexp": lambda: ops.logsumexp(x, axis=0),
        "einsum": lambda: np.einsum("...i->...", x), "flip": lambda: np.flip(x, axis=0),
    }  # fmt: skip
    return special[name]() if name in special else getattr(np, name)(x)


def binary(name: str, a: Any, b: Any) -> Any:
    special = {
        "divide_far": lambda: a / (np.square(b) + 1), "where": lambda: np.where(a.data > 0, a, b),
        "power": lambda: (np.abs(a) + 0.5) ** (b / 4), "matmul": lambda: a @ b,
        "stack": lambda: np.stack([a, b], axis=0), "concatenate": lambda: np.concatenate([a, b]),
    }  # fmt: skip
    return special[name]() if name in special else getattr(np, name)(a, b)


def drawn(rng: np.random.Generator) -> tuple[Any, dict[str, Any]]:
    """A random expression of named leaves, of constants, and of what came before."""
    leaves = {n: Variable(np.round(rng.normal(size=(2, 2)), 2), n) for n in ("x", "y", "w0")}
    found = list(leaves.values())
    for k in range(rng.integers(2, 9)):
        a, b = (found[rng.integers(len(found))] for _ in range(2))
        try:
            with np.errstate(all="ignore"):
                kind = rng.integers(4)
                if kind == 0:
                    made = binary(BINARY[rng.integers(len(BINARY))], a, b)
                elif kind == 1:
                    constant = [2, -3.5, 1 / 3, 0.1, 1e-7][rng.integers(5)]
                    sides = [constant, a] if rng.integers(2) else [a, constant]
                    made = binary(BINARY[rng.integers(3)], *sides)
                else:
                    made = unary(UNARY[rng.integers(len(UNARY))], a)
        except (ValueError, IndexError):  # shapes that do not go together
            continue
        if isinstance(made, Variable) and made.size <= 200 and np.isfinite(made.data).all():
            made.name = f"h{k}" if rng.integers(4) == 0 else None
            found.append(made)
    return found[-1], leaves


def run(code: str, leaves: dict[str, Any]) -> Any:
    scope = {"np": np, **{name: leaf.data for name, leaf in leaves.items()}}
    exec(code, scope)
    return scope[code.splitlines()[-1].partition(" = ")[0]]


def test_the_python_of_300_random_expressions_gives_the_value() -> None:
    rng = np.random.default_rng(0)
    operators = set()
    for _ in range(300):
        y, leaves = drawn(rng)
        if y.creator is None:
            continue
        code = formula(y, form="python")
        found = run(code, leaves)
        np.testing.assert_allclose(found, y.data, rtol=1e-13, atol=1e-300, err_msg=code)
        assert np.asarray(found).dtype == y.dtype, code
        operators |= set(re.findall(r"(?:np|ops)\.(\w+)\(", code))
        assert formula(y, form="latex").count("{") == formula(y, form="latex").count("}")
    assert len(operators) > 40


@pytest.mark.parametrize("f", ["tanh", "tan", "sin", "sinc"])
def test_the_python_of_derivatives(f: str) -> None:
    x = Variable(np.array([0.3, 0.5]), "x")
    y = getattr(np, f)(x)
    for order in range(1, 5):
        (y,) = gradients(y, x, create_graph=True)
        text = formula(y)
        assert "1·" not in text, "the seeds are left out"
        if f == "sinc":
            assert "sinc" in text
            continue
        value = run(formula(y, form="python"), {"x": x})
        np.testing.assert_allclose(value, y.data, rtol=1e-12)
        if f.startswith("tan"):
            assert text.endswith(f"{f}{(' ′', ' ″', '⁽³⁾', '⁽⁴⁾')[order - 1].strip()}(x)")


# -- the signs read back ---------------------------------------------------------------------------

TOKEN = re.compile(r"\d+(?:\.\d+)?|[a-z]+(?=\()|[a-z]|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+|[()+−·/√|^]")
DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def evaluate(text: str, scope: dict[str, float]) -> float:
    """What a formula in signs says, by a reader that knows nothing of how it was written."""
    tokens = TOKEN.findall(text)
    assert "".join(tokens) == text.replace(" ", ""), text
    at = 0

    def peek() -> str:
        return tokens[at] if at < len(tokens) else ""

    def take() -> str:
        nonlocal at
        at += 1
        return tokens[at - 1]

    def total() -> float:
        value = product()
        while peek() in ("+", "−"):
            value = value + product() if take() == "+" else value - product()
        return value

    def product() -> float:
        value = signed()
        while peek() and (peek() in "·/√(" or peek()[0].isalnum()):
            if peek() == "/":
                take()
                value = value / signed()
            else:
                if peek() == "·":
                    take()
                value = value * signed()
        return value

    def signed() -> float:
        if peek() == "−":
            take()
            return -product()
        return power()

    def power() -> float:
        value = atom()
        if peek() and peek()[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻":
            value = value ** int(take().translate(DIGITS))
        if peek() == "^":
            take()
            value = value ** atom()
        return value

    def atom() -> float:
        token = take()
        if token == "(":
            value = total()
            assert take() == ")"
            return value
        if token == "|":
            value = abs(total())
            assert take() == "|"
            return value
        if token == "√":
            return float(np.sqrt(atom()))
        if token[0].isdigit():
            return float(token)
        if peek() == "(" and len(token) > 1:
            take()
            value = float(getattr(np, token)(total()))
            assert take() == ")"
            return value
        return scope[token]

    value = total()
    assert at == len(tokens), text
    return value


def test_the_signs_of_300_random_expressions_say_the_same() -> None:
    rng = np.random.default_rng(1)
    for _ in range(300):
        leaves = {name: Variable(np.array(float(rng.normal()) + 3), name) for name in "xyz"}
        found: list[Any] = list(leaves.values())
        for _ in range(rng.integers(2, 12)):
            a, b = found[rng.integers(len(found))], found[-1]
            c = float([2, -3, 0.25, 1 / 6, -1 / 7, 14, 1][rng.integers(7)])
            made = [
                lambda: a + b, lambda: a - b, lambda: a * b, lambda: b / (a * a + 1), lambda: -b,
                lambda: c * b, lambda: b * c, lambda: b + c, lambda: c - b, lambda: b**2,
                lambda: np.sin(b), lambda: np.sqrt(b * b), lambda: np.exp(-(b * b)),
                lambda: np.abs(b), lambda: c / (b * b + 2), lambda: np.abs(b) ** (a / 9),
                lambda: np.tanh(b), lambda: np.reciprocal(b * b + 1), lambda: np.square(b) * -a,
            ][rng.integers(19)]()  # fmt: skip
            if 1e-3 < abs(made.item()) < 1e6:
                found.append(made)
        y = found[-1]
        if y.creator is None:
            continue
        scope = {name: leaf.item() for name, leaf in leaves.items()}
        lines = formula(y).splitlines()
        for line in lines:
            name, _, text = line.rpartition(" = ")
            scope[name] = evaluate(text, scope)
        assert scope[name] == pytest.approx(y.item(), rel=1e-9), "\n".join(lines)


# -- what is written and what is not -------------------------------------------------------------


def test_goldstein_price_reads_as_in_the_textbook() -> None:
    x, y = Variable(np.array(1.0), "x"), Variable(np.array(1.0), "y")
    z = (1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)) * (
        30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2)
    )
    z.name = "z"
    assert formula(z).splitlines() == [
        "a = 19 − 14x + 3x² − 14y + 6xy + 3y²",
        "b = 18 − 32x + 12x² + 48y − 36xy + 27y²",
        "z = (1 + (x + y + 1)²·a)·(30 + (2x − 3y)²·b)",
    ]


def test_names_that_could_be_taken_for_others() -> None:
    one, other = Variable(np.array(1.0), "x"), Variable(np.array(2.0), "x")
    assert formula(one + other) == "x₂ + x" or formula(one + other) == "x + x₂"
    with pytest.raises(ValueError, match=r"2 leaves are named 'x'"):
        formula(one + other, form="python")
    x, xy, y = (Variable(np.array(1.0), name) for name in ("x", "xy", "y"))
    assert formula(x * y + xy) == "x·y + xy"
    assert formula(Variable(np.array(1.0), "a b") + x) == "‘a b’ + x"
    with pytest.raises(ValueError, match=r"'a b' is no name in Python"):
        formula(Variable(np.array(1.0), "a b") + x, form="python")


def test_what_cannot_be_written_as_code_says_what_to_do() -> None:
    class Mine(Function):
        def forward(self, x: Any) -> Any:
            return x + 1

        def backward(self, gy: Any) -> Any:
            return gy

    x = Variable(np.ones(100), "x")
    assert formula(Mine()(x)) == "Mine(x)"
    with pytest.raises(ValueError, match=r"Mine of .* is registered by no name"):
        formula(Mine()(x), form="python")
    assert formula(x * np.zeros(100)) == "x·[100]"
    with pytest.raises(ValueError, match=r"\(100,\) float64 is too large .* give it a name"):
        formula(x * np.zeros(100), form="python")
    with pytest.raises(ValueError, match="form='tex'; write one of 'text', 'latex', 'python'"):
        formula(x, form="tex")


def test_a_hostile_name_is_text_in_latex() -> None:
    x = Variable(np.array(1.0), r"\input{x}$%_^&#~")
    assert formula(-x, form="latex") == (r"-\mathrm{\backslash input\{x\}\$\%\_\hat{}\&\#\sim }")


def test_an_output_without_a_name_and_several_outputs() -> None:
    x = Variable(np.array(1.0), "x")
    assert formula(x) == "x"
    assert formula([x + 1, x * 2]).splitlines() == ["x + 1", "x·2"]
    assert formula(x + 1, form="python") == "y = x + 1"


def test_numbers_and_shapes() -> None:
    values = [0.5, 1 / 3, -1 / 5040, 12345, 123456.7, 1e-4, -0.0, np.inf, 100.0, 1e22]
    assert [number(v) for v in values] == [
        "0.5", "1/3", "−1/5040", "12345", "1.235·10⁵", "10⁻⁴", "0", "∞", "100", "10²²",
    ]  # fmt: skip
    assert [sized((2, 3)), sized((), "float32"), sized((4,), "bool")] == [
        "2×3",
        "float32",
        "4 bool",
    ]
    assert magnitude((0.00782, 1, 0, 9)) == "±0.0078"
