"""The page in a real browser: headless Chromium, opened from disk."""

# ruff: noqa: E402 (selenium is imported only where there is a browser)

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tinypt_core import Function, Variable, ops
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

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1280,800"
)
BROWSERS_OWN = ("chrome:", "chrome-untrusted:")


class SlopeTanh(Function):
    """tanh with the textbook rule, so that its derivatives make a graph."""

    def forward(self, x: Any) -> Any:
        return np.tanh(x)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy * (1 - y * y)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or "/usr/bin/chromium"
    for flag in [*FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(
        options=options, service=Service(CHROMEDRIVER or "/usr/bin/chromedriver")
    )
    yield driver
    driver.quit()


class Page:
    """What a reader sees and does."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser

    def find(self, css: str) -> Any:
        return self.browser.find_element(By.CSS_SELECTOR, css)

    def all(self, css: str) -> list[Any]:
        return list(self.browser.find_elements(By.CSS_SELECTOR, css))

    def run(self, script: str, *args: Any) -> Any:
        return self.browser.execute_script(script, *args)

    def labels(self) -> list[str]:
        script = "return [...document.querySelectorAll('#nodes .first')].map(t => t.textContent)"
        return list(self.run(script))

    def node(self, label: str) -> Any:
        script = (
            "return [...document.querySelectorAll('#nodes .node')]"
            ".find(g => g.querySelector('.first')?.textContent === arguments[0])"
        )
        return self.run(script, label)

    def box(self, element: Any) -> dict[str, float]:
        return dict(self.run("return arguments[0].getBoundingClientRect().toJSON()", element))

    def click(self, label: str) -> None:
        self.settle()
        ActionChains(self.browser).move_to_element(self.node(label)).click().perform()

    def keys(self, *keys: str) -> None:
        ActionChains(self.browser).send_keys(*keys).perform()

    def button(self, text: str) -> Any:
        return next(b for b in self.all("button") if b.text == text)

    def transform(self) -> str:
        return str(self.find("#world").get_attribute("transform"))

    def scale(self) -> float:
        return float(self.transform().rpartition("scale(")[2].rstrip(")"))

    def until(self, done: Callable[[], Any]) -> None:
        end = time.monotonic() + 5
        while not done():
            assert time.monotonic() < end, "did not happen within 5 s"
            time.sleep(0.02)

    def settle(self) -> None:
        """Wait until the picture stands still."""
        last = ""
        while last != self.transform():
            last = self.transform()
            time.sleep(0.12)

    def errors(self) -> list[str]:
        messages = [entry["message"] for entry in self.browser.get_log("browser")]
        return [message for message in messages if not message.startswith(BROWSERS_OWN)]

    def requests(self) -> list[str]:
        """What was asked of the network (or of the disk) since the last question.

        The browser's own pages (a new tab's among them, which may still be loading, and may be one
        of the network) ask for what they like; ours come from the disk. A page's own `data:` URLs
        ask nobody.
        """
        events = [json.loads(e["message"])["message"] for e in self.browser.get_log("performance")]
        sent = [e["params"] for e in events if e["method"] == "Network.requestWillBeSent"]
        ours = [e for e in sent if e["documentURL"].startswith("file:")]
        urls = [e["request"]["url"] for e in ours]
        return [url for url in urls if not url.startswith("data:")]


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """`show(y, **options)` opens the page of y; at the end nothing may have gone wrong on it."""
    page = Page(browser)

    def opened(output: Any, **options: Any) -> Page:
        path = to_html(output, tmp_path / "graph.html", **options)
        page.requests()
        page.errors()
        browser.get(path.as_uri())
        page.path = path  # type: ignore[attr-defined]
        return page

    yield opened
    assert browser.current_url.partition("#")[0] == page.path.as_uri()  # type: ignore[attr-defined]
    assert page.errors() == []
    assert page.requests() == [page.path.as_uri()]  # type: ignore[attr-defined]


def test_what_a_page_asks_for_is_noticed_and_what_a_new_tab_asks_for_is_not(
    browser: Any, tmp_path: Path
) -> None:
    page, file = Page(browser), tmp_path / "page.html"
    file.write_text('<img src="absent.png">')
    page.requests(), page.errors()  # what was before
    browser.get("chrome://newtab")
    browser.get(file.as_uri())
    assert page.requests() == [file.as_uri(), (tmp_path / "absent.png").as_uri()]
    assert any("absent.png" in message for message in page.errors())


def small() -> Variable:
    x0, x1 = Variable(np.array(1.0), name="x0"), Variable(np.array(2.0), name="x1")
    y: Variable = ops.exp(x0 * x0 + x1 * 3.0)
    y.name = "y"
    return y


def layered(width: int = 100, depth: int = 99) -> Variable:
    """About 20,000 nodes: each layer adds neighbours of the one before."""
    layer = [Variable(np.ones(1), name=f"in{i}") for i in range(width)]
    for n in range(depth):
        layer = [layer[i] + layer[(i * 7 + n) % width] for i in range(width)]
    while len(layer) > 1:
        rest = layer[len(layer) // 2 * 2 :]
        layer = [a + b for a, b in zip(layer[::2], layer[1::2], strict=False)] + rest
    layer[0].name = "loss"
    return layer[0]


def test_every_node_and_edge_of_a_small_graph_is_drawn(show: Callable[..., Page]) -> None:
    page = show(small())
    labels = page.labels()
    assert sorted(labels) == sorted(
        ["x0", "x1", "3.0", "Mul", "Mul", "Add", "Exp", "y", *["() float64"] * 3]
    )
    assert len(page.all("#edges .edge")) == 11  # two of them for x0 * x0
    assert page.run("return document.title") == "Graph of y"


def test_a_click_shows_the_details_of_a_node(show: Callable[..., Page]) -> None:
    y = small()
    page = show(y)
    page.click("Exp")
    panel = page.find("#details")
    assert panel.is_displayed()
    assert "Exp" in panel.text
    assert "tinypt-ops-basic" in panel.text
    page.click("y")
    assert "float64" in panel.text
    assert "8 B" in panel.text
    assert f"{y.data:.4f}"[:6] in panel.text
    page.keys(Keys.ESCAPE)
    assert not panel.is_displayed()


def test_the_search_marks_and_centres_and_enter_goes_on(show: Callable[..., Page]) -> None:
    page = show(small())
    before = page.transform()
    page.keys("/")
    page.keys("mul")
    page.until(lambda: len(page.all(".node.hit")) == 2)
    assert page.find("#found").text == "1 of 2"
    first = page.find(".node.selected").get_attribute("data-key")
    page.settle()
    assert page.transform() != before
    page.keys(Keys.ENTER)
    assert page.find("#found").text == "2 of 2"
    assert page.find(".node.selected").get_attribute("data-key") != first
    box = page.run("return document.querySelector('#canvas').getBoundingClientRect().toJSON()")
    page.settle()
    at = page.run(
        "return document.querySelector('.selected .shape').getBoundingClientRect().toJSON()"
    )
    assert abs(at["x"] + at["width"] / 2 - box["x"] - box["width"] / 2) < 5
    page.find("#query").send_keys(Keys.CONTROL, "a")
    page.keys("no such thing")
    page.until(lambda: page.find("#found").text == "nothing")


def test_enter_right_after_typing_searches_for_what_stands_there(show: Callable[..., Page]) -> None:
    page = show(small())
    page.keys("/")
    page.keys("mul" + Keys.ENTER)
    assert page.find("#found").text == "1 of 2"
    page.find("#query").send_keys(Keys.CONTROL, "a")
    page.keys("x1" + Keys.ENTER)
    assert page.find("#found").text == "1 of 1"
    assert page.find("#details h2").text == "x1"


def test_what_is_behind_a_node_folds_into_it_and_comes_back(show: Callable[..., Page]) -> None:
    page = show(small())
    everything = sorted(page.labels())
    page.click("Add")
    page.button("Fold what is behind").click()
    assert sorted(page.labels()) == sorted(["Add", "Exp", "y", "() float64"])
    assert page.node("Add").find_element(By.CSS_SELECTOR, ".badge").text == "+7"
    assert page.node("Add").get_attribute("aria-expanded") == "false"
    page.button("Unfold").click()
    assert sorted(page.labels()) == everything
    page.click("Exp")
    page.keys("f")
    assert sorted(page.labels()) == ["Exp", "y"]
    ActionChains(page.browser).double_click(page.node("Exp")).perform()
    assert sorted(page.labels()) == everything


def test_zoom_by_wheel_buttons_and_keys(show: Callable[..., Page]) -> None:
    page = show(small())
    canvas = page.find("#canvas")
    start = page.scale()
    page.find("#zoom-in").click()
    assert page.scale() == pytest.approx(start * 1.25)
    page.find("#zoom-out").click()
    assert page.scale() == pytest.approx(start)
    page.keys("+")
    page.keys("+")
    page.keys("-")
    assert page.scale() == pytest.approx(start * 1.25)
    origin = webdriver.common.actions.wheel_input.ScrollOrigin.from_element(canvas)
    ActionChains(page.browser).scroll_from_origin(origin, 0, -200).perform()
    page.until(lambda: page.scale() > start * 1.3)
    page.keys("0")
    page.settle()
    assert page.scale() == pytest.approx(start)


def test_pan_by_dragging_and_arrows(show: Callable[..., Page]) -> None:
    page = show(small())
    before = page.transform()
    corner = ActionChains(page.browser).move_to_element_with_offset(page.find("#canvas"), 500, -200)
    corner.click_and_hold().move_by_offset(40, 30).release().perform()
    assert page.transform() != before
    before = page.transform()
    page.keys(Keys.ARROW_RIGHT)
    page.settle()
    assert page.transform() != before
    assert not page.find("#details").is_displayed()


def test_the_keyboard_alone_is_enough(show: Callable[..., Page]) -> None:
    page = show(small())
    active = "return document.activeElement"
    page.run("document.getElementById('canvas').focus()")
    page.keys(Keys.TAB)
    assert page.run(active).get_attribute("aria-label").startswith("Variable y")
    page.keys(Keys.ARROW_UP)
    assert page.run(active).get_attribute("aria-label").startswith("Function Exp")
    page.keys(Keys.ENTER)
    assert page.find("#details h2").text == "Exp"
    page.keys("f")
    assert len(page.labels()) == 2
    assert page.run(active).get_attribute("aria-label").endswith("9 nodes folded behind it")
    page.keys("?")
    assert page.find("#keys").is_displayed()
    page.keys(Keys.ESCAPE)
    assert not page.find("#keys").is_displayed()


def test_everything_has_a_name_for_a_screen_reader(show: Callable[..., Page]) -> None:
    page = show(small())
    page.click("Exp")
    nameless = page.run("""
        const named = e => e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length;
        const kinds = 'button, input, [role=button], svg:not([aria-hidden])';
        return [...document.querySelectorAll(kinds)].filter(e => !named(e)).map(e => e.outerHTML);
    """)
    assert nameless == []
    assert page.run("return document.documentElement.lang") == "en"
    assert page.find("#canvas").get_attribute("aria-label") == "Graph of 11 nodes, 11 shown"
    assert page.find("#status").get_attribute("aria-live") == "polite"


HOSTILE = [
    "<script>document.title='owned'</script>", "</script><script>alert(1)</script>", "<!--",
    "<img src=x onerror=alert(1)>", "'\"`", "a\u2028b\u2029c", "$(touch x)", "\\N &lt; &amp;",
    "]]>", "\U0001f600", "javascript:alert(1)", "${1+1}", "$title $data", "\x00\x07", "\ud800",
]  # fmt: skip


def test_hostile_names_are_text(show: Callable[..., Page]) -> None:
    total = Variable(np.array(0.0), name="<script>")
    for name in HOSTILE:
        total = total + Variable(np.array(1.0), name=name)
    total.name = "<script>alert('y')</script>"
    page = show(total)
    labels = page.labels()
    for name in ["<script>", *(name for name in HOSTILE if name.isprintable())]:
        assert name in labels
    assert page.run("return document.scripts.length") == 2
    assert page.run("return document.images.length") == 0
    assert page.run("return document.title") == "Graph of <script>alert('y')</script>"
    page.keys("0")
    page.click("<script>")
    assert page.find("#details h2").text == "<script>"


def test_the_policy_lets_nothing_out(show: Callable[..., Page]) -> None:
    page = show(small())
    refused = page.browser.execute_async_script("""
        const done = arguments[arguments.length - 1];
        fetch('https://example.invalid/').then(() => done('sent'), () => done('refused'));
    """)
    assert refused == "refused"
    assert any("Content Security Policy" in message for message in page.errors())
    page.requests()
    page.browser.get(page.path.as_uri())  # type: ignore[attr-defined]


def test_scopes_fold_and_unfold(show: Callable[..., Page]) -> None:
    from tinypt_core._modes import using_mode

    x = Variable(np.array(1.0), name="x")
    with using_mode(scope=("layer1",)):
        h = ops.exp(x * x)
    y = h + x
    page = show(y)
    everything = sorted(page.labels())
    assert [frame.text for frame in page.all(".frame text")] == ["layer1"]
    page.click("Exp")
    page.button("Fold layer1").click()
    assert "layer1" in page.labels()
    assert "Exp" not in page.labels()
    page.click("layer1")
    page.button("Unfold").click()
    assert sorted(page.labels()) == everything
    page.find("#fold-all").click()
    assert "layer1" in page.labels()
    page.find("#unfold-all").click()
    assert sorted(page.labels()) == everything


def test_a_recurrent_net_is_a_loop_that_unfolds(show: Callable[..., Page]) -> None:
    w, h = Variable(np.ones((2, 2)), name="W"), Variable(np.ones((1, 2)), name="h0")
    for n in range(300):
        h = SlopeTanh()(h @ w + Variable(np.ones((1, 2)), name=f"x{n}"))
        h.name = f"h{n + 1}"
    page = show(h)
    shown = page.labels()
    assert len(shown) < 40
    loop = next(label for label in shown if "SlopeTanh ×" in label)
    page.click(loop)
    page.button("Unfold").click()
    assert any(label.startswith("steps") for label in page.labels())
    assert loop not in page.labels()
    page.keys("/")
    page.keys("x150")
    page.until(lambda: "x150" in page.labels())
    page.find("#fold-all").click()
    assert sorted(page.labels()) == sorted(shown)


def test_derivative_bands_have_a_legend(show: Callable[..., Page]) -> None:
    x = Variable(np.array(1.0), name="x")
    gx = SlopeTanh()(x)
    for _ in range(3):
        gx.backward(create_graph=True)
        gx = x.grad
        x.cleargrad()
    page = show(gx)
    legend = page.find("#legend").text
    assert "3rd derivative" in legend
    fills = page.run("""return [...new Set([...document.querySelectorAll('#nodes .function .shape')]
        .map(shape => getComputedStyle(shape).fill))].length""")
    assert fills >= 3


def test_constants_can_be_taken_out_and_put_back(show: Callable[..., Page]) -> None:
    page = show(small())
    page.find("[data-switch=hideConstants]").click()
    assert "3.0" not in page.labels()
    assert "3.0" in page.run("return document.querySelector('#nodes').textContent")
    page.find("[data-switch=hideIntermediates]").click()
    assert "() float64" not in page.labels()
    page.find("[data-switch=hideConstants]").click()
    assert "3.0" in page.labels()


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_a_theme_sets_the_colours(show: Callable[..., Page], theme: str) -> None:
    page = show(small(), theme=theme)
    paper = page.run("return getComputedStyle(document.body).backgroundColor")
    dark = sum(map(int, paper.strip("rgb()").split(","))) < 3 * 128
    assert dark == (theme == "dark")


def test_without_a_theme_the_page_follows_the_reader(show: Callable[..., Page]) -> None:
    page = show(small())
    light = page.run("return getComputedStyle(document.body).backgroundColor")
    media = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    assert page.run("return getComputedStyle(document.body).backgroundColor") != light
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_no_motion_for_a_reader_who_wants_none(show: Callable[..., Page]) -> None:
    media = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    page = show(small())
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    page.run("document.getElementById('canvas').focus()")
    before = page.transform()
    page.keys(Keys.ARROW_DOWN)
    after = page.transform()
    assert after != before
    page.settle()
    assert page.transform() == after
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


@pytest.mark.parametrize("rankdir", ["TB", "BT", "LR", "RL"])
def test_the_arrows_point_as_asked(show: Callable[..., Page], rankdir: str) -> None:
    page = show(small(), rankdir=rankdir)
    boxes = [
        page.run(
            "const b = arguments[0].getBoundingClientRect(); return [b.x, b.y]", page.node(name)
        )
        for name in ("Exp", "y")
    ]
    axis = 0 if rankdir in ("LR", "RL") else 1
    assert (boxes[0][axis] < boxes[1][axis]) == (rankdir in ("TB", "LR"))


def test_twenty_thousand_nodes_are_there_within_three_seconds(show: Callable[..., Page]) -> None:
    page = show(layered())
    script = """
        const [drawn] = performance.getEntriesByName('first-paint', 'mark');
        const [paint] = performance.getEntriesByName('first-contentful-paint', 'paint');
        return drawn && paint && [drawn.startTime, paint.startTime];
    """
    loads = []
    for _ in range(3):  # the best of three: other programs may keep the machine busy
        page.until(lambda: page.run(script))
        loads.append(page.run(script))
        page.requests()
        page.browser.get(page.path.as_uri())  # type: ignore[attr-defined]
    drawn, paint = min(loads)
    print(f"first paint after {paint:.0f} ms, graph drawn after {drawn:.0f} ms")
    assert max(drawn, paint) < 3000
    assert len(page.labels()) <= 400
    assert "nodes not shown one by one" in page.find("#legend").text
    page.keys("/")
    page.keys("in42")
    page.until(lambda: "in42" in page.labels())
    page.find("#unfold-all").click()
    page.until(lambda: page.run("return document.querySelectorAll('#nodes .node').length"))
    page.find("#fit").click()
    page.settle()
    page.find("#zoom-in").click()
