"""Which entries people were sent, or will be: one row for an edition, which outlives it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, String, bindparam, literal_column, select

from newsletter.model import Edition, EditionId, EntryId, SlotPlan
from newsletter.ports import Shown
from newsletter.rules.short_matches import ShortMatches, entries_of
from newsletter.storage.bulk_columns import Columns, NewRows, Same, insert_columns
from newsletter.storage.codec import read_texts, write_known_texts
from newsletter.storage.columns import table_of
from newsletter.storage.rows import fetch_listed, tuples_in
from newsletter.storage.tables import AppearanceRow, AppearanceState, EntryRow

_APPEARANCES: Final = table_of(AppearanceRow)
_ENTRIES: Final = table_of(EntryRow)

_OF_PEOPLE: Final = select(
    _APPEARANCES.c.subscriber, _APPEARANCES.c.edition, _APPEARANCES.c.shown, _APPEARANCES.c.named
)
_LIVE: Final = _OF_PEOPLE.where(_APPEARANCES.c.state == AppearanceState.LIVE)
_LIVE_ABOVE: Final = _LIVE.where(_APPEARANCES.c.watermark >= bindparam("lowest_release"))
# Written out, not bound: the partial index holds these rows alone.
_IS_GIVEN_BACK: Final = _APPEARANCES.c.state == literal_column(f"'{AppearanceState.GIVEN_BACK}'")
_GIVEN_BACK: Final = _OF_PEOPLE.where(_IS_GIVEN_BACK)
_ANY_GIVEN_BACK: Final = (
    select(_APPEARANCES.c.edition)
    .where(
        _IS_GIVEN_BACK,
        _APPEARANCES.c.subscriber >= bindparam("first", type_=String),
        _APPEARANCES.c.subscriber <= bindparam("last", type_=String),
    )
    .limit(1)
)
_RELEASES: Final = select(_ENTRIES.c.release_no)

_ALL_OF_THEM: Final = 0
"""Release numbers begin at 1."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Entries of one subscriber's editions."""

    shown: set[EntryId] = field(default_factory=set)
    named: set[EntryId] = field(default_factory=set)


def appearance_rows(letters: Sequence[tuple[SlotPlan, Edition]]) -> NewRows:
    """Put together what these editions show and name."""
    full = [one for one in letters if one[1].matches or one[1].also_matched]
    columns: Columns = {
        "subscriber": [plan.subscriber for plan, _ in full],
        "watermark": [plan.watermark for plan, _ in full],
        "edition": [edition.id for _, edition in full],
        "state": Same(AppearanceState.LIVE),
        "shown": [write_known_texts(entries_of(edition.matches)) for _, edition in full],
        "named": [write_known_texts(_named_alone(edition)) for _, edition in full],
    }
    return NewRows(len(full), columns)


def write_appearances(connection: Connection, rows: NewRows) -> None:
    """Write down what editions show and name."""
    insert_columns(connection, _APPEARANCES, *rows)


def read_live(
    connection: Connection,
    subscribers: Iterable[str],
    entries: frozenset[EntryId] | None = None,
) -> Mapping[str, Seen]:
    """Return what these people were sent, or will be; of all entries where `entries` is None.

    Only editions are looked at that may hold one of `entries`, so that what is asked of new entries
    costs nothing, however much somebody was sent before.
    """
    if entries is None:
        return _seen(tuples_in(connection, _LIVE, _APPEARANCES.c.subscriber, subscribers), None)
    if not entries:
        return {}
    lowest = {"lowest_release": _lowest_release(connection, entries)}
    rows = tuples_in(connection, _LIVE_ABOVE, _APPEARANCES.c.subscriber, subscribers, lowest)
    return _seen(rows, entries)


def read_given_back(
    connection: Connection, subscribers: Sequence[str]
) -> Mapping[str, frozenset[EntryId]]:
    """Return what editions gave back and no other edition shows or names."""
    if not subscribers:
        return {}
    extent = {"first": min(subscribers), "last": max(subscribers)}
    if connection.execute(_ANY_GIVEN_BACK, extent).first() is None:
        return {}  # nearly always
    rows = tuples_in(connection, _GIVEN_BACK, _APPEARANCES.c.subscriber, subscribers)
    offered = _seen(rows, None)
    live = read_live(connection, offered) if offered else {}
    nothing = Seen()
    return {
        person: frozenset((seen.shown | seen.named) - kept.shown - kept.named)
        for person, seen in offered.items()
        for kept in (live.get(person, nothing),)
    }


def read_entries(connection: Connection, subscriber: str, beginning: str) -> Shown | None:
    """Return what one edition shows, then what it names; None for an edition that never was."""
    mine = _OF_PEOPLE.where(
        _APPEARANCES.c.subscriber == subscriber,
        _APPEARANCES.c.edition.startswith(beginning, autoescape=True),
    )
    row = connection.execute(mine.limit(1)).first()
    return (EditionId(row.edition), [*_ids(row.shown), *_ids(row.named)]) if row else None


def shows_what_went_elsewhere(connection: Connection, subscriber: str, edition: str) -> bool:
    """Say whether another edition, sent or on its way, shows an entry that this one shows."""
    mine = _APPEARANCES.c.subscriber == subscriber
    own = select(_APPEARANCES.c.shown).where(mine, _APPEARANCES.c.edition == edition)
    shown = {entry for text in connection.execute(own).scalars() for entry in _ids(text)}
    others = _LIVE.where(mine, _APPEARANCES.c.edition != edition)
    return any(not shown.isdisjoint(_ids(row.shown)) for row in connection.execute(others))


def _named_alone(edition: Edition) -> Sequence[EntryId]:
    """Return what an edition names and does not show."""
    named = entries_of(edition.also_matched)
    if isinstance(edition.also_matched, ShortMatches):
        return named  # chosen beside what is shown
    shown = entries_of(edition.matches)
    return [entry for entry in named if entry not in shown]


def _seen(rows: Iterable[Any], entries: frozenset[EntryId] | None) -> Mapping[str, Seen]:
    found: defaultdict[str, Seen] = defaultdict(Seen)
    for subscriber, _, shown, named in rows:
        seen = found[subscriber]
        seen.shown.update(_ids(shown))
        seen.named.update(_ids(named))
    if entries is not None:
        for seen in found.values():
            seen.shown.intersection_update(entries)
            seen.named.intersection_update(entries)
    return found


def _ids(text: str) -> Iterator[EntryId]:
    return map(EntryId, read_texts(text, "appearance"))


def _lowest_release(connection: Connection, entries: frozenset[EntryId]) -> int:
    """Return a number that none of `entries` was released below."""
    numbers = fetch_listed(connection, _RELEASES, _ENTRIES.c.id, entries)
    if len(numbers) < len(entries):
        return _ALL_OF_THEM
    lowest: int = min(number for (number,) in numbers)
    return lowest
