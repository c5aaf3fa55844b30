"""Every wrong operator is caught, by the promise that should, and the report names it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from tinypt_core.testing import check_op

from tinypt_core import ConformanceError

HERE = Path(__file__).parent


def _load(name):
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.WRONG


WRONG = _load("wrong_gradients") + _load("wrong_behaviour")
SCORE: dict[str, bool] = {}


@pytest.mark.parametrize(("op", "promise", "samples"), WRONG, ids=[w[0].__name__ for w in WRONG])
def test_wrong_operator_is_caught(op, promise, samples):
    SCORE[op.__name__] = False
    with pytest.raises(ConformanceError) as caught:
        check_op(op, *samples)
    report, broken = str(caught.value), caught.value.broken
    assert promise in {b.promise for b in broken}, report
    assert f"\n  {promise}: " in report
    assert report.startswith(f"{op.__name__} (module {op.__module__}) broke ")
    assert any(b.sample and b.sample in report for b in broken) or promise in ("metadata", "value")
    SCORE[op.__name__] = True


def test_score(capsys):
    if len(SCORE) < len(WRONG):
        pytest.skip("the score counts every wrong operator: run the whole file")
    caught = sum(SCORE.values())
    with capsys.disabled():
        print(f"\nmutation score: {caught} of {len(WRONG)} wrong operators caught")
    assert caught == len(WRONG) >= 40
