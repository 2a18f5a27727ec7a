"""Matches that many editions have in common, written once for all that are planned together.

Each match is as long as all the rest of an edition, and thousands of people get the same one. What only
one edition says stays in its own row, and goes with that: nothing in a pack is of one person alone.

Where letters were chosen on arrays, a pack holds the entries, and each edition has its matches as lines
that name these by their numbers (rules.short_matches).
"""

from collections import ChainMap, Counter
from collections.abc import Collection, Iterable, Iterator, MutableMapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, exists, select

from newsletter.errors import RecordError
from newsletter.model import Edition, EditionId, EntryId, Match
from newsletter.rules.recent import Recent
from newsletter.rules.short_matches import ShortMatches
from newsletter.storage.bulk import insert_rows
from newsletter.storage.bulk_columns import Columns, NewRows, Same, insert_columns
from newsletter.storage.codec import (
    read_numbered_edition,
    write_edition,
    write_match,
    write_short_edition,
)
from newsletter.storage.columns import table_of
from newsletter.storage.rows import rows_in
from newsletter.storage.tables import EditionRow, PackRow

Lines = Sequence[str]
"""The matches of a pack, or its entries, each as JSON."""

_KEPT: Final = 8
"""Packs that are kept as they were read: letters leave in the order in which they were planned."""

_PACKS: Final = table_of(PackRow)
_EDITIONS: Final = table_of(EditionRow)


def count_packs(editions: Iterable[Edition]) -> int:
    """Return how many packs such editions need at most: one for each register, and one without."""
    return 1 + len(
        {id(one.matches.register) for one in editions if isinstance(one.matches, ShortMatches)}
    )


class _ShortRows(NamedTuple):
    """Editions with one register, as rows without their pack, and the texts of that."""

    texts: Sequence[str]
    rows: NewRows


class EditionRows(NamedTuple):
    """Editions that were planned together, as rows that wait for the numbers of their packs."""

    short: Sequence[_ShortRows]
    others: Sequence[Edition]


def edition_rows(editions: Sequence[Edition]) -> EditionRows:
    """Put together what can be of these editions."""
    short: dict[int, list[_Short]] = {}
    others = []
    for edition in editions:
        shown, named = edition.matches, edition.also_matched
        if isinstance(shown, ShortMatches) and isinstance(named, ShortMatches):
            short.setdefault(id(shown.register), []).append((edition, shown, named))
        else:
            others.append(edition)
    return EditionRows([_short_rows(group) for group in short.values()], others)


def write_editions(connection: Connection, rows: EditionRows, numbers: Sequence[int]) -> None:
    """Write editions that were planned together; `numbers` are for their packs, as `count_packs` has it."""
    if rows.others:
        insert_rows(connection, _EDITIONS, _rows(connection, rows.others, numbers[0]))
    for group, pack in zip(rows.short, numbers[1:], strict=False):  # some may have been refused
        _write_pack(connection, pack, group.texts)
        size, columns = group.rows
        insert_columns(connection, _EDITIONS, size, {**columns, "pack": Same(pack)})


def _rows(
    connection: Connection, editions: Sequence[Edition], pack: int
) -> list[dict[str, object]]:
    counts = Counter(map(id, chain.from_iterable(map(_matches, editions))))
    shared = {id(one): one for edition in editions for one in _matches(edition)}
    shared = {number: one for number, one in shared.items() if counts[number] > 1}
    numbers = {id_: place for place, id_ in enumerate(shared)}
    if shared:
        _write_pack(connection, pack, map(write_match, shared.values()))
    return [_row(edition, pack if shared else None, numbers) for edition in editions]


_Short = tuple[Edition, ShortMatches, ShortMatches]
"""An edition whose matches are lines, all with one register: those it shows, and those it names."""


def _short_rows(editions: Sequence[_Short]) -> _ShortRows:
    """Put together editions with one register; their pack will hold the entries that they name."""
    _, first, _ = editions[0]
    register = first.register
    # Of a tree larger than what is held of it each page is then touched once.
    editions = sorted(editions, key=_name_of)
    entries: set[EntryId] = set()
    for _, shown, named in editions:
        entries.update(shown.entries, named.entries)
    texts = [""] * len(register.texts)
    for entry in entries:
        number = register.numbers[entry]
        texts[number] = register.texts[number]
    columns: Columns = {
        "id": [edition.id for edition, _, _ in editions],
        "subscriber": [edition.reader.subscriber for edition, _, _ in editions],
        "decision": [write_short_edition(*one) for one in editions],
        "own": ["\n".join([*shown.lines, *named.lines]) for _, shown, named in editions],
    }
    return _ShortRows(texts, NewRows(len(editions), columns))


def _name_of(one: _Short) -> EditionId:
    edition, _, _ = one
    return edition.id


def packs_of(connection: Connection, editions: Iterable[str]) -> set[int]:
    """Return the packs that these editions are read with."""
    rows = rows_in(connection, select(_EDITIONS.c.pack), _EDITIONS.c.id, editions)
    return {row["pack"] for row in rows} - {None}


def remove_empty(connection: Connection, packs: Collection[int]) -> None:
    """Remove those of `packs` that no edition is read with any more."""
    is_empty = ~exists().where(_EDITIONS.c.pack == _PACKS.c.id)
    for pack in packs:
        connection.execute(delete(_PACKS).where(_PACKS.c.id == pack, is_empty))


class Packs:
    """Reads packs, and keeps the last few: what is planned together is read together."""

    def __init__(self) -> None:
        self._lately: Recent[int, Lines] = Recent(_KEPT)

    def read(self, connection: Connection, decision: str, pack: int, own: str) -> Edition:
        """Return an edition that was written with a pack; raises RecordError for a damaged one."""
        lines = self._lines(connection, pack)
        if not own:
            return read_numbered_edition(decision, lines.__getitem__)
        others = own.split("\n")
        return read_numbered_edition(
            decision, lambda number: lines[number] if number >= 0 else others[-1 - number], lines
        )

    def _lines(self, connection: Connection, pack: int) -> Lines:
        known = self._lately.get(pack)
        if known is None:
            query = select(_PACKS.c.matches).where(_PACKS.c.id == pack)
            text = connection.execute(query).scalar()
            if text is None:
                message = f"stored edition: its pack {pack} is gone; the database is damaged"
                raise RecordError(message)
            known = self._lately.keep(pack, text.split("\n"))
        return known


def _matches(edition: Edition) -> Iterator[Match]:
    return chain(edition.matches, edition.also_matched)


def _write_pack(connection: Connection, number: int, texts: Iterable[str]) -> None:
    insert_columns(connection, _PACKS, 1, {"id": Same(number), "matches": Same("\n".join(texts))})


def _row(
    edition: Edition, pack: int | None, numbers: MutableMapping[int, int]
) -> dict[str, object]:
    """Return the values of an edition. Its own matches have the numbers -1, -2 and so on."""
    row: dict[str, object] = {"id": edition.id, "subscriber": edition.reader.subscriber}
    if pack is None:
        return {**row, "decision": write_edition(edition), "pack": None, "own": None}
    own = [match for match in _matches(edition) if id(match) not in numbers]
    if own:
        own_numbers = {id(match): -1 - place for place, match in enumerate(own)}
        numbers = ChainMap(own_numbers, numbers)
    return {
        **row,
        "decision": write_edition(edition, lambda match: str(numbers[id(match)])),
        "pack": pack,
        "own": "\n".join(map(write_match, own)),
    }
