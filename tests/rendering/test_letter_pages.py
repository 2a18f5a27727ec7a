"""A letter links to itself as a page, and to the page of preferences: quietly, where there are pages."""

from collections.abc import Callable, Mapping
from html import unescape
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.model import Letter, LetterEntry
from newsletter.ports import Renderer
from newsletter.rendering import make_renderer
from newsletter.rules.messages import encode_body

MakeEntry = Callable[..., LetterEntry]
MakeLetter = Callable[..., Letter]

VIEW: Final = "https://news.example.org/letters/2b7q"
PREFERENCES: Final = "https://news.example.org/preferences"
PAGES: Final = {"view_url": VIEW, "preferences_url": PREFERENCES}


@pytest.fixture(scope="module")
def renderer(templates: Mapping[str, str]) -> Renderer:
    return make_renderer(templates)


@pytest.fixture
def write(make_entry: MakeEntry, make_letter: MakeLetter) -> Callable[[Mapping[str, str]], Letter]:
    return lambda links: make_letter(make_entry("Paper", 1), links=links)


def test_both_parts_lead_to_the_pages(
    renderer: Renderer, write: Callable[[Mapping[str, str]], Letter]
) -> None:
    rendered = renderer.render(write(PAGES))
    html = unescape(rendered.html or "")
    assert html.count(f'href="{VIEW}"') == 1
    assert html.count(f'href="{PREFERENCES}"') == 1
    assert "?subject=show" not in html
    assert (
        f"\nChange what you get\n    {PREFERENCES}\nView in browser\n    {VIEW}\nUnsubscribe\n"
        in (rendered.text)
    )


def test_without_pages_nothing_is_said_of_a_browser_and_preferences_go_by_mail(
    renderer: Renderer, write: Callable[[Mapping[str, str]], Letter]
) -> None:
    rendered = renderer.render(write({}))
    for part in (rendered.text, rendered.html or ""):
        assert "browser" not in part
        assert "mailto:news@news.example.org?subject=show" in part
    assert "Change what you get\n    mailto:" in rendered.text


@pytest.mark.parametrize("url", ["http://news.example.org/x", "javascript:alert(1)", 'https://"x'])
def test_a_page_that_is_no_https_address_is_not_linked(
    renderer: Renderer, write: Callable[[Mapping[str, str]], Letter], url: str
) -> None:
    rendered = renderer.render(write({"view_url": url, "preferences_url": url}))
    assert url not in (rendered.html or "")
    assert url not in rendered.text
    assert "?subject=show" in rendered.text


@settings(max_examples=40, deadline=None)
@given(token=st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=1, max_size=60))
def test_every_reader_has_a_link_of_their_own_out_of_shared_pieces(
    renderer: Renderer, make_entry: MakeEntry, make_letter: MakeLetter, token: str
) -> None:
    links = {"view_url": f"https://news.example.org/letters/{token}"}
    letter = make_letter(make_entry("Paper", 1), links=links)
    rendered, encoded = renderer.render(letter), renderer.encode(letter)
    assert encoded.html == encode_body(rendered.html or "")
    assert encoded.text == encode_body(rendered.text)
    assert f"/letters/{token}\n" in rendered.text
