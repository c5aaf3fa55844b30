"""Operators registered by hand, for a while or for good; and the version ranges of plugins."""

from __future__ import annotations

import uuid

import numpy as np
import pytest
from tinypt_core._registry.versions import allows, release, required_range

import tinypt_core
from tinypt_core import Function, OpConflictError, Variable, ops, registry


class Cube(Function):
    """x cubed."""

    def forward(self, x):
        return x**3

    def backward(self, gy, x):
        return 3 * gy * x**2


class Wrong(Function):
    def forward(self, x):
        return x

    def backward(self, gy, temperature):
        return gy


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


@pytest.mark.parametrize("bad", [3, "sin", lambda x: x, Function, Wrong, type("Empty", (), {})])
def test_what_is_no_operator_is_refused(bad, name):
    with pytest.raises(TypeError, match=r"not an operator|no forward|temperature"):
        registry.register_op(name, bad)
    assert not registry.is_available(name)


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


@pytest.mark.parametrize(
    ("clauses", "yes", "no"),
    [
        (">=0.1,<0.2", "0.1 0.1.0 0.1.9rc1", "0.2 0.0.9 1.0"),
        ("~=1.4.2", "1.4.2 1.4.10", "1.4.1 1.5 2.0"),
        ("~=1.4", "1.4 1.9.1", "1.3 2.0"),
        ("==1.*", "1.0 1.99", "2.0 0.9 10.0"),
        ("!=1.5.*,>1", "1.4 1.6", "1.5 1.5.3 1.0.0"),
        ("==1.0", "1 1.0.0", "1.0.1"),
        ("<=2", "2.0.0 1.9", "2.0.1"),
        ("", "0.1", ""),
        ("anything goes", "3.0", ""),
    ],
)
def test_version_ranges(clauses, yes, no):
    assert [v for v in yes.split() if not allows(clauses, v)] == []
    assert [v for v in no.split() if allows(clauses, v)] == []


def test_reading_requirements():
    found = [
        "numpy>=2",
        "tinypt-core-extra>=5",
        "tinypt_core [cli] (>=0.3, <1) ; extra == 'x'",
        "Tinypt.Core (>=0.1, <0.2)",
    ]
    assert required_range(found, "tinypt-core") == ">=0.1,<0.2"
    assert required_range(found[:3], "tinypt-core") == ""
    assert required_range(["tinypt-core @ file:///x"], "tinypt-core") == ""
    assert release("v1.10.0.post1") == (1, 10)
