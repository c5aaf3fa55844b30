"""What the README and the pages show runs, and prints what they say it prints."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    "README.md", "README.zh-CN.md", "docs/index.md", "docs/tutorial.md", "docs/pictures.md",
    "docs/many-at-once.md", "docs/array-api.md", "docs/serious-plugin.md",
]  # fmt: skip


def programs(page):
    return "".join(re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), flags=re.S))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = programs(page)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, page, "exec"), {"__name__": page})
    promised = re.findall(r"print\(.*\)  # ([-\d.\[\] ]+\d\]?)", code)
    for value in promised:
        assert value in printed.getvalue(), value
    assert code.strip()


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_two_commands_stand_in_every_readme(page):
    text = (ROOT / page).read_text()
    assert "\npip install -r requirements.txt && python examples/quickstart.py\n" in text
    assert "\npip install -r requirements-dev.txt && pytest\n" in text
