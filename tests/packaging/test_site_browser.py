"""The built site in a real browser: two widths, light and dark, every page.

`SITE_PICTURES=FOLDER` keeps a picture of each page, to look at.
"""

# ruff: noqa: E402 (selenium is imported only where there is a browser)

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM, CHROMEDRIVER = shutil.which("chromium"), shutil.which("chromedriver")
PICTURES = os.environ.get("SITE_PICTURES")
pytestmark = pytest.mark.slow
if not os.environ.get("CI"):
    for needed in ("selenium", "zensical", "mkdocstrings"):
        pytest.importorskip(needed)
    if not (CHROMIUM and CHROMEDRIVER):
        pytest.skip("needs chromium and chromedriver", allow_module_level=True)

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

FLAGS = "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as the page for contributors says."""
    subprocess.run([sys.executable, ROOT / "docs/build.py"], check=True)
    return ROOT / "site"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or "/usr/bin/chromium"
    for flag in [*FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(flag)
    driver = webdriver.Chrome(
        options=options, service=Service(CHROMEDRIVER or "/usr/bin/chromedriver")
    )
    driver.set_script_timeout(120)
    yield driver
    driver.quit()


def pages(site: Path) -> list[str]:
    """The address of every page below the site's."""
    found = (p.parent.relative_to(site).as_posix() for p in site.rglob("index.html"))
    return sorted("" if page == "." else f"{page}/" for page in found)


LOOK = """
const [scheme, done] = arguments;
const switched = new Promise(resolve => {
    const look = () => document.body.getAttribute('data-md-color-scheme') === scheme
        ? resolve() : setTimeout(look, 20);
    look();
});
for (const image of document.images) image.loading = 'eager';
const loaded = [...document.images].map(i => i.decode().catch(() => i.src));
Promise.all([...loaded, switched]).then(broken => done({
    broken: broken.filter(b => b),
    unnamed: [...document.images].filter(i => !i.alt).map(i => i.src),
    wider: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    asked: performance.getEntriesByType('resource').map(r => r.name)
        .filter(n => !n.startsWith(location.origin) && !n.startsWith('data:')),
    empty: document.querySelector('article').innerText.trim().length < 40,
}));
"""
ASK = """
const done = arguments[arguments.length - 1];
for (const e of document.querySelectorAll('tr:nth-child(n+9), details pre')) e.remove();
for (const e of [...document.querySelectorAll('pre')].slice(8)) e.remove();
axe.run(document, {resultTypes: ['violations'], ...arguments[0]}).then(found => done(
    found.violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => [
        v.id, v.nodes.slice(0, 3).map(n => n.target.join(' ') + ': ' + n.html)])));
"""  # a table's rows are all alike, as are lines of code, and thousands of them take minutes
SCHEMES = {"light": "default", "dark": "slate"}


def liking(browser: Any, scheme: str) -> None:
    """Be a reader with a liking for light or dark."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def window(browser: Any, width: int) -> None:
    """Have a window so wide."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def keep(browser: Any, page: str, width: int, scheme: str) -> None:
    """A picture, if somebody wants to look."""
    if PICTURES:
        name = f"{page.strip('/').replace('/', '_') or 'index'}-{width}-{scheme}.png"
        browser.save_screenshot(str(Path(PICTURES) / name))


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_fits_and_asks_nobody_else(
    browser: Any, site: Path, address: str, width: int
) -> None:
    window(browser, width)
    wrong = {}
    for page in pages(site):
        liking(browser, "light")
        browser.get(address + page)
        for scheme, name in SCHEMES.items():
            liking(browser, scheme)
            seen = browser.execute_async_script(LOOK, name)
            if any(seen.values()):
                wrong[page, scheme] = {key: value for key, value in seen.items() if value}
            keep(browser, page, width, scheme)
    assert wrong == {}


def axe() -> str:
    """The program of axe-core, as a package carries it."""
    found = find_spec("axe_core_python")
    if found is None or found.origin is None:
        pytest.skip("needs axe-core-python")
    return Path(found.origin).with_name("axe.min.js").read_text(encoding="utf-8")


def test_axe_finds_nothing_serious(browser: Any, site: Path, address: str) -> None:
    program = axe()
    window(browser, 1280)
    wrong = {}
    for page in pages(site):
        liking(browser, "light")
        browser.get(address + page)
        browser.execute_script(program)
        found = browser.execute_async_script(ASK, {})
        liking(browser, "dark")
        browser.execute_async_script(LOOK, "slate")
        found += browser.execute_async_script(ASK, {"runOnly": ["color-contrast"]})
        if found:
            wrong[page] = found
    assert wrong == {}


def leads_somewhere(page: Path, link: str) -> bool:
    """Whether a link on a page leads to a file, and to a place in it if it names one."""
    path, _, place = unquote(link).partition("#")
    target = page.parent / path if path else page
    target = target / "index.html" if target.is_dir() else target
    return target.is_file() and (not place or f'id="{place}"' in target.read_text("utf-8"))


def test_every_link_leads_to_a_page_and_a_place_on_it(site: Path) -> None:
    links = {
        (page, link)
        for page in site.rglob("index.html")
        for link in re.findall(r'<a [^>]*?href="([^":]+)"', page.read_text("utf-8"))
    }
    assert len(links) > 1000
    assert {found for found in links if not leads_somewhere(*found)} == set()
