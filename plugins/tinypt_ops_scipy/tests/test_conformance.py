"""The conformance kit on every operator of this distribution."""

import pytest
from tinypt_core import registry
from tinypt_core.testing import check_op

MINE = [c for c in registry.candidates() if c.distribution == "tinypt-ops-scipy"]
NAMES = sorted({c.target: c.name for c in MINE}.values())  # an alias is the same operator
NAMES.remove("scipy.linalg.logm")  # SciPy takes milliseconds; see test_linalg_closed_forms


@pytest.mark.parametrize("name", NAMES)
def test_conformance(name):
    check_op(registry.get(f"tinypt-ops-scipy:{name}"), order=2)
