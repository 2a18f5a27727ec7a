"""The ledger: one row per (subscriber, slot), and the editions that were planned."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, insert, select, update

from newsletter.errors import StorageError
from newsletter.model import (
    Dressing,
    Edition,
    EditionId,
    EntryId,
    RevisionId,
    SlotPlan,
    SlotRecord,
    Standing,
    SubscriberId,
)
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
from newsletter.storage.planning import keep_free, write_plans
from newsletter.storage.rows import rows_in
from newsletter.storage.standings import fill_standings, read_marks, read_standings
from newsletter.storage.tables import DressingRow, EditionRow, OutboxRow, SlotRow


class SlotLedger:
    """The Ledger port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
        with self._database.writing() as connection:
            free = keep_free(connection, plans)
            write_plans(connection, free)
        return free

    def keep_dressing(self, dressing: Dressing) -> RevisionId:
        """Store a dressing under its content's hash; storing it again is harmless."""
        text = write_dressing(dressing)
        revision = RevisionId(content_hash(text))
        with self._database.reading() as connection:
            if _dressing_text(connection, revision) is not None:
                return revision
        with self._database.writing() as connection:
            if _dressing_text(connection, revision) is None:
                row = {"id": revision, "content": text}
                connection.execute(insert(table_of(DressingRow)), [row])
        return revision

    def dressing(self, revision: RevisionId) -> Dressing:
        """Return a stored dressing; raises StorageError when there is none."""
        with self._database.reading() as connection:
            text = _dressing_text(connection, revision)
        if text is None:
            message = f"dressing {revision}: is not stored"
            raise StorageError(message)
        return read_dressing(text)

    def editions(self, ids: Iterable[EditionId]) -> Mapping[EditionId, Edition]:
        """Return the editions that exist among `ids`."""
        table = table_of(EditionRow)
        with self._database.reading() as connection:
            rows = list(rows_in(connection, select(table), table.c.id, ids))
        return {EditionId(row["id"]): read_edition(row["decision"]) for row in rows}

    def redress(self, ids: Iterable[EditionId], dressing: RevisionId) -> None:
        """Let these editions be rendered with another dressing.

        Left alone is an edition of which a byte ever left, or that a worker holds now.
        """
        table, outbox = table_of(EditionRow), table_of(OutboxRow)
        query = select(table).join(outbox, outbox.c.edition == table.c.id)
        unseen = query.where(outbox.c.message_sha256.is_(None), outbox.c.state.not_in(HELD))
        with self._database.writing() as connection:
            rows = list(rows_in(connection, unseen, table.c.id, ids))
            for row in rows:
                edition = replace(read_edition(row["decision"]), dressing=dressing)
                decision = {"decision": write_edition(edition)}
                connection.execute(update(table).where(table.c.id == row["id"]).values(decision))

    def slots(self, subscriber: SubscriberId, *, limit: int = 20) -> Sequence[SlotRecord]:
        """Return the last slots of a subscriber, latest first."""
        table = table_of(SlotRow)
        query = (
            select(table)
            .where(table.c.subscriber == subscriber)
            .order_by(table.c.begins_at.desc(), table.c.name.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [record_of(row) for row in connection.execute(query).mappings()]


def _dressing_text(connection: Connection, revision: RevisionId) -> str | None:
    table = table_of(DressingRow)
    query = select(table.c.content).where(table.c.id == revision)
    text: str | None = connection.execute(query).scalar()
    return text
