"""Sample editions in headless Chromium: layout, contrast and accessibility, light and dark."""

from itertools import pairwise
from typing import Any, Final

import pytest

from tests.browser.looks import serious_faults
from tests.browser.sample_letters import NAMES, html_of, show

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_every_text_has_a_contrast_of_four_and_a_half(window: Any, name: str, scheme: str) -> None:
    show(window, name, width=680, scheme=scheme)
    found = window.evaluate(CONTRAST)
    assert len(found) > 5
    assert not [(ratio, text) for ratio, text in found if ratio < 4.5]


@pytest.mark.parametrize("width", [320, 375, 680, 1280])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wider_than_the_screen(window: Any, name: str, width: int) -> None:
    show(window, name, width=width)
    assert window.evaluate("document.documentElement.scrollWidth") <= width


def test_dark_mode_is_dark_and_light_mode_is_light(window: Any) -> None:
    grounds = {}
    for scheme in ("light", "dark"):
        show(window, "every-day", width=680, scheme=scheme)
        grounds[scheme] = window.evaluate(
            "getComputedStyle(document.body.querySelector('div[class]') || document.body).color"
        )
    assert grounds["light"] != grounds["dark"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_serious(window: Any, name: str, scheme: str) -> None:
    show(window, name, width=680, scheme=scheme)
    assert serious_faults(window) == []


@pytest.mark.parametrize("name", NAMES)
def test_headings_follow_each_other_and_links_say_where_they_go(window: Any, name: str) -> None:
    show(window, name, width=680)
    levels = window.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])"
    )
    words = window.evaluate("[...document.querySelectorAll('a')].map(a => a.innerText.trim())")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(words)
    assert not {word.lower() for word in words} & {"here", "click here", "link", "more"}


def test_no_letter_asks_for_anything_from_elsewhere(browser: Any) -> None:
    context = browser.new_context()
    asked: list[tuple[str, str]] = []
    pages = {name: context.new_page() for name in NAMES}
    for name, page in pages.items():
        page.on("request", lambda request, name=name: asked.append((name, request.url)))
        page.set_content(html_of(name))
    for page in pages.values():  # all of them beside each other: it takes half a second
        page.wait_for_load_state("networkidle")
    context.close()
    assert asked == []
