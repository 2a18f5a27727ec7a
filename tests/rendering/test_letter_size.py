"""The HTML stays below what providers clip, and the text loses nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from newsletter.errors import RenderingError
from newsletter.model import Letter, LetterEntry
from newsletter.ports import Renderer
from newsletter.rendering.trimming import LARGEST_HTML_BYTES, render_within, size_bytes, trim
from newsletter.rendering.views import LetterView, view_letter

MakeLetter = Callable[..., Letter]
MakeEntry = Callable[..., LetterEntry]


@pytest.fixture
def entries(make_entry: MakeEntry) -> tuple[LetterEntry, ...]:
    return tuple(
        replace(
            make_entry(f"Gulls of island {n}", n), summary=f"Island {n}. " + "gull & net " * 250
        )
        for n in range(40)
    )


def test_forty_entries_of_long_abstracts_are_trimmed_and_keep_reasons_and_foot(
    renderer: Renderer, make_letter: MakeLetter, entries: tuple[LetterEntry, ...]
) -> None:
    email = renderer.render(make_letter(*entries))
    assert email.html is not None
    assert 90_000 < size_bytes(email.html) <= LARGEST_HTML_BYTES
    assert "Island 0." in email.html
    assert "Island 39." not in email.html
    assert email.html.count("Gulls: “gull”, “net”") == 40
    assert "Unsubscribe" in email.html
    assert "1 Quay" in email.html
    assert "Island 39." in email.text


def test_a_letter_that_fits_is_whole(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    html = renderer.render(make_letter(*(make_entry(number=n) for n in range(12)))).html or ""
    assert html.count("The net was faster.") == 12


def test_titles_beyond_all_measure_end_in_the_text_part(
    renderer: Renderer, make_letter: MakeLetter, make_entry: MakeEntry
) -> None:
    many = tuple(make_entry("&" * 390 + f" {n}", n) for n in range(100))
    email = renderer.render(make_letter(*many, also=many))
    assert email.html is not None
    assert size_bytes(email.html) <= LARGEST_HTML_BYTES
    assert "more did not fit here" in email.html
    assert "100 more also matched" in email.html
    assert "&" * 390 + " 99" in " ".join(email.text.split())


@pytest.fixture
def view(make_letter: MakeLetter, make_entry: MakeEntry) -> LetterView:
    also = (make_entry("Third", 3),)
    return view_letter(make_letter(make_entry("First", 1), make_entry("Second", 2), also=also))


def test_parts_are_given_up_in_order(view: LetterView) -> None:
    def outline(dropped: int) -> tuple[str, ...]:
        letter = trim(view, dropped)
        shown = [
            f"{entry.title}{'+' * bool(entry.summary)}{'!' * bool(entry.authors)}"
            for entry in letter.entries
        ]
        return (*shown, *(entry.title for entry in letter.also_matched))

    assert outline(0) == ("First+!", "Second+!", "Third")
    assert outline(1) == ("First+!", "Second!", "Third")
    assert outline(2) == ("First!", "Second!", "Third")
    assert outline(3) == ("First!", "Second!")
    assert outline(4) == ("First!", "Second")
    assert outline(5) == ("First", "Second")
    assert outline(6) == ("First",)
    assert outline(7) == ()


def test_what_was_left_out_is_counted(view: LetterView) -> None:
    letter = trim(view, 6)
    assert (letter.entries_left_out, letter.also_matched_left_out) == (1, 1)


def test_a_foot_that_is_too_large_alone_is_an_error(view: LetterView) -> None:
    with pytest.raises(RenderingError, match="without any entry has more than 100 bytes"):
        render_within(100, view, lambda _: "x" * 101)
