"""The gallery in a browser: what a reader sees of every picture, in each theme."""

# ruff: noqa: E402, E501 (selenium is imported only where there is a browser; the script is one)

from __future__ import annotations

import os
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tinypt_viz.options import read
from tinypt_viz.svg import svg

from tinypt_core import Variable, graph
from tinypt_viz import to_html

CHROMIUM, CHROMEDRIVER = shutil.which("chromium"), shutil.which("chromedriver")
if not os.environ.get("CI"):
    pytest.importorskip("selenium")
    if not (CHROMIUM and CHROMEDRIVER):
        pytest.skip("needs chromium and chromedriver", allow_module_level=True)

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

MADE = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "generate_pictures.py"))
GALLERY = {name: one for name, one in MADE["GALLERY"].items() if not name.endswith("_dark")}
FLAGS = "--headless=new --no-sandbox --disable-gpu --no-first-run --window-size=1300,900"

#: what is wrong with a picture, found from the places that the browser gives everything
LOOK = r"""
const svg = arguments[0], found = [];
const box = (e) => e.getBoundingClientRect();
const texts = [...svg.querySelectorAll("text")].filter((t) => !t.getAttribute("transform"));
const paper = svg.querySelector(".paper").getAttribute("fill");
const overlap = (a, b, by = 1) => a.left < b.right - by && b.left < a.right - by && a.top < b.bottom - by && b.top < a.bottom - by;
const tight = (t) => { const r = box(t), s = parseFloat(t.getAttribute("font-size")); const m = (r.top + r.bottom) / 2;
  return { left: r.left, right: r.right, top: m - s * 0.42, bottom: m + s * 0.38 }; };
const spots = texts.map(tight);
spots.forEach((a, i) => spots.slice(i + 1).forEach((b, k) => { if (overlap(a, b)) found.push(`text over text: ${texts[i].textContent} | ${texts[i + 1 + k].textContent}`); }));
const nodes = [...svg.querySelectorAll(".node")];
const shapes = nodes.map((n) => box(n.querySelector("rect, ellipse")));
nodes.forEach((n, i) => {
  if (n.querySelector("ellipse") && !n.querySelector("text") && shapes[i].width > 10) found.push(`unlabelled ellipse ${n.id}`);
  for (const t of n.querySelectorAll("text")) if (box(t).width > shapes[i].width + 1) found.push(`text wider than its node: ${t.textContent}`);
});
const at = svg.createSVGPoint(), matrix = svg.getScreenCTM();
for (const edge of svg.querySelectorAll("path.edge:not(.turn)")) {
  const length = edge.getTotalLength();
  for (let k = 2; k < length - 2; k += 2) {
    const p = edge.getPointAtLength(k).matrixTransform(matrix);
    spots.forEach((s, i) => { if (p.x > s.left + 1 && p.x < s.right - 1 && p.y > s.top + 1 && p.y < s.bottom - 1) found.push(`edge ${edge.id} cuts ${texts[i].textContent}`); });
  }
}
const frames = [...svg.querySelectorAll(".frame")].map((f) => [...f.querySelectorAll(":scope > rect")].find((r) => r.getAttribute("rx") === "12" && r.nextElementSibling?.tagName !== "rect") || f.querySelector("rect")).map(box);
const cuts = (f, r) => overlap(f, r) && !(r.left >= f.left - 1 && r.right <= f.right + 1 && r.top >= f.top - 1 && r.bottom <= f.bottom + 1);
frames.forEach((f) => shapes.forEach((s, i) => { if (cuts(f, s)) found.push(`a frame cuts ${nodes[i].id}`); }));
frames.forEach((f, i) => frames.forEach((g, k) => { if (i < k && cuts(f, g) && cuts(g, f)) found.push("a frame cuts a frame"); }));
const light = (c) => { const [r, g, b] = c.match(/[\d.]+/g).map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
const css = (e, key) => getComputedStyle(e)[key];
const ground = css(svg.querySelector(".paper"), "fill");
for (const t of svg.querySelectorAll("text")) {
  const own = t.closest(".node")?.querySelector("rect, ellipse");
  const badge = t.previousElementSibling?.tagName === "rect" && t.parentNode.classList.contains("frame") && t.textContent.startsWith("×") ? t.previousElementSibling : null;
  const c = contrast(css(t, "fill"), own || badge ? css(own || badge, "fill") : ground);
  if (c < 4.5) found.push(`contrast ${c.toFixed(2)} of ${t.textContent}`);
  if (parseFloat(css(t, "fontSize")) < 10) found.push(`small: ${t.textContent}`);
  if (/times/i.test(css(t, "fontFamily"))) found.push("Times");
}
for (const n of nodes) { const c = contrast(css(n.querySelector("rect, ellipse"), "stroke"), ground); if (c < 3) found.push(`outline ${c.toFixed(2)} of ${n.id}`); }
for (const thing of svg.querySelectorAll(".node, .edge, .frame")) if (!thing.id) found.push("no id");
if (new Set(nodes.map((n) => n.id)).size !== nodes.length) found.push("an id twice");
return [...new Set(found)];
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or "/usr/bin/chromium"
    for flag in [*FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(
        options=options, service=Service(CHROMEDRIVER or "/usr/bin/chromedriver")
    )
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def pictures() -> dict[str, tuple[Any, dict[str, Any]]]:
    """Each computation once, for all themes."""
    return {name: (graph(make()), options) for name, (make, options) in GALLERY.items()}


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_every_picture_can_be_read(browser: Any, pictures: Any, theme: str, tmp_path: Path) -> None:
    texts = [
        svg(g, read(**{**options, "theme": theme})).partition("\n")[2]
        for g, options in pictures.values()
    ]
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><meta charset=utf-8>" + "".join(texts), encoding="utf-8")
    browser.get(page.as_uri())
    found = browser.execute_script(
        f"const look = (...args) => {{ const f = function () {{ {LOOK} }}; return f(...args); }};"
        "return [...document.querySelectorAll('svg')].map((svg) => look(svg))"
    )
    wrong = {name: what for name, what in zip(pictures, found, strict=True) if what}
    assert wrong == {}


#: how a good picture is spoilt, and what must be found then
SPOILT = {
    "text over text": "const [a, b] = svg.querySelectorAll('.node text');"
    "for (const k of ['x', 'y']) a.setAttribute(k, b.getAttribute(k));",
    "cuts Tanh": "const t = svg.querySelector('.function text');"
    "svg.querySelector('.edge').setAttribute('d', `M0,${t.getAttribute('y') - 4}h400`);",
    "a frame cuts": "svg.querySelector('.frame > rect').setAttribute('height', 60);",
    "unlabelled": "svg.querySelector('.variable text').remove();"
    "svg.querySelector('.variable text')?.remove();",
    "contrast": "svg.querySelector('.variable text').setAttribute('fill', '#f0a040');",
    "outline": "svg.querySelector('.node ellipse').setAttribute('stroke', '#ffe0ad');",
    "Times": "svg.setAttribute('font-family', 'Times');",
    "small": "svg.querySelector('text').setAttribute('font-size', 9);",
    "no id": "svg.querySelector('.edge').removeAttribute('id');",
}


def test_the_checks_find_what_is_wrong(browser: Any, pictures: Any, tmp_path: Path) -> None:
    g, options = pictures["mlp_model"]
    page = tmp_path / "page.html"
    page.write_text(
        "<!DOCTYPE html><meta charset=utf-8>" + svg(g, read(**options)).partition("\n")[2]
    )
    for told, spoil in SPOILT.items():
        browser.get(page.as_uri())
        browser.execute_script(f"const svg = document.querySelector('svg'); {spoil}")
        found = browser.execute_script(LOOK, browser.find_element(By.CSS_SELECTOR, "svg"))
        assert any(told in one for one in found), (told, found)


# -- the step page ---------------------------------------------------------------------------------


@pytest.fixture
def circuit(browser: Any, tmp_path: Path) -> Any:
    to_html(MADE["recorded"](MADE["circuit"]), tmp_path / "steps.html", steps=True)
    browser.get((tmp_path / "steps.html").as_uri())
    return browser


def said(browser: Any) -> tuple[str, str]:
    head = browser.find_element(By.ID, "head").text
    return head, browser.find_element(By.ID, "lines").text


def press(browser: Any, *keys: str) -> None:
    ActionChains(browser).send_keys(*keys).perform()


def test_keys_play_the_passes_and_say_the_arithmetic(circuit: Any) -> None:
    assert said(circuit)[0] == "start"
    press(circuit, *[Keys.ARROW_RIGHT] * 3)
    assert said(circuit) == ("forward 3 of 8", "(−2) + 6 = 4")
    assert circuit.current_url.endswith("#step=3")
    press(circuit, Keys.END)
    head, lines = said(circuit)
    assert head == "backward 8 of 8"
    assert "w0: 0.1966 × (−1) = −0.1966" in lines
    press(circuit, Keys.ARROW_LEFT, Keys.HOME)
    assert said(circuit)[0] == "start"
    press(circuit, " ")
    assert circuit.find_element(By.ID, "play").get_attribute("aria-label") == "Pause"
    press(circuit, Keys.HOME)
    assert circuit.find_element(By.ID, "play").get_attribute("aria-label") == "Play"


def test_slider_buttons_address_and_what_is_heard(circuit: Any) -> None:
    slider = circuit.find_element(By.ID, "slider")
    assert (slider.get_attribute("min"), slider.get_attribute("max")) == ("0", "17")
    circuit.find_element(By.ID, "next").click()
    assert slider.get_attribute("value") == "1"
    assert slider.get_attribute("aria-valuetext") == "forward 1 of 8: w0·x0"
    circuit.execute_script(
        "arguments[0].value = 9; arguments[0].dispatchEvent(new Event('input'))", slider
    )
    assert said(circuit)[0] == "the seed"
    status = circuit.find_element(By.ID, "said")
    assert (status.get_attribute("role"), status.get_attribute("aria-live")) == ("status", "polite")
    circuit.execute_script("location.hash = '#step=13'")
    circuit.refresh()
    assert said(circuit) == (
        "backward 4 of 8",
        "Negated.\nw0·x0 + w1·x1 + w2: −0.1966 × (−1) = 0.1966",
    )
    marked = circuit.find_elements(By.CSS_SELECTOR, ".now")
    assert [m.text for m in marked] == ["−( )"]
    shown = [t.text for t in circuit.find_elements(By.CSS_SELECTOR, "text.gradient:not(.hidden)")]
    assert "−0.5344" in shown
    assert circuit.find_elements(By.CSS_SELECTOR, "text.gradient.hidden")
    assert circuit.get_log("browser") == []


def test_no_motion_no_request_and_a_small_page(browser: Any, tmp_path: Path) -> None:
    y = MADE["recorded"](MADE["goldstein_price"])
    path = to_html(y, tmp_path / "g.html", steps=True)
    operators = sum(node.kind == "function" for node in graph(y).nodes)
    assert path.stat().st_size < 30_000 + 3_000 * operators
    text = path.read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    media = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.get(path.as_uri())
    node = browser.find_element(By.CSS_SELECTOR, ".node")
    assert node.value_of_css_property("transition-duration") in ("0s", "0s, 0s")
    asked = browser.execute_script("return performance.getEntriesByType('resource').length")
    assert asked == 0
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_hostile_names_are_text_on_the_step_page(browser: Any, tmp_path: Path) -> None:
    import numpy as np

    name = "</script><script>document.title = 'caught'</script>"
    path = to_html(Variable(np.array(2.0), name) * 3, tmp_path / "h.html", steps=True)
    browser.get(path.as_uri())
    assert browser.title != "caught"
    assert "no gradients were recorded" in browser.find_element(By.TAG_NAME, "svg").text


def test_the_page_to_explore_draws_what_the_layout_placed(browser: Any, tmp_path: Path) -> None:
    """No frame cuts a node; also after one was folded and unfolded again."""
    browser.get(to_html(MADE["lstm"](1), tmp_path / "lstm.html").as_uri())
    look = """
    const box = (e) => e.getBoundingClientRect();
    const nodes = [...document.querySelectorAll("#nodes .node .shape")].map(box);
    const frames = [...document.querySelectorAll("#frames .placed rect")].map(box);
    const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
    const within = (a, b) => a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
    const over = nodes.filter((a, i) => nodes.some((b, k) => i < k && !apart(a, b))).length;
    const cut = frames.filter((f) => nodes.some((n) => !apart(n, f) && !within(n, f))).length;
    return [nodes.length, frames.length, over, cut];
    """
    count = len(graph(MADE["lstm"](1)).nodes)
    assert browser.execute_script(look) == [count, 5, 0, 0]
    browser.find_element(By.ID, "fold-all").click()
    assert browser.execute_script(look)[:2] != [count, 5]
    browser.find_element(By.ID, "unfold-all").click()
    assert browser.execute_script(look) == [count, 5, 0, 0]
