"""Pictures as files: which program draws them, and for how long it may try.

The built-in layout gives everything its place, and SVG is written right here. For pixels and PDF,
and for SVG if one is named, a program draws: the one that was named (or TINYPT_DOT), `dot` on the
PATH, the one that pip install "tinypt-viz[render]" brings. No shell runs: a file name is never
part of a command.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from tinypt_core import Graph, TinyptError, graph
from tinypt_viz import _core, svg
from tinypt_viz.dot import Source, get_dot_graph
from tinypt_viz.files import Picture, checked, write
from tinypt_viz.html import to_html
from tinypt_viz.options import Options, read
from tinypt_viz.scene_dot import scene_dot
from tinypt_viz.styles import scene

#: how the bytes of each format begin, which is how a broken program is told
_BEGINS = {"svg": b"<", "png": b"\x89PNG", "pdf": b"%PDF", "jpg": b"\xff\xd8"}
FORMATS = ("svg", "png", "pdf", "jpg", "jpeg", "html", "dot", "gv")
BUILT_IN = "built-in"

_SECONDS = 3.0
_RASTER = 4  #: how many times longer a picture of pixels may take


class RenderError(TinyptError, RuntimeError):
    """No program here can make the picture; the message says what to install."""


def plot_dot_graph(
    output: Source,
    verbose: bool = True,
    to_file: str | os.PathLike[str] = "graph.png",
    *,
    program: str | os.PathLike[str] | None = None,
    time_limit: float = _SECONDS,
    **options: Any,
) -> Path:
    """Draw the graph behind a Variable (or several, or a Graph) into a file; returns its path,
    which a notebook shows as the picture.

    to_file: the ending tells the format: svg, png, pdf, jpg, html (see `to_html`), dot (text), or
    what a plugin's `tinypt_draw` knows. It is written at once or not at all.
    verbose: add shapes, dtypes, parameters. options: see `Options`; a graph of more than 300
    nodes is folded, and the picture says what is hidden.
    program: a `dot` to draw with, or "built-in"; TINYPT_DOT sets it for all pictures. SVG needs
    none. time_limit: the seconds that it may take (four times that for pixels).

    Raises ValueError for another format, FileNotFoundError if the folder does not exist, and
    RenderError, which says what to install, if no program here makes the format.

    >>> import numpy as np, tempfile
    >>> from tinypt_core import Variable
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     plot_dot_graph(Variable(np.array(1.0), name="x"), to_file=folder + "/x.svg").name
    'x.svg'
    """
    asked = {"verbose": verbose, **options}
    if ending(to_file) not in FORMATS and _drawn_by_plugin(output, to_file, asked):
        return Path(to_file)
    path, kind = _target(to_file)
    if kind == "html":
        return to_html(output, path, verbose, **options)
    o = read(verbose, **options)
    g = output if isinstance(output, Graph) else graph(output)
    write(path, picture(g, o, kind, program, time_limit))
    return Picture(path)


def picture(
    g: Graph,
    o: Options,
    kind: str,
    program: str | os.PathLike[str] | None = None,
    time_limit: float = _SECONDS,
) -> bytes:
    """A Graph in one of the formats, folded as the options say."""
    if kind in ("dot", "gv"):
        return get_dot_graph(g, **vars(o)).encode()
    asked = program or os.environ.get("TINYPT_DOT") or None
    made = scene(g, o)
    place = made.laid_out()
    tried: list[str] = []
    if asked != BUILT_IN and (kind != "svg" or asked):
        text = scene_dot(made, place)
        for found in _programs(program, tried):
            drawn = _draw(text, kind, found, time_limit, tried)
            if drawn is not None:
                return drawn
    if kind == "svg":
        return svg.drawn(made, place).encode()
    raise RenderError(_how_to_install(kind, tried))


def _drawn_by_plugin(output: Any, to_file: Any, options: dict[str, Any]) -> bool:
    """Whether a plugin's `tinypt_draw` knows a format that is none of ours."""
    where = {"output": output, "to_file": os.fspath(to_file), "options": options}
    return bool(_core.plugins("tinypt_draw", **where))


def ending(to_file: str | os.PathLike[str]) -> str:
    """The format that a file name asks for, in lower case; "" for none."""
    return Path(to_file).suffix[1:].lower()


def _target(to_file: str | os.PathLike[str]) -> tuple[Path, str]:
    path = Path(to_file)
    kind = ending(path)
    if kind not in FORMATS:
        found = f"ends in {path.suffix!r}" if kind else "has no ending"
        raise ValueError(f"{str(path)!r} {found}; it must end in .{', .'.join(FORMATS)}")
    return checked(path), "jpg" if kind == "jpeg" else kind


# -- programs -------------------------------------------------------------------------------------


def _programs(program: str | os.PathLike[str] | None, tried: list[str]) -> Iterator[str]:
    """The programs that are there, in the order of preference."""
    if program is not None:
        found = shutil.which(os.fspath(program))
        if found is None:
            raise RenderError(f"program={str(program)!r} is not a program that can be run")
        yield found
        return
    named = os.environ.get("TINYPT_DOT")
    if named and (found := shutil.which(named)) is None:
        tried.append(f"TINYPT_DOT={named} is not a program that can be run")
    elif named:
        yield str(found)
    if (found := shutil.which("dot")) is not None:
        yield found
    if (found := _embedded()) is not None:
        yield found


def _embedded() -> str | None:
    """The program that comes with the extra [render]; it need not be on the PATH."""
    try:
        files = distribution("graphviz-pure").files or []
    except PackageNotFoundError:
        return None
    programs = (file.locate() for file in files if file.stem == "graphviz-pure")
    return next((str(p) for p in programs if os.access(str(p), os.X_OK)), None)


def _draw(text: str, kind: str, program: str, time_limit: float, tried: list[str]) -> bytes | None:
    """What the program draws, at the places that the built-in layout has given everything."""
    name = Path(program).name
    seconds = time_limit if kind == "svg" else _RASTER * time_limit
    try:
        return _run([program, "-Kneato", "-n2", f"-T{kind}"], text, kind, seconds)
    except subprocess.TimeoutExpired:
        tried.append(f"{name} took longer than {seconds:g} s")
    except (OSError, ValueError) as error:
        tried.append(f"{name}: {error}")
    return None


def _run(command: list[str], text: str, kind: str, seconds: float) -> bytes:
    done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=seconds)
    if done.returncode or not done.stdout.lstrip().startswith(_BEGINS[kind]):
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise ValueError(said[0] if said else f"it made no {kind} (exit code {done.returncode})")
    return done.stdout


def _how_to_install(kind: str, tried: list[str]) -> str:
    extra = 'pip install "tinypt-viz[render]"'
    pip = f"{extra} (png and jpg, not pdf)" if kind == "pdf" else extra
    reasons = f" ({'; '.join(tried)})" if tried else ""
    return (
        f"no program here makes {kind}{reasons}. Install Graphviz:\n"
        f"  Debian, Ubuntu: sudo apt install graphviz\n"
        f"  macOS:          brew install graphviz\n"
        f"  Windows:        winget install graphviz\n"
        f"  conda:          conda install -c conda-forge graphviz\n"
        f"  pip:            {pip}\n"
        f"or write .svg, which needs no program."
    )
