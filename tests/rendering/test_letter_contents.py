"""What stands in a letter, in both parts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from newsletter.errors import RenderingError
from newsletter.model import EntryContent, Letter, LetterEntry, LetterFormat, Link, LinkKind
from newsletter.ports import Renderer
from newsletter.rendering import make_renderer

MakeLetter = Callable[..., Letter]
MakeEntry = Callable[..., LetterEntry]


class Page(HTMLParser):
    """The visible text, the tags and the links of an HTML part."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.extend(data.split())

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @property
    def links(self) -> list[str]:
        return [attributes["href"] or "" for tag, attributes in self.tags if tag == "a"]


def both(renderer: Renderer, letter: Letter) -> tuple[Page, str]:
    email = renderer.render(letter)
    assert email.html is not None
    return Page(email.html), " ".join(email.text.split())


def with_content(entry: LetterEntry, content: EntryContent) -> LetterEntry:
    return replace(entry, content=content)


@pytest.mark.parametrize(
    "phrase",
    [
        "2 entries for you out of 14 new since Friday",
        "Monday, 23 November 2026 · for Ada",
        "Counting gulls with a small net",
        "Oda Fisk, Per Strand, R. Moe, Kari Lund + 12",
        "Institute of Shore Birds",
        "1,200 up-votes · shore, birds · 21 Nov",
        "3 comments",
        "The hand was right more often.",
        "Gulls: “gull”, “net” · you follow Oda Fisk",
        "What else there is",
        "You get this letter because you follow Gulls and Nets. It was sent to ada@example.org.",
        "Unsubscribe",
        "The Shore Letter, 1 Quay, Bergen, Norway",
    ],
)
def test_both_parts_hold(
    phrase: str, renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    letter = make_letter(make_entry(), also=(make_entry("What else there is", 2),))
    page, text = both(renderer, letter)
    assert phrase in page.text
    assert phrase in text


def test_every_link_of_the_html_stands_in_the_text(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    letter = make_letter(
        make_entry(),
        also=(make_entry("More", 2),),
        links={"unsubscribe_url": "https://news.example.org/u/t"},
    )
    page, text = both(renderer, letter)
    assert len(page.links) == 4 + 1 + 3
    assert [link for link in page.links if link not in text] == []


def test_links_lead_by_https_or_mailto_and_nothing_is_loaded(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    letter = make_letter(make_entry(), also=(make_entry("More", 2),))
    page, _ = both(renderer, letter)
    html = renderer.render(letter).html or ""
    assert all(link.startswith(("https://", "mailto:")) for link in page.links)
    assert not {tag for tag, _ in page.tags} & {"img", "link", "script", "form", "iframe", "svg"}
    assert not [name for _, attributes in page.tags for name in attributes if name == "src"]
    assert "@import" not in html
    assert "url(" not in html


def test_an_address_without_tls_is_written_out_but_not_linked(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    content = EntryContent("Old page", links=(Link(LinkKind.PAGE, "HTTP://old.example/1"),))
    page, text = both(renderer, make_letter(with_content(make_entry(), content)))
    assert not [link for link in page.links if "old.example" in link]
    assert "http://old.example/1" in page.text
    assert "http://old.example/1" in text


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://a.example/ x",
        'https://a.example/"onmouseover=',
        "https://a.example/\u202e",
        "https:///nohost",
        "https://a.example/" + "x" * 2_000,
    ],
)
def test_an_address_nobody_should_follow_is_left_out(
    url: str, renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    content = EntryContent("Plain title", links=(Link(LinkKind.PAGE, url),))
    page, text = both(renderer, make_letter(with_content(make_entry(), content)))
    assert all(link.startswith("mailto:") for link in page.links)
    assert "Plain title" in page.text
    assert "Plain title" in text
    assert "a.example" not in text


def test_what_is_not_known_is_not_mentioned(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    entry = replace(
        make_entry(), content=EntryContent("Bare"), sources=(), summary="", reasons=("trending: 9",)
    )
    page, text = both(renderer, make_letter(entry, reader={"name": None, "topics": ()}))
    for seen in (page.text, text):
        assert "None" not in seen
        assert "author" not in seen
        assert "for Ada" not in seen
        assert "you subscribed to The Shore Letter" in seen


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (EntryContent("T", author_count=6), "6 authors"),
        (EntryContent("T", author_count=1), "1 author"),
        (EntryContent("T", authors=("A",)), "A"),
        (EntryContent("T", authors=tuple("ABCDE")), "A, B, C, D, E"),
        (EntryContent("T", authors=tuple("ABCDEF")), "A, B, C, D + 2"),
        (EntryContent("T", authors=("A", "B"), author_count=9), "A, B + 7"),
    ],
)
def test_authors_are_named_or_counted(
    content: EntryContent,
    shown: str,
    renderer: Renderer,
    make_letter: MakeLetter,
    make_entry: MakeEntry,
) -> None:
    page, text = both(renderer, make_letter(with_content(make_entry(), content)))
    assert f" {shown} " in page.text
    assert f" {shown} " in text


def test_the_text_format_has_no_html(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    email = renderer.render(make_letter(make_entry(), reader={"format": LetterFormat.TEXT}))
    assert email.html is None
    assert "Counting gulls with a small net" in email.text


def test_a_title_from_right_to_left_says_so(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    page, _ = both(renderer, make_letter(make_entry("1. ספירת שחפים"), make_entry("Gulls", 2)))
    directions = [attributes["dir"] for tag, attributes in page.tags if tag == "h2"]
    assert directions == ["rtl", "ltr"]


def test_the_page_names_language_and_title(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    html = renderer.render(make_letter(make_entry())).html or ""
    assert '<html lang="en"' in html
    assert "<title>" in html
    assert "Counting gulls, and 1 more</title>" in html


def test_a_note_is_shown_in_both_parts(renderer: Renderer, make_letter: MakeLetter) -> None:
    page, text = both(renderer, make_letter(note="None of 14 was about gulls."))
    assert "None of 14 was about gulls." in page.text
    assert "None of 14 was about gulls." in text


def test_many_topics_are_named_in_part(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    topics = tuple(f"topic {n}" for n in range(1, 31))
    page, text = both(renderer, make_letter(make_entry(), reader={"topics": topics}))
    assert "topic 11 and 19 more topics" in page.text
    assert "topic 11 and 19 more topics" in text


def test_the_one_click_page_is_preferred_where_there_is_one(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    page, _ = both(
        renderer, make_letter(make_entry(), links={"unsubscribe_url": "https://n.example/u/t"})
    )
    assert "https://n.example/u/t" in page.links
    page, _ = both(
        renderer, make_letter(make_entry(), links={"unsubscribe_url": "http://n.example/u/t"})
    )
    assert "mailto:leave+token@news.example.org?subject=unsubscribe" in page.links


def test_a_letter_without_a_way_out_is_refused(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    with pytest.raises(RenderingError, match=r"unsubscribe_mailto: 'leave@x' is no mailto URI"):
        renderer.render(make_letter(make_entry(), links={"unsubscribe_mailto": "leave@x"}))


def test_a_date_of_another_year_names_it(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    entry = with_content(make_entry(), EntryContent("T", published_on=date(2025, 12, 30)))
    page, _ = both(renderer, make_letter(entry))
    assert "30 Dec 2025" in page.text


def test_the_same_letter_gives_the_same_bytes(
    templates: dict[str, str],
    renderer: Renderer,
    make_letter: MakeLetter,
    make_entry: MakeEntry,
) -> None:
    letter = make_letter(make_entry(), also=(make_entry("More", 2),))
    assert renderer.render(letter) == make_renderer(templates).render(letter)


def test_an_also_matched_address_without_tls_is_written_out_too(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    content = EntryContent("Old page", links=(Link(LinkKind.PAGE, "http://old.example/1"),))
    page, text = both(renderer, make_letter(also=(with_content(make_entry(), content),)))
    assert "Old page http://old.example/1" in page.text
    assert "Old page http://old.example/1" in text
