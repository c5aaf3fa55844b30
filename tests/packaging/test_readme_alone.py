"""A stranger with nothing but README.md: install, example, picture, an operator of their own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from environment import Environment

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LEFT_OUT = (".git*", ".*_cache", "__pycache__", "site", "output", "dist", ".hypothesis")

pytestmark = pytest.mark.slow


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> tuple[Environment, Path]:
    """An empty environment, and a checkout beside it."""
    work = tmp_path_factory.mktemp("stranger")
    shutil.copytree(ROOT, work / "tinypt", ignore=shutil.ignore_patterns(*LEFT_OUT))
    environment = Environment(work / "venv")
    reached = environment.run("pip", "download", "--no-deps", "-q", "pluggy", cwd=work, check=False)
    if reached.returncode:
        pytest.skip(f"pip reaches no package index: {reached.stderr[-200:]}")
    return environment, work / "tinypt"


def shell(stranger: tuple[Environment, Path], commands: str) -> str:
    """What a block of the README prints."""
    environment, checkout = stranger
    return environment.shell(commands, cwd=checkout).stdout


def test_an_operator_of_ones_own_to_green(stranger: tuple[Environment, Path]) -> None:
    (block,) = [b for b in blocks("sh") if "tinypt new" in b]
    printed = shell(stranger, block)
    assert "1 passed" in printed
    assert "1 operator checked, 0 failed" in printed


def test_install_example_and_picture(stranger: tuple[Environment, Path]) -> None:
    environment, checkout = stranger
    (block,) = [b for b in blocks("sh") if "quickstart.py" in b]
    quick = re.search(r"`(--iterations \d+ --epochs \d+)` for a quick look", README)
    assert quick
    printed = shell(stranger, f"{block.rstrip()} {quick[1]}\n")
    assert "Goldstein-Price at (1, 1): 1876.0, gradient (-5376.0, 8064.0)" in printed
    assert list((checkout / "output").glob("*.svg"))
    (program,) = blocks("python")
    (draw,) = re.findall(r"`(plot_dot_graph\(.*?\))`", README)
    (page,) = re.findall(r"`(to_html\(.*?\))`", README)
    code = f"{program}\nfrom tinypt_viz import plot_dot_graph, to_html\n{draw}\n{page}\n"
    assert (
        environment.run("python", "-c", code, cwd=checkout).stdout.split()[0]
        == "2.2373281197977843"
    )
    assert (checkout / "y.svg").stat().st_size > 1000
    assert (checkout / "y.html").stat().st_size > 10_000
