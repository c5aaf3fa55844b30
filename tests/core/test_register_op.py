"""Operators registered by hand, for a while or for good."""

from __future__ import annotations

import uuid

import numpy as np
import pytest

import tinypt_core
from tinypt_core import Function, OpConflictError, Variable, ops, registry


class Cube(Function):
    """x cubed."""

    def forward(self, x):
        return x**3

    def backward(self, gy, x):
        return 3 * gy * x**2


@pytest.fixture
def name():
    return f"test_{uuid.uuid4().hex}"


def test_register_by_call_and_by_decorator(name):
    assert registry.register_op(name, Cube) is Cube
    op = getattr(ops, name)
    assert (op.__name__, op.__doc__, op.function) == (name, "x cubed.", Cube)
    assert op.provider == "registered by hand"
    assert str(op.__signature__) == "(x)"
    assert name in dir(ops)

    @registry.register_op(f"{name}.nested")
    class Nested(Cube):
        pass

    assert getattr(ops, name).nested.function is Nested
    assert getattr(ops, name)(2.0).data == 8  # it acts as the operator of its name, too


def test_a_taken_name_needs_override(name):
    with pytest.raises(OpConflictError, match=r"'sin' exists already, from tinypt-ops-trig .*over"):
        registry.register_op("sin", Cube)
    registry.register_op(name, Cube)
    with pytest.raises(OpConflictError, match="registered by hand"):
        registry.register_op(name, Cube)

    class Other(Cube):
        pass

    registry.register_op(name, Other, override=True)
    assert registry.get(name).function is Other
    registry.register_op(f"{name}_alias", ops.sin)
    assert registry.get(f"{name}_alias").function is ops.sin.function


@pytest.mark.parametrize("bad", [3, "sin", Cube(), Function, np.sin, type("Empty", (), {})])
def test_what_is_no_operator_is_refused(bad, name):
    with pytest.raises(TypeError, match=r"not an operator|no forward"):
        registry.register_op(name, bad)
    assert not registry.is_available(name)


def test_a_plain_function_of_operators_is_an_operator(name):
    def norm2(x, axis=None, *, scale: float = 1.0):
        """The sum of squares."""
        return scale * np.sum(x * x, axis=axis)

    assert registry.register_op(name, norm2) is norm2
    op = registry.get(name)
    assert (op.__name__, op.__doc__, op.function) == (name, norm2.__doc__, norm2)
    assert str(op.__signature__) == "(x, axis=None, *, scale=1.0)"
    assert op.provider == "registered by hand"
    x = Variable(np.array([1.0, 2.0]))
    op(x, scale=3.0).backward()
    np.testing.assert_array_equal(x.grad, [6, 12])
    with pytest.raises(ValueError, match=rf"^{name}: .*axis") as info:
        op(x, axis=7)
    assert isinstance(info.value.__cause__, ValueError)
    with pytest.raises(TypeError, match=f"^{name}: .*unexpected keyword"):
        op(x, nonsense=1)


def test_a_plain_function_may_tell_what_has_no_derivative(name):
    registry.register_op(name, lambda x: np.asarray(x > 0))
    assert registry.get(name)(Variable(np.array([1.0, -1.0]))).tolist() == [True, False]


@pytest.mark.parametrize("bad", ["", "a b", "1x", "a..b", ".a", "a:b", 3])
def test_a_bad_name_is_refused(bad):
    with pytest.raises(ValueError, match="not a name for an operator"):
        registry.register_op(bad, Cube)


def test_a_temporary_op_is_what_numpy_and_operators_call_and_then_is_gone():
    x = Variable(np.array(2.0))
    sin, multiply = ops.sin, ops.multiply

    class Product(Function):
        def forward(self, x0, x1):
            return x0 * x1 + 100

        def backward(self, gy):
            return gy, gy

    with registry.temporary_op("sin", Cube) as op:
        assert op is ops.sin is registry.get("sin")
        assert np.sin(x).data == 8
        with registry.temporary_op("sin", Product), registry.temporary_op("multiply", Product):
            assert ops.sin.function is Product
            assert (x * x).data == 104
        assert ops.sin is op
        assert (x * x).data == 4
    assert ops.sin is sin
    assert ops.multiply is multiply
    assert np.sin(x).data == np.sin(2.0)
    with pytest.raises(ZeroDivisionError), registry.temporary_op("only.here", Cube):
        _ = 1 / 0
    assert not registry.is_available("only.here")


def test_an_unknown_numpy_function_says_which_package_has_it(monkeypatch):
    x = Variable(np.ones(2))
    monkeypatch.setenv("TINYPT_DISABLE", "tinypt-ops-trig")
    registry.refresh()
    try:
        with pytest.raises(TypeError, match="TINYPT_DISABLE"):
            np.cos(x)
    finally:
        monkeypatch.undo()
        registry.refresh()
    assert np.cos(x).data[0] == np.cos(1.0)
    unheard_of = np.frompyfunc(lambda x: x, 1, 1)
    with pytest.raises(TypeError, match=r"<lambda>.* of a Variable: no installed distribution"):
        unheard_of(x)


def test_the_public_face_is_complete():
    for name in tinypt_core.__all__:
        assert getattr(tinypt_core, name) is not None
        assert name in dir(tinypt_core)
    for name in registry.__all__:
        assert getattr(registry, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = tinypt_core.nonsense
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = registry.nonsense
