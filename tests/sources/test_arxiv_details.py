"""The clock, the names and the groups of arXiv."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.sources.arxiv.calendar import due_list, is_weekend, missed_days
from newsletter.sources.arxiv.harvest import set_of
from newsletter.sources.arxiv.letters import in_unicode
from newsletter.sources.arxiv.papers import split_names


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 5, 20, 4, 59, tzinfo=UTC), date(2026, 5, 19)),
        (datetime(2026, 5, 20, 5, 0, tzinfo=UTC), date(2026, 5, 20)),
        (datetime(2026, 12, 2, 5, 59, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 5, 24, 12, tzinfo=UTC), date(2026, 5, 22)),
        (datetime(2026, 5, 25, 4, 30, tzinfo=UTC), date(2026, 5, 22)),
    ],
)
def test_a_list_is_due_an_hour_after_midnight_in_new_york_from_monday_to_friday(
    now: datetime, due: date
) -> None:
    assert due_list(now) == due


def test_the_weekend_is_that_of_new_york() -> None:
    assert not is_weekend(datetime(2026, 5, 23, 3, tzinfo=UTC))
    assert is_weekend(datetime(2026, 5, 25, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("last", "missed"),
    [
        (date(2026, 5, 19), None),
        (date(2026, 5, 18), (date(2026, 5, 19), date(2026, 5, 19))),
        (date(2026, 5, 15), (date(2026, 5, 16), date(2026, 5, 19))),
        (date(2026, 5, 21), None),
    ],
)
def test_days_between_two_lists_are_missed(last: date, missed: tuple[date, date] | None) -> None:
    assert missed_days(last, datetime(2026, 5, 20, 12, tzinfo=UTC)) == missed


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("cs.LG", "cs:cs:LG"),
        ("hep-th", "physics:hep-th"),
        ("astro-ph.GA", "physics:astro-ph:GA"),
        ("physics.optics", "physics:physics:optics"),
        ("physics", "physics"),
        ("cs", "cs"),
        ("q-bio.NC", "q-bio:q-bio:NC"),
    ],
)
def test_a_category_has_a_name_among_the_records(category: str, name: str) -> None:
    assert set_of(category) == name


@pytest.mark.parametrize(
    ("written", "names", "places"),
    [
        ("A B, C D (U, City), E", ("A B", "C D", "E"), ("U, City",)),
        ("A (U (Dept, X)), B", ("A", "B"), ("U (Dept, X)",)),
        ("A (U", ("A",), ("U",)),
        ("A) B", ("A) B",), ()),
        ("", (), ()),
        (" , ,", (), ()),
    ],
)
def test_names_are_told_from_affiliations(
    written: str, names: tuple[str, ...], places: tuple[str, ...]
) -> None:
    assert split_names(written) == (names, places)


@given(st.lists(st.text("ab .", min_size=1, max_size=5).filter(str.strip), unique_by=str.strip))
def test_names_without_brackets_are_what_commas_separate(names: list[str]) -> None:
    found, places = split_names(",".join(names))
    assert [name.split() for name in found] == [name.split() for name in names]
    assert places == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"Anselm Ibarram\'on", "Anselm Ibarramón"),
        (r"Noor Gr\"unhagel, B\'er\'enice S\'anchezal", "Noor Grünhagel, Bérénice Sánchezal"),
        (r"Gr{\"u}nhagel", "Grünhagel"),
        (r"Gr\"{u}nhagel", "Grünhagel"),
        (r"G\"ok\c{c}e \c Celik", "Gökçe Çelik"),
        (r"Ji\v{r}\'{\i} \v{S}\u{a}", "Jiří Šă"),
        (r"\O{}vreb\o, \L ukasz Stra\ss e", "Øvrebø, Łukasz Straße"),
        (r"\AA sa O\'Neil d'Ormessart", "Åsa O'Neil d'Ormessart"),
        (r"$\mu$-Group \alpha {Team} \x", r"$\mu$-Group \alpha {Team} \x"),
        ("\\" * 1_000, "\\" * 1_000),
    ],
)
def test_letters_of_names_in_tex_are_read(written: str, meant: str) -> None:
    assert in_unicode(written) == meant
