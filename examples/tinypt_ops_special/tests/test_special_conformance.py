"""The conformance kit on every operator of this distribution: two lines."""

import pytest
from tinypt_core import registry
from tinypt_core.testing import check_op

NAMES = [r.name for r in registry.candidates() if r.distribution == "tinypt-ops-special"]


@pytest.mark.parametrize("name", NAMES)
def test_conformance(name):
    check_op(registry.get(f"tinypt-ops-special:{name}"))
