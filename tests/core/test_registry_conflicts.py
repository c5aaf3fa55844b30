"""Two distributions, one name; and what the environment variables decide."""

from __future__ import annotations

import pytest

OPERATOR = """
from tinypt_core import Function
class Op(Function):
    def forward(self, x):
        return x + {}
    def backward(self, gy):
        return gy
"""


@pytest.fixture
def rivals(fake_distribution):
    fake_distribution("a-ops", "1.1", ops={"op": "a_ops:Op"}, code=OPERATOR.format(1))
    return fake_distribution(
        "B_Ops", "2.2", ops={"op": "B_Ops:Op", "alone": "B_Ops:Op"}, code=OPERATOR.format(2)
    )


def test_a_conflict_names_both_and_the_remedies(rivals, run_python):
    run_python(
        """
        import pickle, sys
        from tinypt_core import OpConflictError, ops, registry
        for ask in (lambda: ops.op, lambda: registry.get("op"), lambda: registry.get("op")):
            try:
                ask()
            except OpConflictError as error:
                for words in ("a-ops 1.1", "B_Ops 2.2", "'a-ops:op'", "'b-ops:op'",
                              "TINYPT_PREFER=op=", "pip uninstall"):
                    assert words in str(error), (words, str(error))
            else:
                raise AssertionError
        assert "a_ops" not in sys.modules  # nothing was imported to find out
        assert "op" not in dir(ops) and "op" in registry.names()
        assert not registry.is_available("op")
        assert registry.get("a-ops:op")(0.0).data == 1
        assert registry.get("B_Ops:op")(0.0).data == registry.get("b.ops:op")(0.0).data == 2
        assert ops.alone.provider == "B_Ops 2.2"
        qualified = registry.get("b-ops:op")
        assert pickle.loads(pickle.dumps([qualified, ops.alone])) == [qualified, ops.alone]
        rows = [(r.name, r.distribution, r.status, r.winner) for r in registry.candidates()
                if r.distribution in ("a-ops", "B_Ops")]
        assert rows == [("alone", "B_Ops", "ok", True), ("op", "a-ops", "conflict", False),
                        ("op", "B_Ops", "conflict", False)], rows
        """,
        rivals,
    )


def test_identical_targets_are_one_and_the_order_of_the_path_is_no_matter(
    fake_distribution, run_python, tmp_path
):
    first = fake_distribution("a-ops", ops={"op": "b_ops:Op"}, code="", folder=tmp_path / "1")
    second = fake_distribution(
        "b-ops", ops={"op": "b_ops:Op"}, code=OPERATOR.format(5), folder=tmp_path / "2"
    )
    code = """
    from tinypt_core import ops, registry
    (row,) = [r for r in registry.candidates("op") if r.winner]
    print(ops.op.provider, row.rule, ops.op(0.0).data)
    """
    there, back = (run_python(code, *p).stdout for p in ([first, second], [second, first]))
    assert there == back
    assert "identical targets 5.0" in there


def test_the_environment_decides(rivals, run_python):
    run_python(
        """
        import os, warnings
        from tinypt_core import OpNotFoundError, OpConflictError, PluginLoadError, ops, registry

        def outcome(**variables):
            for name in ("DISABLE", "ALLOW", "PREFER", "STRICT"):
                os.environ.pop("TINYPT_" + name, None)
            os.environ.update({"TINYPT_" + k: v for k, v in variables.items()})
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                try:
                    registry.refresh()
                    result = str(ops.op(0.0).data)
                except Exception as error:
                    result = type(error).__name__
            return result, [str(w.message) for w in caught]

        assert outcome() == ("OpConflictError", [])
        assert outcome(PREFER="op=b_ops") == ("2.0", [])
        assert outcome(PREFER="op=a-ops, alone=b-ops") == ("1.0", [])
        assert outcome(DISABLE="a.ops") == ("2.0", [])
        assert outcome(DISABLE="a-ops,b-ops") == ("OpNotFoundError", [])
        assert outcome(ALLOW="a-ops") == ("1.0", [])
        for off in ("0", "", "false", "No"):
            every = dict.fromkeys(("DISABLE", "ALLOW", "PREFER", "STRICT"), off)
            assert outcome(**every) == ("OpConflictError", []), off
        assert outcome(STRICT="1", PREFER="op=a-ops") == ("1.0", []), registry.problems()

        for variables, word in [
            ({"DISABLE": "a-opps,b-ops"}, "did you mean a-ops"),
            ({"ALLOW": "a-ops,zzz"}, "'zzz'"),
            ({"PREFER": "op=a-ops,op2=b-ops"}, "b-ops provides no operator 'op2'"),
            ({"PREFER": "op=a-ops,nonsense"}, "is not NAME=DISTRIBUTION"),
        ]:
            _, (text,) = outcome(**variables)
            assert word in text and "TINYPT_" + next(iter(variables)) in text, text
            result, texts = outcome(STRICT="yes", **variables)
            assert (result, texts) == ("PluginLoadError", []), (result, texts)

        outcome(DISABLE="b-ops")
        try:
            ops.alone
        except OpNotFoundError as error:
            assert "TINYPT_DISABLE" in str(error) and "B_Ops 2.2" in str(error)
        assert "alone" not in dir(ops)
        assert {r.status for r in registry.candidates("alone")} == {"disabled"}
        outcome(PREFER="op=b-ops")
        rules = {r.distribution: (r.winner, r.rule) for r in registry.candidates("op")}
        assert rules == {"a-ops": (False, ""), "B_Ops": (True, "TINYPT_PREFER")}
        """,
        rivals,
    )
