"""The ledger: one row per (subscriber, slot), and the editions that were planned."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, select, update

from newsletter.errors import RecordError
from newsletter.model import (
    Dressing,
    Edition,
    EditionId,
    EntryId,
    RevisionId,
    Silence,
    SilenceReason,
    SlotPlan,
    SlotRecord,
    Standing,
    SubscriberId,
    UnplannedDay,
)
from newsletter.ports import Shown
from newsletter.storage.appearances import read_entries
from newsletter.storage.bulk import insert_missing
from newsletter.storage.codec import (
    content_hash,
    read_dressing,
    read_edition,
    write_dressing,
    write_edition,
)
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.ledger_rows import record_of
from newsletter.storage.messages import HELD
from newsletter.storage.packs import Packs
from newsletter.storage.planning import put_together, take_plan_numbers, write_plans
from newsletter.storage.rows import fetch_listed, rows_in
from newsletter.storage.silences import count_silences, read_note, write_notes
from newsletter.storage.standings import (
    fill_standings,
    latest_beginning,
    read_marks,
    read_standings,
)
from newsletter.storage.tables import DressingRow, EditionRow, OutboxRow, SlotRow

_SLOTS: Final = table_of(SlotRow)
_EDITIONS: Final = table_of(EditionRow)
_DECISIONS: Final = select(_EDITIONS.c.id, _EDITIONS.c.decision, _EDITIONS.c.pack, _EDITIONS.c.own)
_MANY: Final = 1_000
"""For so many plans SQLite's log grows by some hundred pages."""
_LATEST_FIRST: Final = select(_SLOTS).order_by(_SLOTS.c.begins_at.desc(), _SLOTS.c.name.desc())


