"""A letter lets its reader vote: by a link of their own beside each entry, or by an answer."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import LIBRARY, Letter, LetterEntry, LetterFormat, SourceName
from newsletter.ports import Renderer
from newsletter.rendering import make_renderer
from newsletter.rendering.openings import Card
from newsletter.rendering.stencils import UnfitError
from newsletter.rules.messages import encode_body

MakeEntry = Callable[..., LetterEntry]
MakeLetter = Callable[..., Letter]

PAGE = "https://news.example.org/likes/"
ADAS, BOBS = "2b7q" * 10, "zy-9" * 10


@pytest.fixture(scope="module")
def renderer(templates: Mapping[str, str]) -> Renderer:
    return make_renderer(templates)


@pytest.fixture
def letter(make_entry: MakeEntry, make_letter: MakeLetter) -> Callable[[str], Letter]:
    entries = [make_entry(f"Paper {number}", number) for number in range(1, 12)]

    def build(votes_url: str) -> Letter:
        return make_letter(
            *entries, also=(make_entry("Named", 50),), links={"votes_url": votes_url}
        )

    return build


def same_both_ways(renderer: Renderer, letter: Letter) -> None:
    """Twice: the first time the pieces are made, the second time they are there."""
    rendered = renderer.render(letter)
    for _ in range(2):
        encoded = renderer.encode(letter)
        assert encoded.html == encode_body(rendered.html or "")
        assert encoded.text == encode_body(rendered.text)


def test_each_entry_has_the_link_of_its_number_and_titles_have_none(
    renderer: Renderer, letter: Callable[[str], Letter]
) -> None:
    html = unescape(renderer.render(letter(PAGE + ADAS)).html or "")
    assert [html.count(f'{PAGE}{ADAS}/{number}"') for number in range(1, 13)] == [1] * 11 + [0]
    assert html.count("More / less like this") == 11


def test_the_text_part_names_the_page_once(
    renderer: Renderer, letter: Callable[[str], Letter]
) -> None:
    text = renderer.render(letter(PAGE + ADAS)).text
    assert text.count(PAGE) == 1
    assert f"\nMore like one of these, or less\n    {PAGE}{ADAS}\nChange what you get\n" in text
    assert "answer this letter" not in text.lower()


def test_every_reader_has_links_of_their_own_out_of_shared_pieces(
    renderer: Renderer, letter: Callable[[str], Letter]
) -> None:
    for token in (ADAS, BOBS, ADAS[:39], BOBS, "a", "b" * 200, ADAS):
        same_both_ways(renderer, letter(PAGE + token))
        html = renderer.render(letter(PAGE + token)).html or ""
        assert html.count(f"{PAGE}{token}/") == 11
    same_both_ways(renderer, letter(""))


@given(
    page=st.text("abcdefghij.-/", max_size=90),
    token=st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-", min_size=1, max_size=120),
)
def test_wherever_lines_are_folded_the_pieces_are_the_whole(
    renderer: Renderer, make_entry: MakeEntry, make_letter: MakeLetter, page: str, token: str
) -> None:
    entry = make_entry("One", 1)
    links = {"votes_url": f"https://news.example/{page}/{token}"}
    same_both_ways(renderer, make_letter(entry, entry, links=links))


@pytest.mark.parametrize(
    "url",
    ["http://news.example.org/likes/abc", "https://x.example/likes/", "https://x.example/a=b"],
)
def test_a_page_of_another_kind_is_not_linked(
    renderer: Renderer, letter: Callable[[str], Letter], url: str
) -> None:
    html = renderer.render(letter(url)).html or ""
    assert "less like this" not in html
    same_both_ways(renderer, letter(url))


def test_without_pages_the_foot_says_once_how_to_answer_where_mail_comes_in(
    renderer: Renderer, letter: Callable[[str], Letter]
) -> None:
    silent = letter("")
    taking = replace(silent, letterhead=replace(silent.letterhead, takes_mail=True))
    for shown in (renderer.render(taking).text, renderer.render(taking).html or ""):
        assert "“like\u00a03” or “dislike\u00a02”" in shown
        assert "less like this" not in shown
    assert "dislike" not in renderer.render(silent).text
    nothing = replace(taking, entries=(), also_matched=())
    assert "dislike" not in renderer.render(nothing).text
    same_both_ways(renderer, taking)


def test_a_letter_of_text_alone_has_the_page_too(
    renderer: Renderer, letter: Callable[[str], Letter]
) -> None:
    whole = letter(PAGE + ADAS)
    plain = replace(whole, reader=replace(whole.reader, format=LetterFormat.TEXT))
    rendered = renderer.render(plain)
    assert rendered.html is None
    assert PAGE + ADAS in rendered.text


def test_templates_of_before_know_nothing_of_votes_and_still_render(
    templates: Mapping[str, str], letter: Callable[[str], Letter]
) -> None:
    marks = ("vote_href", "votes_href", "vote_hint")
    old = {
        name: text
        if not any(mark in text for mark in marks)
        else "\n".join(line for line in text.split("\n") if not any(one in line for one in marks))
        for name, text in templates.items()
    }
    loop = "{% for entry in letter.entries %}\n{{ entry.title }}\n{% endfor %}\n"
    old["edition.txt.j2"] = "{{ letter.name }}\n" + loop
    old["partials/foot.mjml.j2"] = "<p>{{ letter.reason }}</p>"
    old["partials/entry.mjml.j2"] = "<tr><td>{{ entry.title }}</td></tr>"
    same_both_ways(make_renderer(old), letter(PAGE + ADAS))


def test_a_template_may_print_the_link_twice_wrap_it_or_work_with_it(
    templates: Mapping[str, str], letter: Callable[[str], Letter]
) -> None:
    for shown in (
        "{{ entry.vote_href }} or {{ entry.vote_href | wrap(4) }}",
        "{{ entry.vote_href | upper }}",
        "{{ entry.vote_href | length }}",
    ):
        text = "{% for entry in letter.entries %}\n" + shown + "\n{% endfor %}\n"
        changed = {**templates, "edition.txt.j2": text}
        renderer = make_renderer(changed)
        for token in (ADAS, BOBS):
            same_both_ways(renderer, letter(PAGE + token))


def test_what_readers_brought_along_is_named_in_no_letter(
    renderer: Renderer, make_entry: MakeEntry, make_letter: MakeLetter
) -> None:
    entry = replace(make_entry("One", 1), sources=(LIBRARY, SourceName("arxiv")))
    text = renderer.render(make_letter(entry)).text
    assert "library" not in text
    assert "arxiv" in text


def test_a_card_that_depends_on_its_token_in_another_way_is_refused() -> None:
    with pytest.raises(UnfitError):
        Card([b"a=\r\na"], [b"b"], 2)
    with pytest.raises(UnfitError):
        Card([b"x aaa y"], [b"x bbb y"], 2)
    assert b"".join(Card([b"x", b"aa y aa"], [b"x", b"bb y bb"], 2).fill(b"TK")) == b"xTK y TK"
