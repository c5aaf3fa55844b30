"""The author's guide is true: its programs run, and its errors are the errors that come."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from tinypt_core._cli import new as _new
from tinypt_core.cli import main

import tinypt_core
from tinypt_core import registry

pytest.importorskip("scipy")
DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "plugin-authors.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(python|text)\n(.*?)```", re.S)


def outcome(code: str, space: dict[str, object]) -> str:
    """What a program prints, or the error it ends in."""
    printed = io.StringIO()
    try:
        with redirect_stdout(printed):
            exec(compile(code, "guide", "exec"), space)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return printed.getvalue()


def matches(expected: str, got: str) -> bool:
    """Whether they agree, spaces and line breaks aside; "..." stands for anything."""
    parts = [re.escape(" ".join(part.split())) for part in expected.split("...")]
    return re.fullmatch(r"\s?.*?\s?".join(parts), " ".join(got.split()), re.S) is not None


def test_every_program_does_what_the_guide_says() -> None:
    space: dict[str, object] = {"__name__": "guide"}
    blocks = BLOCK.findall(GUIDE)
    compared = 0
    for i, (kind, code) in enumerate(blocks):
        if kind != "python":
            continue
        got = outcome(code, space)
        following = blocks[i + 1] if i + 1 < len(blocks) else ("", "")
        expected = following[1] if following[0] == "text" else ""
        assert matches(expected, got), f"{code}\nexpected: {expected}\ngot: {got}"
        compared += bool(expected)
    assert compared >= 10


def test_a_wrong_expectation_is_noticed() -> None:
    assert matches("ValueError: no ... here", "ValueError: no\n  bread\n  here")
    assert not matches("ValueError: no ... here", "ValueError: no bread")
    assert not matches("", "TypeError: oops")


def test_every_link_leads_somewhere() -> None:
    headings = re.findall(r"^#+ (.*)$", GUIDE, re.M)
    anchors = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}
    for target in re.findall(r"\]\(([^)]+)\)", GUIDE):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        else:
            assert (DOCS / target).exists(), target


def test_the_names_it_mentions_exist() -> None:
    for command in re.findall(r"^tinypt (\w+)", GUIDE, re.M):
        assert command in main.commands, command
    for error in set(re.findall(r"`(\w+Error)`", GUIDE)) - {"ValueError", "TypeError"}:
        assert hasattr(tinypt_core, error), error
    for license in re.findall(r"--license (\S+), (\S+), (\S+) or (\S+)\)", GUIDE)[0]:
        assert license in _new.LICENSES
    for name in re.findall(r"registry\.(\w+)\(", GUIDE):
        assert hasattr(registry, name), name


def test_its_hooks_work(fake_distribution: Any, run_python: Any, tmp_path: Path) -> None:
    (hooks,) = [code for _, code in BLOCK.findall(GUIDE) if "# my_ops/hooks.py" in code]
    (observer,) = [code for _, code in BLOCK.findall(GUIDE) if "class CountCalls" in code]
    imports = "import numpy as np\nfrom tinypt_core import Function\n"
    fake_distribution("my-ops", plugins={"my-ops": "my_ops"}, code=imports + hooks + observer)
    program = """
        import numpy as np
        from tinypt_core import Variable, ops, registry
        from tinypt_core.testing import check_op
        check_op(ops.softplus3)
        x = Variable(np.array(0.0))
        import my_ops
        before = dict(my_ops.counts.calls)
        ops.softplus2(x).backward()
        changed = {k: v - before.get(k, 0) for k, v in my_ops.counts.calls.items()}
        assert changed["Power", "forward"] == changed["Power", "backward"] == 1
        assert ops.softplus2.provider == "my-ops 1.0"
        from tinypt_core.cli import main
        main(["softplus-table"])
    """
    lines = run_python(program, tmp_path / "site").stdout.splitlines()
    assert len(lines) == 7
    assert lines[3].startswith("0 0.693")
