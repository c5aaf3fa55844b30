"""A fresh virtual environment, for tests that install and use real packages."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest


class Environment:
    """A virtual environment, and nothing from outside it."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=True)
        self.programs = folder / ("Scripts" if sys.platform == "win32" else "bin")

    def _path(self) -> str:
        return os.pathsep.join([str(self.programs), os.environ.get("PATH", "")])

    def run(self, *command: str, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one of its programs; a failure shows all that it printed."""
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "TINYPT_"))}
        done = subprocess.run(
            [str(self.programs / command[0]), *command[1:]],
            cwd=cwd,
            env=keep | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PATH": self._path()},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if check and done.returncode:
            pytest.fail(f"{' '.join(command)} gave {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def shell(self, commands: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run lines of a shell, as in an activated environment; the first failure ends them."""
        return self.run("/bin/bash", "-ec", commands, cwd=cwd)

    def pip(self, *arguments: str, cwd: Path) -> None:
        """Run its pip."""
        self.run("python", "-m", "pip", "-q", *arguments, cwd=cwd)
