"""Installed distributions made up for a test, and fresh interpreters that see them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

MakeDistribution = Callable[..., Path]
RunPython = Callable[..., "subprocess.CompletedProcess[str]"]

CUBE = """
from tinypt_core import Function

class Cube(Function):
    def forward(self, x):
        return x ** 3
    def backward(self, gy, x):
        return 3 * gy * x ** 2
"""


def _write_distribution(
    folder: Path,
    name: str,
    version: str = "1.0",
    *,
    ops: dict[str, str] | None = None,
    plugins: dict[str, str] | None = None,
    code: dict[str, str] | str | None = None,
    requires: tuple[str, ...] = (),
    metadata: str | bytes | None = None,
    entry_points: str | bytes | None = None,
) -> Path:
    """A distribution as pip leaves it. code: module -> source; a str is the module of its name."""
    module = name.replace("-", "_")
    info = folder / f"{module}-{version}.dist-info"
    info.mkdir(parents=True)
    if metadata is None:
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        metadata = "\n".join([*lines, *(f"Requires-Dist: {r}" for r in requires), "", ""])
    if entry_points is None:
        groups = {"tinypt.ops": ops or {}, "tinypt.plugins": plugins or {}}
        entry_points = "".join(
            f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in entries.items())
            for group, entries in groups.items()
            if entries
        )
    for file, text in (("METADATA", metadata), ("entry_points.txt", entry_points)):
        (info / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    sources = {module: code if code is not None else CUBE} if not isinstance(code, dict) else code
    for key, source in sources.items():
        path = folder / (key.replace(".", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source))
    return folder


@pytest.fixture
def fake_distribution(tmp_path: Path) -> MakeDistribution:
    """`fake_distribution("my-ops", ops={"cube": "my_ops:Cube"}, code=...)` -> its folder.

    All of a test's distributions share one folder, unless it gives `folder`. Without code, the
    module (my_ops) defines an operator Cube.
    """

    def make(
        name: str, version: str = "1.0", *, folder: Path | None = None, **parts: object
    ) -> Path:
        return _write_distribution(folder or tmp_path / "site", name, version, **parts)  # type: ignore[arg-type]

    return make


@pytest.fixture
def run_python(tmp_path: Path) -> RunPython:
    """`run_python(code, *folders, env={...})`: a fresh interpreter with the folders on its path.

    Fails the test with everything it printed if the code fails; else gives the process.
    """

    def run(
        code: str, *folders: Path, env: dict[str, str] | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        variables = {k: v for k, v in os.environ.items() if not k.startswith("TINYPT_")}
        variables["PYTHONPATH"] = os.pathsep.join(map(str, folders))
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)],
            env=variables | (env or {}),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )
        if check and done.returncode:
            pytest.fail(f"{done.stdout}\n{done.stderr}")
        return done

    return run
