"""What was encoded in pieces is, to the octet, what was rendered as a whole."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.errors import RenderingError
from newsletter.model import (
    EmailAddress,
    EntryContent,
    Letter,
    LetterEntry,
    LetterFormat,
    Link,
    LinkKind,
    SourceName,
)
from newsletter.ports import Renderer
from newsletter.rendering import EDITION_HTML, EDITION_TEXT, make_renderer
from newsletter.rules.messages import encode_body

MakeLetter = Callable[..., Letter]
MakeEntry = Callable[..., LetterEntry]

WORDS = st.sampled_from(["gulls", "<b>", '"', "&", "{{x}}", "=", ".", "From ", "\x02loop 0\x03"])
TEXTS = st.lists(WORDS | st.text(max_size=12), max_size=12).map(" ".join)
COUNTS = st.none() | st.integers(0, 3)
CONTENTS = st.builds(
    EntryContent,
    title=TEXTS,
    authors=st.lists(TEXTS, max_size=3).map(tuple),
    organization=st.none() | TEXTS,
    published_on=st.none() | st.just(date(2025, 3, 1)),
    comments=COUNTS,
    upvotes=COUNTS,
    links=st.lists(
        st.builds(
            Link, st.sampled_from(LinkKind), st.sampled_from(["https://a.example/1", "http://b.c"])
        ),
        max_size=3,
    ).map(tuple),
)


def entry_of(content: EntryContent, summary: str, reasons: tuple[str, ...]) -> LetterEntry:
    source = (SourceName("shore"),)
    return LetterEntry(id=None, content=content, sources=source, summary=summary, reasons=reasons)  # type: ignore[arg-type]


ENTRIES = st.lists(
    st.builds(entry_of, CONTENTS, TEXTS, st.lists(TEXTS, max_size=2).map(tuple)), max_size=3
).map(tuple)


def assert_same(renderer: Renderer, letter: Letter) -> None:
    rendered, encoded = renderer.render(letter), renderer.encode(letter)
    assert encoded.subject == rendered.subject
    assert encoded.text == encode_body(rendered.text)
    assert encoded.html == (None if rendered.html is None else encode_body(rendered.html))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_a_letter_holds_its_octets_are_those_of_the_whole(
    data: st.DataObject, renderer: Renderer, make_letter: MakeLetter
) -> None:
    letter = make_letter(
        *data.draw(ENTRIES),
        also=data.draw(ENTRIES),
        note=data.draw(st.none() | TEXTS),
        reader={
            "name": data.draw(st.none() | TEXTS),
            "address": EmailAddress(data.draw(TEXTS)),
            "topics": tuple(data.draw(st.lists(TEXTS, max_size=2))),
            "format": data.draw(st.sampled_from(LetterFormat)),
        },
        links={"unsubscribe_url": data.draw(st.sampled_from([None, "https://n.example/u/1"]))},
    )
    letter = replace(
        letter,
        subject=data.draw(TEXTS),
        preheader=data.draw(TEXTS),
        headline=data.draw(TEXTS),
    )
    assert_same(renderer, letter)


def letters(make_letter: MakeLetter, make_entry: MakeEntry) -> list[Letter]:
    """Letters that share entries, and differ in all that templates could look at."""
    one, two, three = (make_entry(f"Gulls of island {n}", n) for n in range(3))
    bare = replace(one, content=EntryContent("Bare"), summary="", reasons=())
    unexplained = replace(two, reasons=())
    return [
        make_letter(one, two, also=(three,)),
        make_letter(two, one, also=(bare,), reader={"name": "Åse & <Bo>"}),
        make_letter(one, reader={"name": None, "topics": ()}),
        make_letter(one, unexplained, bare, note="A note " * 30),
        make_letter(note="Nothing was new."),
        make_letter(three, two, one, also=(bare, one), reader={"name": "漢字 " * 20}),
        make_letter(one, two, also=(three,), reader={"format": LetterFormat.TEXT}),
        replace(make_letter(one, two), headline="Headline " * 20, subject="=?.", preheader=""),
    ]


def test_letters_that_share_entries_keep_what_is_their_own(
    templates: dict[str, str], make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    renderer = make_renderer(templates)
    some = letters(make_letter, make_entry)
    for letter in (*some, *reversed(some)):
        assert_same(renderer, letter)


def test_the_same_letter_is_encoded_the_same_by_a_renderer_that_has_seen_others(
    templates: dict[str, str], make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    some = letters(make_letter, make_entry)
    seasoned = make_renderer(templates)
    for letter in some:
        seasoned.encode(letter)
    fresh = [make_renderer(templates).encode(letter) for letter in some]
    assert [seasoned.encode(letter) for letter in some] == fresh


def test_entries_that_come_and_go_are_never_taken_for_each_other(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    for number in range(50):  # the memory of one is given to the next
        encoded = renderer.encode(make_letter(make_entry(f"Island {number}.")))
        assert f"Island {number}.".encode() in encoded.text


def test_a_letter_that_is_too_large_is_trimmed_when_encoded_too(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    entries = (replace(make_entry(number=n), summary=f"{n} gull & net " * 250) for n in range(40))
    assert_same(renderer, make_letter(*entries))


def test_a_year_ago_is_not_this_year(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    letter = make_letter(make_entry())
    later = replace(letter, slot=replace(letter.slot, local_date=date(2027, 1, 4)))
    for one in (letter, later):
        assert_same(renderer, one)
    assert b"21=C2=A0Nov=C2=A02026" in renderer.encode(later).text.replace(b"=\r\n", b"")


def test_a_letter_nobody_can_leave_is_an_error_when_encoded_too(
    renderer: Renderer, make_letter: MakeLetter
) -> None:
    with pytest.raises(RenderingError, match="unsubscribe_mailto"):
        renderer.encode(make_letter(links={"unsubscribe_mailto": "javascript:1"}))


def shell(body: str) -> str:
    section = f"<mj-section><mj-column><mj-text>\n{body}\n</mj-text></mj-column></mj-section>"
    return f"<mjml><mj-body>{section}</mj-body></mjml>"


PRINTS = [
    "{{ letter.headline }}",
    "{{ letter.headline | wrap }} {{ letter.note | wrap(2, '  * ', width=20) }}",
    "{% if letter.reader_name and not letter.note %}{{ letter.reader_name }}{% endif %}",
    "{{ letter.note if letter.note else letter.headline }}",
    "{{ (letter.note if letter.note else letter.headline) | wrap(3) }}",
    "{% for entry in letter.entries %}\n{{ entry.number }} {{ entry.title | upper }}\n{% endfor %}",
    "{% for e in letter.entries %}\n{{ e.numeral }}{% if e.why %}{{ e.why }}{% endif %}\n{% endfor %}",
    "{% for e in letter.entries %}\n{% for link in e.links %}{{ loop.index }}{% endfor %}\n{% endfor %}",
    "{% for e in letter.entries %}\n{{ e.why | wrap(9, 'Why: ') }}\n{% endfor %}{{ rule('=') }}\n",
    "{% if letter.entries %}{{ letter.name | length }}{% endif %}",
]
LOOKS = [
    "{% if letter.reader_name == 'Ada' %}Dear Ada{% endif %}",
    "{{ letter.headline | upper }}",
    "{{ letter.subject | length }}",
    "{{ letter.reader_name ~ '!' }}",
    "{{ letter.note or letter.headline }}",
    "{{ letter['headline'] | title }}",
    "{{ letter.headline | wrap | wrap(4) }}",
    "{{ letter.headline | wrap(letter.name | length) }}",
    "{% set who = letter.reader_name %}{{ who | upper }}",
    "{% set who = letter %}{{ who.reader_name | upper }}",
    "{% filter upper %}{{ letter.reader_name }}{% endfilter %}",
    "{% macro loud(text) %}{{ text | upper }}{% endmacro %}{{ loud(letter.reader_name) }}",
    "{{ letter.entries | length }}",
    "{{ (letter.entries | first).title if letter.entries else '' }}",
    "{% for entry in letter.entries if entry.number < 2 %}{{ entry.title }}\n{% endfor %}",
    "{% for entry in letter.entries %}\n{{ entry.number * 2 }}\n{% endfor %}",
    "{% for entry in letter.entries %}\n{{ loop.index }} {{ loop.last }}\n{% endfor %}",
    "{% for entry in letter.entries %}\n{{ entry.reasons | join(', ') }}\n{% endfor %}",
    "{% for entry in letter.entries %}\n{{ letter.reader_name }}\n{% endfor %}",
    "{% for entry in letter.entries | reverse %}\n{{ entry.title }}\n{% endfor %}",
    "{% for entry in letter.entries %}\n{{ entry.title }}\n{% else %}none{% endfor %}",
    "{% for n in range(letter.subject | length) %}x{% endfor %}",
    "{{ letter.headline.upper() }}",
    "{{ ('a', 'b') | random and letter.name }}",
    "{{ '\x02loop 0\x03' | length }}{{ '\x02' | length }}",
]
MIDLINE = [
    "a {% for entry in letter.entries %}{{ entry.title }}, {% endfor %} z",
    "{% for entry in letter.entries %}{{ entry.title }} {% endfor %}\n",
    "{{ '%c' | format(13) }}",
]


@pytest.mark.parametrize("body", [*PRINTS, *LOOKS, *MIDLINE])
def test_an_operators_template_may_do_what_it_likes(
    body: str, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    renderer = make_renderer({EDITION_HTML: shell(body), EDITION_TEXT: body})
    for letter in letters(make_letter, make_entry) * 2:
        assert_same(renderer, letter)


@pytest.mark.parametrize("body", PRINTS)
def test_a_template_that_only_prints_is_encoded_in_pieces(body: str) -> None:
    assert is_divided(body)


@pytest.mark.parametrize("body", LOOKS)
def test_a_template_that_looks_into_values_is_rendered_whole(body: str) -> None:
    assert not is_divided(body)


def is_divided(body: str) -> bool:
    from newsletter.rendering.environments import TemplateSet  # noqa: PLC0415
    from newsletter.rendering.places import Place, PlacedText  # noqa: PLC0415

    text = PlacedText(body, (Place(EDITION_TEXT, 1),))
    return TemplateSet({EDITION_TEXT: text}, is_html=False).make_encoder(EDITION_TEXT) is not None


@pytest.mark.parametrize(
    "body",
    [
        "{% if letter.note == 'x' %}{% include 'nowhere.txt.j2' %}{% endif %}",
        "{% include letter.name ~ '.txt.j2' ignore missing %}",
        "control \x02 character",
    ],
)
def test_what_cannot_be_known_beforehand_is_rendered_whole(
    body: str, make_letter: MakeLetter
) -> None:
    assert not is_divided(body)
    renderer = make_renderer({EDITION_HTML: shell("x"), EDITION_TEXT: body})
    assert_same(renderer, make_letter())


@pytest.mark.parametrize("included", ["{{ letter.reader_name | upper }}", "{{ letter.note }}"])
def test_what_an_included_template_does_counts(
    included: str, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    body = '{% include "partials/who.txt.j2" %}'
    templates = {EDITION_HTML: shell("x"), EDITION_TEXT: body, "partials/who.txt.j2": included}
    renderer = make_renderer(templates)
    for letter in letters(make_letter, make_entry):
        assert_same(renderer, letter)


def test_a_template_that_fails_for_a_letter_names_the_line_when_encoded_too(
    make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    body = "one\n{% for entry in letter.entries %}\n{{ entry.title.nothing }}\n{% endfor %}\n"
    renderer = make_renderer({EDITION_HTML: shell("x"), EDITION_TEXT: body})
    with pytest.raises(RenderingError, match=r"^edition\.txt\.j2:3: "):
        renderer.encode(make_letter(make_entry()))
