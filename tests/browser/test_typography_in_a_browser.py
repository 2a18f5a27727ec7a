"""What makes a letter pleasant to read, measured in headless Chromium: sizes, measure, one accent."""

from typing import Any, Final

import pytest

from newsletter.rendering.plain import columns
from tests.browser.sample_letters import NAMES, letters, show

SMALLEST_TEXT_PX: Final = 13
LONGEST_LINE: Final = 75
"""Characters. Bringhurst, The Elements of Typographic Style, 2.1.2: 45 to 75 on a page."""
SHORTEST_PHONE_LINE: Final = 32

SIZES: Final = """() => [...document.querySelectorAll("h1,h2,p,b,td,a")]
  .filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()))
  .filter(node => node.getBoundingClientRect().width > 0)
  .map(node => [parseFloat(getComputedStyle(node).fontSize), node.innerText.slice(0, 40)])"""
# Where none of the letter's own fonts is there, the same one stands in for them on all machines.
LINES: Final = """() => [...document.querySelectorAll("p.body")].flatMap(node => {
  const fonts = getComputedStyle(node).fontFamily.replace(/serif$/, "'DejaVu Serif', serif");
  node.style.setProperty("font-family", fonts, "important");
  const text = node.firstChild, range = document.createRange(), ends = [];
  let top = null, begun = 0;
  for (let n = 0; n < text.length; n++) {
    range.setStart(text, n); range.setEnd(text, n + 1);
    const box = range.getBoundingClientRect();
    if (!box.width) continue;
    if (top !== null && box.top > top + 4) { ends.push(n - begun); begun = n; }
    top = box.top;
  }
  return ends;
})"""
ACCENTED: Final = """ink => [...document.querySelectorAll("p,b,a,td,h1,h2,div,span")]
  .filter(node => getComputedStyle(node).color === ink).map(node => node.innerText.slice(0, 3))"""
ACCENTS: Final = {"light": "rgb(10, 95, 85)", "dark": "rgb(127, 202, 185)"}


def measure(window: Any, name: str, script: str, *, width: int, scheme: str = "light") -> Any:
    show(window, name, width=width, scheme=scheme)
    return window.evaluate(script, ACCENTS[scheme])


@pytest.mark.parametrize("width", [320, 1000])
@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_too_small(window: Any, name: str, width: int) -> None:
    found = measure(window, name, SIZES, width=width)
    assert found
    assert not [(size, text) for size, text in found if size < SMALLEST_TEXT_PX]


def test_lines_are_neither_long_on_a_desk_nor_short_on_a_phone(window: Any) -> None:
    desk = measure(window, "forty-entries", LINES, width=1000)
    phone = measure(window, "forty-entries", LINES, width=375)
    assert max(desk) <= LONGEST_LINE
    assert sum(phone) / len(phone) >= SHORTEST_PHONE_LINE


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_only_reasons_have_the_accent(window: Any, scheme: str) -> None:
    found = measure(window, "every-day", ACCENTED, width=680, scheme=scheme)
    assert set(found) == {"Why"}


@pytest.mark.parametrize("width", [320, 1000])
def test_all_titles_begin_at_one_edge(window: Any, width: int) -> None:
    script = """() => [...document.querySelectorAll("h2.title, td.also")]
      .map(node => Math.round(node.getBoundingClientRect().left))"""
    assert len(set(measure(window, "every-day", script, width=width))) == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_text_part_has_72_columns_and_ends_no_line_with_a_blank(name: str) -> None:
    lines = letters()[name].text.splitlines()
    assert not [line for line in lines if columns(line) > 72 and "://" not in line]
    assert not [line for line in lines if line != line.rstrip()]
    assert "\n\n\n\n" not in letters()[name].text
