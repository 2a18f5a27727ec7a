"""Colours that can be read, and the checks that mail as a whole must pass."""

import importlib.util
import os
import re
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from newsletter.model import Letter, LetterEntry
from newsletter.ports import Renderer

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("NEWSLETTER_SHARED", ROOT.parent / "shared"))
MAILCHECK = SHARED / "tools" / "mailcheck.py"
READABLE = 4.5
"""WCAG 2.2, success criterion 1.4.3."""
THUMB = 44
"""Pixels (WCAG 2.2, success criterion 2.5.5)."""
PAPER = "#ffffff"
"""On a button the colour of the text."""


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_colours(markup: str) -> set[str]:
    return set(re.findall(r"(?<![-\w])color: ?(#[0-9a-f]{6})", markup))


def test_every_text_colour_can_be_read_by_day_and_by_night(templates: dict[str, str]) -> None:
    style = templates["partials/style.mjml.j2"]
    inline = "".join(text for name, text in templates.items() if "style" not in name)
    day, night = text_colours(inline) - {PAPER}, text_colours(style)
    assert len(day) == len(night) == 3
    assert min(contrast(colour, "#ffffff") for colour in day) >= READABLE
    assert min(contrast(colour, "#16181b") for colour in night) >= READABLE


def test_a_button_and_a_document_can_be_read_by_day_and_by_night(templates: dict[str, str]) -> None:
    block, style = templates["partials/block.mjml.j2"], templates["partials/answer_style.mjml.j2"]
    (button,) = set(re.findall(r"<a [^>]*background-color:(#[0-9a-f]{6})", block))
    assert contrast(PAPER, button) >= READABLE
    ((back, text),) = re.findall(r"\.button a \{ background-color: (#\w+).*?; color: (#\w+)", style)
    assert contrast(text, back) >= READABLE
    (day,) = re.findall(r"sheet [^>]*background-color:(#[0-9a-f]{6})", block)
    (night,) = set(re.findall(r"\.sheet \{ background-color: (#[0-9a-f]{6})", style))
    assert contrast("#1b1d20", day) >= READABLE
    assert contrast("#e7e5e0", night) >= READABLE


def test_a_button_is_large_enough_for_a_thumb(templates: dict[str, str]) -> None:
    padding, line = re.findall(
        r"<a [^>]*padding:(\d+)px [^>]*font:bold \d+px/(\d+)px", templates["partials/block.mjml.j2"]
    )[0]
    assert 2 * int(padding) + int(line) >= THUMB


def test_each_coloured_text_has_a_class_that_night_can_change(templates: dict[str, str]) -> None:
    for name, text in templates.items():
        coloured = re.findall(r"<(?:h1|h2|p|b|div|span)\b[^>]*[;\"]color:#[^>]*>", text)
        without = [tag for tag in coloured if not re.search(r'class="[^"]*(ink|muted|accent)', tag)]
        assert without == [], name


@pytest.mark.skipif(not MAILCHECK.exists(), reason="the shared mail checks are not at hand")
def test_a_letter_passes_the_shared_content_checks(
    renderer: Renderer,
    make_letter: Callable[..., Letter],
    make_entry: Callable[..., LetterEntry],
) -> None:
    title = '<b>&"{{x}} of gulls'
    email = renderer.render(make_letter(make_entry(title), also=(make_entry("Nets", 2),)))
    message = EmailMessage()
    message["Subject"] = email.subject
    message.set_content(email.text)
    message.add_alternative(email.html or "", subtype="html")
    spec = importlib.util.spec_from_file_location("mailcheck", MAILCHECK)
    assert spec is not None
    assert spec.loader is not None
    checks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(checks)
    failures = checks.check(
        message.as_bytes(policy=SMTP),
        postal="The Shore Letter, 1 Quay, Bergen, Norway",
        literals=(title,),
    )
    assert [failure for failure in failures if failure[0].startswith(("E", "A11", "A17"))] == []
