"""A Scene as DOT text: to lay out by `dot`, or with the places of the built-in layout.

With places, `neato -n2` draws the very picture that SVG shows, as far as DOT has means for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tinypt_viz.dot import quote, quote_tip
from tinypt_viz.layout import Layout, Path, Point
from tinypt_viz.scene import Box, Item, Scene, Text
from tinypt_viz.svg import way_of

_FONT = "Helvetica,Arial,sans-serif"
_DOTS = 72.0  #: points to an inch


def scene_dot(s: Scene, place: Layout | None = None) -> str:
    """The DOT text of a scene."""
    return "digraph g {\n" + "".join(_free(s) if place is None else _placed(s, place)) + "}\n"


def _head(s: Scene) -> Iterator[str]:
    p = s.palette
    yield f'graph [bgcolor="{p.paper}", fontname="{_FONT}", fontcolor="{p.second}", pad=0.3]\n'
    yield f'node [fontname="{_FONT}", fontcolor="{p.ink}", style=filled, margin="0.1,0.04"]\n'
    yield f'edge [color="{p.edge}", fontname="{_FONT}", arrowsize=0.7, arrowhead=vee]\n'


# -- for dot to lay out ---------------------------------------------------------------------------


def _free(s: Scene) -> Iterator[str]:
    yield from _head(s)
    if s.rankdir != "TB":
        yield f"rankdir={s.rankdir}\n"
    notes = [*(text for text, _ in s.legend), *s.notes]
    if notes:
        yield f"label={quote(chr(10).join(notes))}\n"
    inside: dict[Path, list[str]] = {(): []}
    for id in s.items:
        inside.setdefault(s.paths.get(id, ()), []).append(id)
    for path, ids in inside.items():
        for depth in range(1, len(path) + 1):
            frame = s.frames[path[:depth]]
            title = " ".join(part for part in (frame.title, frame.badge) if part)
            yield f"subgraph cluster_{frame.id} {{\nlabel={quote(title)}, style=rounded\n"
        for id in ids:
            yield from _item(s.items[id], s)
        yield "}\n" * len(path)
    for wire, look in zip(s.wires, s.looks, strict=True):
        text = f", label={quote(look.text)}" if look.text else ""
        paint = f'color="{look.colour}", penwidth={look.width:.2g}{text}'
        yield f"{wire.source} -> {wire.target} [{paint}]\n"
    for frame in s.frames.values():
        for source, target, _, name in frame.turns:
            text = quote(f"{name} → next turn".lstrip())
            yield f"{source} -> {target} [style=dashed, constraint=false, label={text}]\n"


def _item(item: Item, s: Scene) -> Iterator[str]:
    main, *others = item.boxes
    texts = [t for t in item.texts if t.kind in ("caption", "value", "gradient")]
    yield f"{main.id} [{_look(main, [*main.texts, *texts])}]\n"
    for box in others:
        if box.form != "dot":
            yield f"{box.id} [{_look(box, box.texts)}]\n"
            yield f"{box.id} -> {main.id} [arrowhead=none]\n"


def _look(box: Box, texts: list[Text]) -> str:
    if box.form == "dot":
        return f'label="", shape=circle, width=0.12, fixedsize=true, {_paint(box)}'
    label = quote("\n".join(t.text for t in texts))
    size = f", fontsize={texts[0].size:g}" if texts else ""
    return f"label={label}{size}, {_paint(box)}"


def _paint(box: Box) -> str:
    shape = "ellipse" if box.form in ("ellipse", "dot") else "box"
    styles = ["filled", *(["rounded"] * (shape == "box")), *(["dashed"] * box.dashed)]
    tip = f", tooltip={quote_tip(box.tip)}" if box.tip else ""
    round_ = "" if box.form == "dot" else f"shape={shape}, "
    return f'{round_}style="{",".join(styles)}", fillcolor="{box.fill}", color="{box.line}"{tip}'


# -- with places ----------------------------------------------------------------------------------


def _placed(s: Scene, place: Layout) -> Iterator[str]:
    """y points up in DOT."""
    yield from _head(s)
    yield "splines=true\noutputorder=edgesfirst\n"
    yield f"_background={quote(''.join(_frames(s, place)))}\n"
    for id, item in s.items.items():
        x, y = place.centres[id]
        for box in item.boxes:
            yield f"{box.id} [{_look(box, box.texts)}, {_size(box)}, {_at(x + box.x, y + box.y)}]\n"
        for n, t in enumerate(item.texts):
            yield _word(f"t{n}_{id}", t, x, y, s)
    for i, (wire, look) in enumerate(zip(s.wires, s.looks, strict=True)):
        way = way_of(s, place, i)
        yield (
            f'{wire.source} -> {wire.target} [color="{look.colour}", penwidth={look.width:.2g}, '
            f"arrowsize={0.7 / max(look.width / 2.5, 1):.2g}, "
            f'pos="{_spline(way, s.sideways)}"]\n'
        )
    yield from _stubs(s, place)
    yield from _words(s, place)


def _size(box: Box) -> str:
    return f"width={box.w / _DOTS:.3f}, height={box.h / _DOTS:.3f}, fixedsize=true"


def _at(x: float, y: float) -> str:
    return f'pos="{x:.1f},{-y:.1f}"'


def _word(id: str, t: Text, x: float, y: float, s: Scene) -> str:
    shift = {"start": t.width / 2, "middle": 0.0, "end": -t.width / 2}[t.anchor]
    font = f', fontname="{_FONT} bold"' if t.bold else ""
    return (
        f'{id} [label={quote(t.text)}, shape=plaintext, style="", fontsize={t.size:g}{font}, '
        f'fontcolor="{getattr(s.palette, t.role)}", margin=0, '
        f"{_at(x + t.x + shift, y + t.y - t.size * 0.33)}]\n"
    )


def _spline(way: list[Point], sideways: bool, arrow: bool = True) -> str:
    """A wire as the control points of one spline; its end stops short of the arrow."""
    (x, y), (bx, by) = way[-1], way[-2]
    back = 7.0 if arrow else 0.0
    end = (
        (x - back if x > bx else x + back, y) if sideways else (x, y - back if y > by else y + back)
    )
    points = [*way[:-1], end]
    found = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        mx, my = (x0 + x1) / 2, (y0 + y1) / 2
        found += [(mx, y0), (mx, y1), (x1, y1)] if sideways else [(x0, my), (x1, my), (x1, y1)]
    text = " ".join(f"{a:.1f},{-b:.1f}" for a, b in found)
    return f"e,{x:.1f},{-y:.1f} {text}" if arrow else text


def _stubs(s: Scene, place: Layout) -> Iterator[str]:
    for id, item in s.items.items():
        x, y = place.centres[id]
        for n, (x0, y0, x1, y1, _, colour, width) in enumerate(item.stubs):
            spot = f"width=0.01, height=0.01, {_at(x + x0, y + y0)}"
            yield f'{id}_a{n} [style=invis, label="", {spot}]\n'
            line = _spline([(x + x0, y + y0), (x + x1, y + y1)], True, False)
            yield (
                f'{id}_a{n} -> {id} [arrowhead=none, color="{colour}", penwidth={width:.2g}, '
                f'pos="{line}"]\n'
            )


def _words(s: Scene, place: Layout) -> Iterator[str]:
    """Titles and badges of frames, and what stands below the picture."""
    for n, (path, look) in enumerate(s.frames.items()):
        if path in place.titles:
            x, y = place.titles[path]
            yield _word(f"w{n}", Text(look.title, 0, 0, 13, True, "second", "start"), x, y, s)
        if look.badge and path in place.frames:
            _, y0, x1, _ = place.frames[path]
            yield _word(
                f"b{n}", Text(look.badge, 0, 0, 13, True, "ink", "end"), x1 - 14, y0 + 20, s
            )
    y = place.height + 14
    texts = [*(text for text, _ in s.legend), *s.notes, *s.scale_title]
    for n, text in enumerate(filter(None, texts)):
        y += 17
        yield _word(f"n{n}", Text(text, 0, 0, 12, False, "second", "start"), 0, y, s)


def _frames(s: Scene, place: Layout) -> Iterator[str]:
    """Frames as drawing commands (the language of xdot): they lie behind everything."""
    for path, look in s.frames.items():
        if path not in place.frames:
            continue
        x0, y0, x1, y1 = place.frames[path]
        fill = s.palette.frame[1 - len(path) % 2]
        for k in (8, 4, 0) if look.badge else (0,):
            corners = [(x0 + k, y0 + k), (x1 + k, y0 + k), (x1 + k, y1 + k), (x0 + k, y1 + k)]
            points = " ".join(f"{x:.0f} {-y:.0f}" for x, y in corners)
            yield f"c 7 -{s.palette.frame[2]} C 7 -{fill} P 4 {points} "
        for line in place.turns.get(path, ()):
            points = " ".join(f"{x:.0f} {-y:.0f}" for x, y in line)
            yield f"c 7 -{s.palette.edge} S 6 -dashed L {len(line)} {points} S 5 -solid "
