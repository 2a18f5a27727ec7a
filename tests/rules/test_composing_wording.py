"""Subject, preheader, headline and dates."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.rules.composing import (
    write_date,
    write_day,
    write_headline,
    write_preheader,
    write_subject,
)

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("titles", "subject"),
    [
        (["Counting gulls", *"abcdefgh"], "Counting gulls, and 8 more"),
        (["Counting gulls"], "Counting gulls"),
        (["Counting\r\nBcc: gulls\u202e"], "Counting Bcc: gulls"),
        (["\u200b"], "Untitled"),
        ([], "Nothing for you this time"),
    ],
)
def test_the_subject_is_made_of_the_best_title(titles: list[str], subject: str) -> None:
    assert write_subject(titles) == subject


@settings(deadline=None)
@given(st.lists(st.text(), max_size=4))
def test_a_subject_is_never_empty_nor_too_long(titles: list[str]) -> None:
    subject = write_subject(titles)
    assert subject.strip()
    assert len(subject) <= 78


def test_the_preheader_names_what_comes_next() -> None:
    titles = ["First", "Second", "Third", "Fourth", "Fifth"]
    assert write_preheader(titles, otherwise="x") == "Second · Third · Fourth"


def test_the_preheader_of_one_entry_is_what_it_says() -> None:
    assert write_preheader(["First"], otherwise="About gulls.") == "About gulls."
    assert len(write_preheader(["First", "word " * 99], otherwise="")) <= 150


@pytest.mark.parametrize(
    ("chosen", "new", "since", "headline"),
    [
        (9, 143, FRIDAY, "9 entries for you out of 143 new since Friday"),
        (1, 1_430, FRIDAY, "1 entry for you out of 1,430 new since Friday"),
        (9, 143, date(2026, 11, 17), "9 entries for you out of 143 new since Tuesday"),
        (9, 143, date(2026, 11, 16), "9 entries for you out of 143 new since 16 November"),
        (9, 143, date(2025, 12, 1), "9 entries for you out of 143 new since 1 December 2025"),
        (9, 143, MONDAY, "9 entries for you out of 143 new today"),
        (9, 143, date(2026, 11, 24), "9 entries for you out of 143 new"),
        (1, 1, FRIDAY, "1 entry for you, the only one new since Friday"),
        (3, 3, FRIDAY, "3 entries for you, all that is new since Friday"),
        (3, 1, FRIDAY, "3 entries for you"),
        (9, 143, None, "Your first letter: 9 entries for you out of 143 new"),
        (0, 143, FRIDAY, "Nothing for you out of 143 new since Friday"),
        (0, 0, FRIDAY, "Nothing new since Friday"),
    ],
)
def test_the_headline_counts_in_good_english(
    chosen: int, new: int, since: date | None, headline: str
) -> None:
    assert write_headline(chosen, new, since=since, today=MONDAY) == headline


def test_dates_are_written_in_english() -> None:
    assert write_date(MONDAY) == "Monday, 23 November 2026"
    assert write_day(FRIDAY, today=MONDAY) == "20 Nov"
    assert write_day(date(2025, 5, 1), today=MONDAY) == "1 May 2025"
