"""Where a mistake in somebody's code stands: its file and line."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator


def where(error: BaseException, target: str) -> str:
    """ " (my_ops/trig.py, line 3)", as far as it can be told; target: what was being loaded."""
    place = _in_traceback(error, target) or _of_definition(target)
    return f" ({place})" if place else ""


def _in_traceback(error: BaseException, target: str) -> str:
    """The last line of the plugin's own that was running, or else of anybody's but ours."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno}"
    top = _module(target).partition(".")[0]
    own, others = "", ""
    for file, line, module in _steps(error):
        maker = module.partition(".")[0]
        if maker == top:
            own = f"{file}, line {line}"
        elif maker not in ("importlib", "tinypt_core"):
            others = f"{file}, line {line}"
    return own or others


def _steps(error: BaseException) -> Iterator[tuple[str, int, str]]:
    """File, line and module of what was running; the module `traceback` costs an import."""
    step = error.__traceback__
    while step is not None:
        frame = step.tb_frame
        yield frame.f_code.co_filename, step.tb_lineno, str(frame.f_globals.get("__name__", ""))
        step = step.tb_next


def _of_definition(target: str) -> str:
    """The line that defines what the target names; the file alone if it has none."""
    file = str(getattr(sys.modules.get(_module(target)), "__file__", None) or "")
    name = target.partition(":")[2].partition("[")[0].strip()
    if not file.endswith(".py"):
        return file
    try:
        with open(file, encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                if name and re.match(rf"(class|def|async def)\s+{re.escape(name)}\b", line):
                    return f"{file}, line {number}"
    except (OSError, UnicodeDecodeError):
        pass
    return file


def _module(target: str) -> str:
    return target.partition(":")[0].strip()
