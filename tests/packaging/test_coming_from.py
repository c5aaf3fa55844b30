"""Both sides of the pages for people who come from elsewhere run, and print what they promise."""

import contextlib
import io
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
#: page -> the peer's name in its blocks, and the module that is it
PEERS = {
    "pytorch": ("PyTorch", "torch"),
    "jax": ("JAX", "jax"),
    "autograd": ("autograd", "autograd"),
    "mygrad": ("MyGrad", "mygrad"),
    "dezero": ("DeZero", "dezero"),
}


def blocks(page, who):
    """The code of one side, and what it promises to print."""
    text = (ROOT / f"docs/coming-from/{page}.md").read_text("utf-8")
    found = re.findall(rf"```python\n# {who}\n(.*?)```", text, re.S)
    code = "".join(found)
    return code, re.findall(r"print\(.*\)  # (.*)", code), len(found)


def printed_by(code, page):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, page, "exec"), {"__name__": page})
    return printed.getvalue().splitlines()


@pytest.mark.parametrize("page", PEERS)
def test_our_side(page):
    code, promised, _ = blocks(page, "tinypt")
    printed = printed_by(code, page)
    assert [line for line in promised if line not in printed] == []
    assert len(promised) >= 5


@pytest.mark.slow
@pytest.mark.parametrize("page", PEERS)
def test_their_side(page, monkeypatch):
    monkeypatch.setattr(np, "int", int, raising=False)  # DeZero asks NumPy for it
    who, module = PEERS[page]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip(module)
        code, promised, _ = blocks(page, who)
        assert printed_by(code, page) == promised


@pytest.mark.parametrize("page", PEERS)
def test_every_block_has_its_counterpart_that_promises_the_same(page):
    (_, theirs, n), (_, ours, m) = blocks(page, PEERS[page][0]), blocks(page, "tinypt")
    text = (ROOT / f"docs/coming-from/{page}.md").read_text("utf-8")
    assert n == m == text.count("```python\n") / 2
    assert set(theirs) <= set(ours)
