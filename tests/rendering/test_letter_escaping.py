"""Text from outside is only ever text."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.model import EntryContent, Letter, LetterEntry, Link, LinkKind, SourceName
from newsletter.ports import Renderer
from newsletter.rules.composing import tidy

MakeLetter = Callable[..., Letter]
MakeEntry = Callable[..., LetterEntry]

PIECES = st.sampled_from(
    ["<b>", "</td>", '"', "'", "&", "&amp;", "{{x}}", "{% if %}", "{#", "#}", "~@1@~", "]]>", "-->"]
)
HOSTILE = st.lists(PIECES | st.text(max_size=6), max_size=6).map(lambda parts: "q" + "".join(parts))


class Skeleton(HTMLParser):
    """Tags with their attributes' names, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.shape: list[tuple[str, tuple[str, ...]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, tuple(name for name, _ in attrs)))
        self.text += " "

    def handle_endtag(self, tag: str) -> None:
        self.shape.append((f"/{tag}", ()))
        self.text += " "

    def handle_data(self, data: str) -> None:
        self.text += data


def hostile_letter(text: str, make_letter: MakeLetter, make_entry: MakeEntry) -> Letter:
    content = EntryContent(
        title=text,
        authors=(text, text),
        organization=text,
        links=(Link(LinkKind.PAGE, f"https://a.example/{text}"),),
    )
    entry = replace(
        make_entry(),
        content=replace(content, links=()),
        sources=(SourceName(text),),
        summary=text,
        reasons=(text,),
    )
    return replace(
        make_letter(entry, also=(entry,), reader={"name": text, "topics": (text,)}, note=text),
        headline=text,
        subject=text,
        preheader=text,
    )


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=HOSTILE)
def test_hostile_text_shows_as_it_is_and_adds_no_tag(
    text: str, renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    harmless = renderer.render(hostile_letter("q", make_letter, make_entry))
    hostile = renderer.render(hostile_letter(text, make_letter, make_entry))
    page = Skeleton(hostile.html or "")
    assert page.shape == Skeleton(harmless.html or "").shape
    assert spaced(tidy(text)) in spaced(page.text)
    assert spaced(tidy(text)) in spaced(hostile.text)


@settings(max_examples=60, deadline=None)
@given(text=HOSTILE)
def test_a_hostile_address_adds_no_tag(
    text: str, renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    links = (Link(LinkKind.PAGE, f"https://a.example/{text}"), Link(LinkKind.CODE, text))
    entry = replace(make_entry(), content=EntryContent("Title", links=links))
    page = Skeleton(renderer.render(make_letter(entry)).html or "")
    linked = renderer.render(
        make_letter(replace(entry, content=EntryContent("Title", links=links[:1])))
    )
    plain = renderer.render(make_letter(replace(entry, content=EntryContent("Title"))))
    shapes = [Skeleton(email.html or "").shape for email in (linked, plain)]
    assert page.shape in shapes


def test_the_famous_title_shows_literally(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    email = renderer.render(make_letter(make_entry('<b>&"{{x}} {% raw %}')))
    assert email.html is not None
    assert "&lt;b&gt;&amp;&#34;{{x}} {% raw %}" in email.html
    assert '<b>&"{{x}} {% raw %}' in email.text


def test_nothing_of_the_templates_is_left(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    email = renderer.render(make_letter(make_entry(), also=(make_entry("Nets", 2),)))
    for part in (email.html or "", email.text):
        assert not re.search(r"\{[{%#]|[}%#]\}|<mj-|~@|Undefined|\bNone\b", part)


@pytest.mark.parametrize("invisible", ["\u202e", "\u2067", "\x00", "\x1b", "\ud800", "\x9b"])
def test_what_reorders_or_controls_is_taken_out(
    invisible: str, renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    email = renderer.render(make_letter(make_entry(f"Gu{invisible}lls")))
    for part in (email.html or "", email.text):
        assert "Gulls" in part
        assert invisible not in part
