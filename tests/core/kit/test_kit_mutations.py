"""Every wrong operator is caught, by the promise that should, and the report names it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from tinypt_core.testing import check_op

from tinypt_core import ConformanceError

HERE = Path(__file__).parent


def _load(name):
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look for it there
    spec.loader.exec_module(module)
    return module.WRONG


WRONG = [
    w for name in ("gradients", "behaviour", "places", "accuracy") for w in _load(f"wrong_{name}")
]


@pytest.mark.parametrize(("op", "promise", "samples"), WRONG, ids=[w[0].__name__ for w in WRONG])
def test_wrong_operator_is_caught(op, promise, samples):
    with pytest.raises(ConformanceError) as caught:
        check_op(op, *samples)
    report, broken = str(caught.value), caught.value.broken
    told = [b.promise for b in broken]
    assert promise in told, report
    assert len(told) == len(set(told)), "a broken promise is told once"
    assert f"\n  {promise}: " in report
    assert report.startswith(f"{op.__name__} (module {op.__module__}) broke ")
    assert any(b.sample and b.sample in report for b in broken) or promise in ("metadata", "value")


def test_there_are_many():
    names = [w[0].__name__ for w in WRONG]
    assert len(WRONG) == len(set(names)) >= 150
    assert sum(w[1] == "accuracy" for w in WRONG) >= 10
