"""The tutorial shows programs as they stand, and what they print and draw, in two languages."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))
import generate_tutorial as tutorial  # noqa: E402

sys.path.pop(0)

ENGLISH, CHINESE = (page.read_text("utf-8") for page in tutorial.PAGES)
NUMBER = re.compile(r"-?\d[\d,]*\.?\d*(?:e[-+]\d+)?")
#: what the machine has a say in: random sums of a network, bytes
UPDATE = "run python docs/generate_tutorial.py"
RELATIVE = {"step24_memory": 0.3, "step25_digits": 0.03}


def numbers(text):
    return [float(found.replace(",", "").rstrip(".")) for found in NUMBER.findall(text)]


@pytest.mark.parametrize("program", tutorial.PROGRAMS, ids=lambda p: p.stem)
def test_what_the_page_shows_is_what_a_program_does(program, tmp_path):
    printed = tutorial.run(program, tmp_path)
    for page in tutorial.PAGES:
        (shown,) = tutorial.between(program.stem).findall(page.read_text("utf-8"))
        expected = tutorial.translated(tutorial.block(program, printed), page)
        assert NUMBER.sub("0", shown) == NUMBER.sub("0", expected), UPDATE
        relative = RELATIVE.get(program.stem, 1e-6)
        assert numbers(shown) == pytest.approx(numbers(expected), rel=relative, abs=1e-9)
    for drawn in tmp_path.iterdir():
        kept, new = (f.read_text("utf-8") for f in (tutorial.PICTURES / drawn.name, drawn))
        assert kept == new or "matplotlib" in new, f"{drawn.name}: {UPDATE}"


@pytest.mark.parametrize("program", tutorial.PROGRAMS, ids=lambda p: p.stem)
def test_a_program_can_be_read_at_a_glance(program):
    assert len(program.read_text("utf-8").splitlines()) <= 70


def test_the_page_shows_every_picture():
    shown = set(re.findall(r"\]\(pictures/tutorial/(.*?)\)", ENGLISH))
    assert shown == {p.name for p in tutorial.PICTURES.iterdir()}


def outline(page):
    """What both languages share: levels of headings, code, pictures."""
    code = re.findall(r"```\w+\n.*?```", page, re.S)
    prose = re.sub(r"```\w+\n.*?```", "", page, flags=re.S)
    levels = re.findall(r"^(#+) (\d*)", prose, re.M)
    pictures = re.findall(r"\]\((?:\.\./)?(pictures/\S+?)\)", prose)
    return levels, code, pictures


def test_both_languages_have_the_same_headings_code_and_pictures():
    levels, code, pictures = outline(ENGLISH)
    code = [tutorial.translated(c, tutorial.PAGES[1]) for c in code]
    assert outline(CHINESE) == (levels, code, pictures)


def test_comments_are_chinese_in_chinese():
    programs = "".join(re.findall(r"```python\n(.*?)```", CHINESE, re.S))
    comments = re.findall(r"# (?!type: )(.*)", programs) + re.findall(
        r'"""(.*?)"""', programs, re.S
    )
    assert len(comments) >= len(tutorial.WORDS)
    assert [
        c for c in comments if not re.search(r"[\u4e00-\u9fff]|^(step.*py|dy/dy|8x³ .*)$", c)
    ] == []


def test_no_english_sentence_is_left_in_chinese():
    prose = re.sub(r"```\w+\n.*?```|`[^`]*`|\]\(.*?\)|<!--.*?-->", "", CHINESE, flags=re.S)
    assert not re.findall(r"[A-Za-z']+(?: [A-Za-z']+){2,}", re.sub(r"<iframe.*?>", "", prose))
    for term in ("计算图", "反向传播", "自动微分", "高阶导数", "算子", "入口点"):
        assert term in CHINESE
