"""Who of a pull is news, who is known and passed over, and who waits for the operator."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from newsletter.model import (
    Admission,
    Entry,
    EntryContent,
    FetchedEntry,
    IdentityKey,
    KnownEntry,
    NewEntry,
    ReleaseNo,
    RevisedEntry,
    RevisionId,
    SourceName,
)
from newsletter.rules.collecting import Admitted, SourceTerms, admit, usual_terms
from newsletter.rules.identity import file_announcements

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
FEED, BLOG = SourceName("feed"), SourceName("blog")
TERMS = SourceTerms()
RELEASED, HELD, PASSED = Admission.RELEASED, Admission.HELD, Admission.PASSED


def announce(
    number: int, day: date | None = None, *, source: SourceName = FEED, is_revision: bool = False
) -> FetchedEntry:
    content = EntryContent(f"Number {number}", published_on=day)
    doi = f"10.1000/{number}"
    return FetchedEntry(source, str(number), content, doi=doi, is_revision=is_revision)


def november(day: int) -> date:
    return date(2026, 11, day)


def stored(
    announcement: FetchedEntry, admission: Admission
) -> Mapping[IdentityKey, Sequence[Entry]]:
    (change,) = (filed.change for filed in file_announcements([announcement], {}))
    assert isinstance(change, NewEntry)
    number = ReleaseNo(7 if admission is RELEASED else 0)
    entry = Entry(
        change.id,
        RevisionId("r"),
        change.content,
        (change.source,),
        YESTERDAY,
        number,
        change.keys,
        admission=admission,
    )
    return {key: [entry] for key in change.keys}


def pulled(
    *fetched: FetchedEntry,
    known: Mapping[IdentityKey, Sequence[Entry]] | None = None,
    terms: SourceTerms = TERMS,
    last_pull_at: datetime | None = None,
) -> Admitted:
    filed = file_announcements(fetched, known or {})
    return admit(filed, terms, last_pull_at=last_pull_at, now=NOW)


def admissions(admitted: Admitted) -> list[Admission]:
    return [one.admission for one in admitted.changes if isinstance(one, NewEntry)]


def test_at_the_first_pull_only_the_last_announcement_is_news() -> None:
    first = pulled(announce(1, november(20)), announce(2, november(19)), announce(3, november(20)))

    assert admissions(first) == [RELEASED, PASSED, RELEASED]


def test_the_operator_says_since_when_a_first_pull_is_news() -> None:
    terms = SourceTerms(since=november(19))
    days = [november(day) for day in (20, 19, 18)]

    first = pulled(*map(announce, range(3), days), terms=terms)

    assert admissions(first) == [RELEASED, RELEASED, PASSED]


def test_the_moment_of_the_announcement_comes_before_the_day_of_the_paper() -> None:
    new_york = timezone(timedelta(hours=-5))
    late = datetime(2026, 11, 20, 23, 0, tzinfo=new_york)
    today = replace(announce(1, november(1)), announced_at=late)

    first = pulled(today, announce(2, november(20)), announce(3, november(19)))

    assert admissions(first) == [RELEASED, RELEASED, PASSED]


def test_a_date_in_the_future_does_not_make_all_others_old() -> None:
    first = pulled(announce(1, date(2031, 1, 1)), announce(2, november(20)))
    assert admissions(first) == [RELEASED, RELEASED]

    only = pulled(announce(1, date(2031, 1, 1)))
    assert admissions(only) == [RELEASED]


def test_a_source_ahead_of_utc_may_be_a_day_ahead() -> None:
    first = pulled(announce(1, november(24)), announce(2, november(23)), terms=TERMS)
    assert admissions(first) == [RELEASED, RELEASED]

    evening = admit(
        file_announcements([announce(1, november(24)), announce(2, november(23))], {}),
        TERMS,
        last_pull_at=None,
        now=NOW.replace(hour=20),
    )
    assert admissions(evening) == [RELEASED, PASSED]


def test_of_a_first_pull_without_dates_the_first_ten_are_news() -> None:
    first = pulled(*map(announce, range(50)))
    assert admissions(first) == [RELEASED] * 10 + [PASSED] * 40


def test_what_has_no_date_among_dated_ones_is_no_news_at_first() -> None:
    first = pulled(announce(1), announce(2, november(20)))
    assert admissions(first) == [PASSED, RELEASED]


def test_after_the_first_pull_everything_new_is_news() -> None:
    later = pulled(announce(1, november(2)), announce(2), last_pull_at=YESTERDAY)
    assert admissions(later) == [RELEASED, RELEASED]


@pytest.mark.parametrize("kind", ["file", "saved-page", "mail"])
def test_what_somebody_chose_is_news_however_old(kind: str) -> None:
    days = [date(2020, 1, 1 + number % 20) for number in range(40)]
    fetched = tuple(map(announce, range(40), days))

    first = pulled(*fetched, terms=usual_terms(kind))
    later = pulled(*fetched, terms=usual_terms(kind), last_pull_at=YESTERDAY)

    assert set(admissions(first)) == set(admissions(later)) == {RELEASED}


def test_the_changed_version_of_an_unknown_paper_is_no_news() -> None:
    revision = announce(1, november(23), is_revision=True)

    assert admissions(pulled(revision)) == [PASSED]
    assert admissions(pulled(revision, last_pull_at=YESTERDAY)) == [PASSED]
    assert admissions(pulled(revision, terms=usual_terms("file"))) == [PASSED]


def test_a_paper_that_is_new_and_changed_in_one_pull_is_news() -> None:
    both = pulled(announce(1), announce(1, is_revision=True), last_pull_at=YESTERDAY)
    assert admissions(both) == [RELEASED]


@pytest.mark.parametrize("admission", [HELD, PASSED])
def test_another_source_makes_news_of_what_was_no_news(admission: Admission) -> None:
    known = stored(announce(1, november(1)), admission)

    (change,) = pulled(
        announce(1, november(23), source=BLOG), known=known, last_pull_at=YESTERDAY
    ).changes

    assert isinstance(change, RevisedEntry)
    assert change.is_released


def test_the_same_source_does_not_make_news_of_it() -> None:
    known = stored(announce(1, november(1)), PASSED)
    again = replace(announce(1, november(23)), topics=("rl",))

    (change,) = pulled(again, known=known, last_pull_at=YESTERDAY).changes

    assert isinstance(change, RevisedEntry)
    assert not change.is_released


def test_at_its_own_first_pull_the_other_source_makes_news_of_its_last_day_only() -> None:
    known = stored(announce(1, november(1)), PASSED)
    latest = announce(2, november(20), source=BLOG)

    old, _ = pulled(announce(1, november(1), source=BLOG), latest, known=known).changes
    same_day, _ = pulled(announce(1, november(20), source=BLOG), latest, known=known).changes

    assert isinstance(old, RevisedEntry)
    assert isinstance(same_day, RevisedEntry)
    assert (old.is_released, same_day.is_released) == (False, True)


def test_a_changed_version_elsewhere_makes_no_news_of_it() -> None:
    known = stored(announce(1, november(1)), PASSED)
    revision = announce(1, november(23), source=BLOG, is_revision=True)

    (change,) = pulled(revision, known=known, last_pull_at=YESTERDAY).changes

    assert isinstance(change, RevisedEntry)
    assert not change.is_released


def test_what_is_released_is_not_released_again() -> None:
    known = stored(announce(1), RELEASED)

    (known_one,) = pulled(announce(1), known=known, last_pull_at=YESTERDAY).changes
    (elsewhere,) = pulled(announce(1, source=BLOG), known=known, last_pull_at=YESTERDAY).changes

    assert isinstance(known_one, KnownEntry)
    assert isinstance(elsewhere, RevisedEntry)
    assert not elsewhere.is_released


@pytest.mark.parametrize(
    ("kind", "most"),
    [("arxiv", 5_000), ("biorxiv", 2_000), ("feed", 500), ("crossref", 500), ("mail", 5_000)],
)
def test_each_kind_has_its_own_idea_of_a_flood(kind: str, most: int) -> None:
    assert usual_terms(kind).at_most_new == most


@pytest.mark.parametrize("kind", ["file", "saved-page"])
def test_what_the_operator_hands_in_is_no_flood(kind: str) -> None:
    assert usual_terms(kind).at_most_new is None


def test_more_new_entries_than_allowed_are_all_held() -> None:
    terms = SourceTerms(at_most_new=3)

    flood = pulled(*map(announce, range(4)), terms=terms, last_pull_at=YESTERDAY)
    busy = pulled(*map(announce, range(3)), terms=terms, last_pull_at=YESTERDAY)

    assert admissions(flood) == [HELD] * 4
    assert "4 new entries at once are more than 3 (at_most_new)" in flood.flood
    assert admissions(busy) == [RELEASED] * 3
    assert busy.flood == ""


def test_a_first_pull_can_be_a_flood_of_its_news_alone() -> None:
    terms = SourceTerms(at_most_new=3)
    old = [announce(number, november(1)) for number in range(10)]
    latest = [announce(number, november(20)) for number in range(20, 24)]

    assert admissions(pulled(*old, *latest, terms=terms)) == [PASSED] * 10 + [HELD] * 4
    assert admissions(pulled(*old, *latest[:3], terms=terms)) == [PASSED] * 10 + [RELEASED] * 3


def test_a_flood_releases_nothing_that_was_no_news() -> None:
    known = stored(announce(0), PASSED)
    terms = SourceTerms(at_most_new=3)
    fetched = [announce(number, source=BLOG) for number in range(4)]

    first, *others = pulled(*fetched, known=known, terms=terms, last_pull_at=YESTERDAY).changes

    assert isinstance(first, RevisedEntry)
    assert not first.is_released
    assert [one.admission for one in others if isinstance(one, NewEntry)] == [HELD] * 3


def test_known_entries_make_no_flood() -> None:
    known = stored(announce(0), RELEASED)
    fetched = [announce(number) for number in range(4)]

    pull = pulled(*fetched, known=known, terms=SourceTerms(at_most_new=3), last_pull_at=YESTERDAY)

    assert admissions(pull) == [RELEASED] * 3


def backdated(old: int, fresh: int = 0) -> list[FetchedEntry]:
    return [
        *(announce(number, november(1)) for number in range(old)),
        *(announce(1_000 + number, november(23)) for number in range(fresh)),
    ]


def test_old_entries_that_were_not_there_at_the_last_pull_are_held() -> None:
    flood = pulled(*backdated(40, 10), last_pull_at=YESTERDAY)

    assert set(admissions(flood)) == {HELD}
    assert "40 of 50 new entries are dated before the last pull" in flood.flood


@pytest.mark.parametrize(("old", "fresh"), [(9, 0), (10, 3), (79, 21)])
def test_a_few_late_ones_are_no_flood(old: int, fresh: int) -> None:
    assert set(admissions(pulled(*backdated(old, fresh), last_pull_at=YESTERDAY))) == {RELEASED}


def test_the_day_of_the_last_pull_is_not_before_it_in_any_zone() -> None:
    fetched = [announce(number, november(22)) for number in range(20)]
    shortly_after_midnight = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

    assert set(admissions(pulled(*fetched, last_pull_at=shortly_after_midnight))) == {RELEASED}


def test_a_source_that_looks_back_and_finds_more_is_no_flood() -> None:
    fetched = backdated(50)
    changes = file_announcements(fetched[:30], {})
    known = {
        key: [entry]
        for one in changes
        for key, (entry,) in stored(one.announcements[0], RELEASED).items()
    }

    more = pulled(*fetched, known=known, last_pull_at=YESTERDAY)

    assert admissions(more) == [RELEASED] * 20


def test_what_has_no_date_is_not_taken_for_old() -> None:
    later = pulled(*map(announce, range(40)), last_pull_at=YESTERDAY)
    assert set(admissions(later)) == {RELEASED}


def test_an_empty_pull_changes_nothing() -> None:
    assert pulled(last_pull_at=YESTERDAY) == Admitted(())
    assert pulled() == Admitted(())
