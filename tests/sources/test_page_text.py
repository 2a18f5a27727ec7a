"""A Daily Papers page, taken apart."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.sources.page_text import PageEntry, read_page

HEADER = """new

Get trending papers in your email inbox!

Subscribe

Daily Papers

byAK and the research community

Feb 3

"""
SILT = "Silt fills small harbours. We say how fast it does so, and what a dredger can do about it."
SALT = (
    "Salt pans need wind. We count the windy days of nine summers and find that there are enough."
)


def entry(title: str, abstract: str, *facts: str) -> str:
    return "\n".join([title, "", abstract, "", *facts, "", ""])


def read_one(*facts: str, year: int | None = None) -> PageEntry:
    (found,) = read_page(HEADER + entry("Silt", SILT, *facts), year=year).entries
    return found


def test_an_entry_has_title_abstract_authors_date_and_comments() -> None:
    assert read_one("  • 6 authors", "·", "Jan 7, 2024 12") == PageEntry(
        "Silt", SILT, author_count=6, published_on=date(2024, 1, 7), comments=12
    )


@pytest.mark.parametrize(
    ("line", "count", "organization"),
    [
        ("  • 1 authors", 1, None),
        ("• 1 author", 1, None),
        ("harbour-lab   Harbour Lab of the North", None, "Harbour Lab of the North"),
        ("Harbour", None, "Harbour"),
        ("harbour-lab Harbour Lab  • 3 authors", 3, "Harbour Lab"),
    ],
)
def test_the_line_above_the_dot_tells_authors_or_organization(
    line: str, count: int | None, organization: str | None
) -> None:
    found = read_one(line, "·", "Jan 7, 2024")

    assert (found.author_count, found.organization) == (count, organization)
    assert found.abstract == SILT


@pytest.mark.parametrize(
    ("written", "day", "comments"),
    [
        ("Nov 30, 2024", date(2024, 11, 30), None),
        ("Sep 10, 2024 3", date(2024, 9, 10), 3),
        ("Sept 10, 2024  1,203", date(2024, 9, 10), 1203),
        ("Oct 10 2", date(2031, 10, 10), 2),
        ("October 9", date(2031, 10, 9), None),
    ],
)
def test_a_date_is_read_with_or_without_year_and_comments(
    written: str, day: date, comments: int | None
) -> None:
    page = read_page(
        HEADER
        + entry("Salt", SALT, "• 2 authors", "·", "Dec 1, 2030")
        + entry("Silt", SILT, "• 2 authors", "·", written)
    )

    assert (page.entries[1].published_on, page.entries[1].comments) == (day, comments)


def test_a_page_without_any_year_takes_the_year_of_the_source() -> None:
    assert read_one("• 2 authors", "·", "Oct 10 2", year=2026).published_on == date(2026, 10, 10)


def test_a_page_without_any_year_leaves_dates_open_and_says_so() -> None:
    page = read_page(HEADER + entry("Silt", SILT, "• 2 authors", "·", "Oct 10 2"))

    assert page.entries[0].published_on is None
    assert page.entries[0].comments == 2
    assert "set `year`" in page.doubts[0].message
    assert page.doubts[0].line == 19


def test_a_day_that_never_was_is_left_out_and_said() -> None:
    page = read_page(HEADER + entry("Silt", SILT, "• 2 authors", "·", "Feb 29"), year=2026)

    assert page.entries[0].published_on is None
    assert page.doubts[0].message == "there is no such day; the date is left out"


def test_a_strange_count_is_left_out_and_said() -> None:
    page = read_page(HEADER + entry("Silt", SILT, "• 2 authors", "·", "Feb 2, 2025 many"))

    assert page.entries[0].comments is None
    assert '"many" is no count' in page.doubts[0].message


def test_entries_without_the_three_lines_take_turns() -> None:
    question = "Tricks or Traps? A Closer Look"
    page = read_page(HEADER + entry(question, SILT) + entry("Salt", f"{SALT} https://example.org"))

    assert page.entries == (
        PageEntry(question, SILT),
        PageEntry("Salt", f"{SALT} https://example.org"),
    )
    assert not page.doubts


def test_a_long_text_with_a_question_reads_as_prose() -> None:
    asked = "Who fills the harbours? " + "and who will dig them out again " * 4
    page = read_page(HEADER + entry("Silt", asked) + entry("Salt", SALT))

    assert [found.title for found in page.entries] == ["Silt", "Salt"]


def test_entries_with_and_without_the_three_lines_stand_on_one_page() -> None:
    page = read_page(
        HEADER
        + entry("Silt", SILT)
        + entry("Salt", SALT, "• 2 authors", "·", "Feb 2, 2025")
        + entry("Rope", SILT)
    )

    assert [found.title for found in page.entries] == ["Silt", "Salt", "Rope"]
    assert [found.author_count for found in page.entries] == [None, 2, None]


def test_an_abstract_may_have_paragraphs_and_hard_wraps() -> None:
    page = read_page(
        HEADER
        + entry("Silt", f"{SILT}\n\n{SALT}", "• 2 authors", "·", "Feb 2, 2025")
        + entry("Salt\nin the south", SALT.replace(" and ", "\nand "))
    )

    assert [found.abstract for found in page.entries] == [f"{SILT}\n\n{SALT}", SALT]
    assert page.entries[1].title == "Salt in the south"


def test_a_short_abstract_is_one_when_the_three_lines_follow() -> None:
    page = read_page(HEADER + entry("Silt", "In short", "• 2 authors", "·", "Feb 2, 2025"))

    assert page.entries[0].abstract == "In short"


def test_an_entry_may_lack_its_abstract_or_its_authors() -> None:
    page = read_page(
        HEADER
        + "Silt\n\n• 2 authors\n·\nFeb 2, 2025\n\n"
        + entry("Salt", SALT, "·", "Feb 3, 2025")
        + entry("Rope", SALT * 3, "·", "Feb 4, 2025")
    )

    assert page.entries == (
        PageEntry("Silt", author_count=2, published_on=date(2025, 2, 2)),
        PageEntry("Salt", SALT, published_on=date(2025, 2, 3)),
        PageEntry("Rope", SALT * 3, published_on=date(2025, 2, 4)),
    )


def test_buttons_below_the_entries_are_no_entries() -> None:
    page = read_page(HEADER + entry("Silt", SILT) + "Company\n\nPrivacy\n\nAbout\n")

    assert [found.title for found in page.entries] == ["Silt"]
    assert '"Company" has neither an abstract nor a date' in page.doubts[0].message


def test_a_date_without_a_title_is_said() -> None:
    page = read_page(HEADER + "·\nFeb 2, 2025\n")

    assert not page.entries
    assert "no title before it" in page.doubts[0].message


def test_the_day_as_a_heading_is_no_title() -> None:
    page = read_page(HEADER + entry("Silt", SILT) + "Feb 2\n\n" + entry("Salt", SALT))

    assert [found.title for found in page.entries] == ["Silt", "Salt"]


@pytest.mark.parametrize(
    "lay_out",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("\n", "   \n"),
        lambda text: text.replace("\n", "\n\n"),
        lambda text: "\n".join(line for line in text.split("\n") if line),
        lambda text: text.rstrip(),
        lambda text: text.replace("Daily Papers\n\n", ""),
        lambda text: text[text.index("Silt\n") :],
        lambda text: f"Models\n\nDatasets\n\nDocs\n\n{text}",
        lambda text: text.replace("byAK", "by AK").replace("\n\nFeb 3\n", "\n"),
        lambda text: text.replace("byAK and the research community\n\n", ""),
    ],
)
def test_other_browsers_lay_the_same_page_out_differently(lay_out: object) -> None:
    assert callable(lay_out)
    text = (
        HEADER
        + entry("Silt", SILT, "  • 6 authors", "·", "Jan 7, 2024 12")
        + entry("Salt", SALT, "pans Salt Pans", "·", "Jan 9")
    )

    page = read_page(lay_out(text))

    assert page.entries == read_page(text).entries
    assert len(page.entries) == 2
    assert page.is_daily_papers


@pytest.mark.parametrize("text", ["", "new", "Dear all,\n\nplease find below.\n\nYours", "a\n\nb"])
def test_another_text_is_not_taken_for_such_a_page(text: str) -> None:
    assert not read_page(text).is_daily_papers


def test_a_page_of_a_weekend_has_a_header_and_no_entries() -> None:
    page = read_page(HEADER)

    assert page.is_daily_papers
    assert not page.entries
    assert not page.doubts


@given(
    st.lists(
        st.sampled_from(["", "·", "Jan 7", "Jan 7, 2024 x", "• 6 authors", "Silt", SILT, "new"])
    )
)
def test_no_order_of_lines_makes_reading_fail_or_invents_an_abstract(lines: list[str]) -> None:
    page = read_page(HEADER + "\n".join(lines))

    told = sum(f"{found.title} {found.abstract}".count(SILT) for found in page.entries)
    assert told <= lines.count(SILT)
