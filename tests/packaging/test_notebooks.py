"""The notebooks are made from their pages, and run from top to bottom."""

import sys
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))
import generate_notebooks as notebooks  # noqa: E402

sys.path.pop(0)


@pytest.mark.parametrize("name", notebooks.NOTEBOOKS)
def test_a_notebook_is_that_of_its_page(name):
    written = (ROOT / f"notebooks/{name}.ipynb").read_text("utf-8")
    assert written == notebooks.text(name), "run python docs/generate_notebooks.py"


def run(name, folder):
    """The notebook, with what its cells gave."""
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    book = nbformat.reads(notebooks.text(name), as_version=4)
    settings = {"resources": {"metadata": {"path": str(folder)}}, "kernel_name": "python3"}
    nbclient.NotebookClient(book, timeout=300, **settings).execute()
    return book


@pytest.mark.slow
@pytest.mark.parametrize(("name", "pictures"), [("quickstart", 1), ("tutorial", 8)])
def test_a_notebook_runs_with_pictures_and_steps_inline(name, pictures, tmp_path, monkeypatch):
    monkeypatch.delenv("MPLBACKEND", raising=False)  # a notebook's own shows pictures inline
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the notebook's own machinery
        book = run(name, tmp_path)
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    kinds = [kind for output in outputs for kind in output.get("data", {})]
    assert kinds.count("image/svg+xml") + kinds.count("image/png") >= pictures
    assert sum("srcdoc" in output.get("data", {}).get("text/html", "") for output in outputs) == 1
    errors = [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
    assert errors == []
