"""Run the programs of examples/tutorial; put them, what they print and draw into the tutorial.

python docs/generate_tutorial.py

In a page, what stands between `<!-- stepNN_name -->` and `<!-- /stepNN_name -->` is written here;
the rest is prose. The pictures lie in docs/pictures/tutorial. docs/zh/words.json has the comments
of the programs in Chinese.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAMS = sorted((ROOT / "examples/tutorial").glob("step*.py"))
PAGES = (ROOT / "docs/tutorial.md", ROOT / "docs/zh/tutorial.md")
WORDS: dict[str, str] = json.loads((ROOT / "docs/zh/words.json").read_text("utf-8"))
PICTURES = ROOT / "docs/pictures/tutorial"


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """The working directory, for as long as the block runs."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def run(program: Path, folder: Path) -> str:
    """What a program prints; what it draws lies in the folder then."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    mpl.use("Agg")
    settings = {"svg.hashsalt": "tinypt", "svg.fonttype": "none"}  # the same in each run, and small
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    printed = io.StringIO()
    with inside(folder), contextlib.redirect_stdout(printed), mpl.rc_context(settings):
        runpy.run_path(str(program), run_name="__main__")
        plt.close("all")
    return printed.getvalue()


def block(program: Path, printed: str) -> str:
    """A program, without the sentence that its heading says, and what it prints."""
    code = re.sub(r'^""".*?"""\n+', "", program.read_text("utf-8"), flags=re.S)
    text = f"\n\n```python\n# {program.name}\n{code}```\n\n"
    return text + (f"```text\n{printed}```\n\n" if printed else "")


def translated(text: str, page: Path) -> str:
    """The comments in the language of the page."""
    for english, chinese in WORDS.items() if page.parent.name == "zh" else ():
        text = text.replace(english, chinese)
    return text


def between(name: str) -> re.Pattern[str]:
    """What a page says between the two marks of a program."""
    return re.compile(f"(?<=<!-- {name} -->).*?(?=<!-- /{name} -->)", re.S)


def main() -> None:
    """Write both pages."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    blocks = {p.stem: block(p, run(p, PICTURES)) for p in PROGRAMS}
    for page in PAGES:
        text = page.read_text("utf-8")
        for name, new in blocks.items():
            words = translated(new, page)
            text, found = between(name).subn(lambda _, words=words: words, text)  # type: ignore[misc]
            if found != 1:
                raise SystemExit(f"{page} has {found} places for {name}, where it should have one")
        page.write_text(text, "utf-8", newline="\n")
        print(page)


if __name__ == "__main__":
    main()