class SlotLedger:
    """The Ledger port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._packs = Packs()

    def standings(self, subscribers: Sequence[SubscriberId]) -> Mapping[SubscriberId, Standing]:
        """Return the standing of each, whole; one never planned for has an empty Standing.

        All entries that ever appeared are read: for a few people. For many, `marks`.
        """
        with self._database.reading() as connection:
            return read_standings(connection, subscribers)

    def marks(self, subscribers: Sequence[SubscriberId]) -> Mapping[SubscriberId, Standing]:
        """Return the standing of each without `appeared` and `named`: cheap, whatever was sent."""
        with self._database.reading() as connection:
            return read_marks(connection, subscribers)

    def with_appearances(
        self, standings: Iterable[Standing], entries: Collection[EntryId]
    ) -> Mapping[SubscriberId, Standing]:
        """Return these standings with `appeared` and `named` as far as `entries` go."""
        with self._database.reading() as connection:
            return fill_standings(connection, standings, entries)

    def plan(self, plans: Sequence[SlotPlan]) -> Sequence[SlotPlan]:
        """Write slots, watermarks, editions, appearances and outbox rows in one transaction.

        The plans written are returned. Left out are a plan whose slot exists already, one that
        shows an entry, in whatever revision, which meanwhile went into another edition of the
        same subscriber (a slot by hand planned beside a scheduled one), and an edition for
        somebody who is not CONFIRMED any more: it was decided on a standing that is no more, and
        is decided afresh in the next run.
        """
        if not plans:
            return ()
        rows = put_together(plans)
        database = self._database
        writing = database.writing_much if len(plans) >= _MANY else database.writing
        if database.is_one_writer:
            with writing() as connection:
                return write_plans(connection, rows, take_plan_numbers(connection, plans))
        with database.noting() as connection:
            numbers = take_plan_numbers(connection, plans)
        with writing() as connection:
            return write_plans(connection, rows, numbers)

    def keep_dressing(self, dressing: Dressing) -> RevisionId:
        """Store a dressing under its content's hash; storing it again is harmless."""
        text = write_dressing(dressing)
        revision = RevisionId(content_hash(text))
        with self._database.reading() as connection:
            if _dressing_text(connection, revision) is not None:
                return revision
        with self._database.writing() as connection:
            row = {"id": revision, "content": text}
            insert_missing(connection, table_of(DressingRow), [row])
        return revision

    def dressing(self, revision: RevisionId) -> Dressing:
        """Return a stored dressing; raises RecordError when there is none."""
        with self._database.reading() as connection:
            text = _dressing_text(connection, revision)
        if text is None:
            message = f"dressing {revision}: is not stored"
            raise RecordError(message)
        return read_dressing(text)

    def editions(self, ids: Iterable[EditionId]) -> Mapping[EditionId, Edition]:
        """Return the editions that exist among `ids`; raises RecordError for a damaged one."""
        with self._database.reading() as connection:
            return self._read_editions(connection, ids)

    def entries_in(self, subscriber: SubscriberId, beginning: str) -> Shown | None:
        """Return the edition of a subscriber whose id begins so, and its entries by their numbers."""
        with self._database.reading() as connection:
            return read_entries(connection, subscriber, beginning)

    def redress(self, ids: Iterable[EditionId], dressing: RevisionId) -> None:
        """Let these editions be rendered with another dressing.

        Left alone is an edition of which a byte ever left, or that a worker holds now.
        """
        table, outbox = table_of(EditionRow), table_of(OutboxRow)
        is_its = and_(outbox.c.edition == table.c.id, outbox.c.subscriber == table.c.subscriber)
        query = select(table.c.id).join(outbox, is_its)
        unseen = query.where(outbox.c.message_sha256.is_(None), outbox.c.state.not_in(HELD))
        kept = unseen.order_by(outbox.c.id).with_for_update(of=outbox)
        with self._database.writing() as connection:
            unseen_ids = [row["id"] for row in rows_in(connection, kept, table.c.id, ids)]
            for id_, edition in self._read_editions(connection, unseen_ids).items():
                whole = write_edition(replace(edition, dressing=dressing))
                written = {"decision": whole, "pack": None, "own": None}
                connection.execute(update(table).where(table.c.id == id_).values(written))

    def slots(self, subscriber: SubscriberId, *, limit: int = 20) -> Sequence[SlotRecord]:
        """Return the last slots of a subscriber, latest first."""
        return self._slots(_LATEST_FIRST.where(_SLOTS.c.subscriber == subscriber).limit(limit))

    def slots_on(self, subscriber: SubscriberId, day: date) -> Sequence[SlotRecord]:
        """Return the slots of one local day of a subscriber, latest first."""
        is_wanted = and_(_SLOTS.c.subscriber == subscriber, _SLOTS.c.local_date == day)
        return self._slots(_LATEST_FIRST.where(is_wanted))

    def note(self, days: Sequence[UnplannedDay]) -> None:
        """Write down why people got nothing on days without a slot; a later note of a day counts."""
        write_notes(self._database, days)

    def noted(self, subscriber: SubscriberId, day: date) -> Silence | None:
        """Return what was written down for a day without a slot."""
        with self._database.reading() as connection:
            return read_note(connection, subscriber, day)

    def silences(self, *, since: datetime) -> Mapping[SilenceReason, int]:
        """Count the slots that began after `since` and passed in silence, by reason."""
        with self._database.reading() as connection:
            return count_silences(connection, since)

    def latest_beginning(self, *, after: datetime) -> datetime | None:
        """Return when the latest of all last slots begins; None when none begins after then."""
        with self._database.reading() as connection:
            return latest_beginning(connection, after)

    def _read_editions(
        self, connection: Connection, ids: Iterable[EditionId]
    ) -> dict[EditionId, Edition]:
        """Read editions pack by pack, so that only a few packs are held at a time."""
        rows = fetch_listed(connection, _DECISIONS, _EDITIONS.c.id, ids)
        rows.sort(key=_pack_of)
        return {
            EditionId(id_): read_edition(decision)
            if own is None
            else self._packs.read(connection, decision, pack, own)
            for id_, decision, pack, own in rows
        }

    def _slots(self, query: Select[Any]) -> list[SlotRecord]:
        with self._database.reading() as connection:
            return [record_of(row) for row in connection.execute(query).mappings()]


def _pack_of(row: Sequence[Any]) -> int:
    return row[2] or 0


def _dressing_text(connection: Connection, revision: RevisionId) -> str | None:
    table = table_of(DressingRow)
    query = select(table.c.content).where(table.c.id == revision)
    text: str | None = connection.execute(query).scalar()
    return text
