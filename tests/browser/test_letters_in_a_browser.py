"""Sample editions in headless Chromium: layout, contrast and accessibility, light and dark."""

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest

from newsletter.bootstrap import render_samples
from newsletter.bootstrap.sample_editions import sample_editions
from newsletter.config import load_config
from newsletter.model import RenderedEmail

ROOT: Final = Path(__file__).parents[2]
NAMES: Final = sorted(sample_editions())
SERIOUS: Final = {"serious", "critical"}

CONTRAST: Final = """() => {
  const channel = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => .2126 * channel(c[0]) + .7152 * channel(c[1]) + .0722 * channel(c[2]);
  const read = text => text.match(/[\\d.]+/g).map(Number);
  const ground = node => {
    for (let n = node; n; n = n.parentElement) {
      const c = read(getComputedStyle(n).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement, style = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    if (!walker.currentNode.data.trim() || !box.width || style.display === "none") continue;
    if (parseFloat(style.fontSize) < 2 || style.visibility === "hidden") continue;
    const a = light(read(style.color)), b = light(ground(node));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    found.push([ratio, walker.currentNode.data.trim().slice(0, 40)]);
  }
  return found;
}"""


@cache
def letters() -> dict[str, RenderedEmail]:
    return dict(render_samples(load_config(ROOT / "config.yaml")))


def html_of(name: str) -> str:
    html = letters()[name].html
    assert html
    return html


def show(browser: Any, name: str, *, width: int, scheme: str) -> Any:
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=True
    )
    page.set_content(html_of(name))
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_every_text_has_a_contrast_of_four_and_a_half(browser: Any, name: str, scheme: str) -> None:
    page = show(browser, name, width=680, scheme=scheme)
    found = page.evaluate(CONTRAST)
    page.close()
    assert len(found) > 5
    assert not [(ratio, text) for ratio, text in found if ratio < 4.5]


@pytest.mark.parametrize("width", [320, 375, 680, 1280])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wider_than_the_screen(browser: Any, name: str, width: int) -> None:
    page = show(browser, name, width=width, scheme="light")
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert wide <= width


def test_dark_mode_is_dark_and_light_mode_is_light(browser: Any) -> None:
    grounds = {}
    for scheme in ("light", "dark"):
        page = show(browser, "every-day", width=680, scheme=scheme)
        grounds[scheme] = page.evaluate(
            "getComputedStyle(document.body.querySelector('div[class]') || document.body).color"
        )
        page.close()
    assert grounds["light"] != grounds["dark"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_serious(browser: Any, name: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is absent")
    page = show(browser, name, width=680, scheme=scheme)
    found = axe.Axe().run(page).response["violations"]
    page.close()
    assert not [(one["id"], one["help"]) for one in found if one["impact"] in SERIOUS]


@pytest.mark.parametrize("name", NAMES)
def test_headings_follow_each_other_and_links_say_where_they_go(browser: Any, name: str) -> None:
    page = show(browser, name, width=680, scheme="light")
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    words = page.evaluate("[...document.querySelectorAll('a')].map(a => a.innerText.trim())")
    page.close()
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(words)
    assert not {word.lower() for word in words} & {"here", "click here", "link", "more"}


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_asks_for_nothing_from_elsewhere(browser: Any, name: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(html_of(name), wait_until="networkidle")
    page.close()
    assert not asked
