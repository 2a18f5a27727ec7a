"""What is over and old goes, a thousand rows in each transaction; of messages the numbers stay."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Select,
    and_,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from newsletter.model import WAITING, OutboxKind, OutboxState, ReplyKind
from newsletter.ports import Deadlines
from newsletter.storage.bulk import put_rows
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.mail_tables import KeyRow, PurgedRow, ReplyRow
from newsletter.storage.packs import packs_of, remove_empty
from newsletter.storage.rows import lock_series, pieces
from newsletter.storage.tables import (
    AppearanceRow,
    AppearanceState,
    EditionRow,
    OutboxRow,
    SlotRow,
    SubscriberRow,
    UnplannedDayRow,
)
from newsletter.storage.vector_tables import VectorRow

_OUTBOX: Final = table_of(OutboxRow)
_REPLIES: Final = table_of(ReplyRow)
_KEYS: Final = table_of(KeyRow)
_PURGED: Final = table_of(PurgedRow)
_SLOTS: Final = table_of(SlotRow)
_EDITIONS: Final = table_of(EditionRow)
_APPEARANCES: Final = table_of(AppearanceRow)
_DAYS: Final = table_of(UnplannedDayRow)
_PEOPLE: Final = table_of(SubscriberRow)
_VECTORS: Final = table_of(VectorRow)

_OVER: Final = tuple(sorted(set(OutboxState) - WAITING))
_IS_OF_READER: Final = exists().where(_PEOPLE.c.id == _OUTBOX.c.subscriber)


@dataclass(frozen=True, slots=True)
class Steps:
    """How many rows go in one transaction, and how long others may write before the next one."""

    rows: int = 1_000
    pause_s: float = 0.05


def purge_replies(database: Database, deadlines: Deadlines, steps: Steps) -> int:
    """Forget what replies said; those to strangers wholly, with where they went."""
    is_question = _REPLIES.c.kind == ReplyKind.CONFIRMATION
    ended_at = _OUTBOX.c.updated_at
    over = (
        select(_REPLIES.c.outbox)
        .join(_OUTBOX, _OUTBOX.c.id == _REPLIES.c.outbox)
        # Not "is one of": SQLite would look at all letters that were ever sent.
        .where(_OUTBOX.c.state.not_in(WAITING))
        .limit(steps.rows)
    )
    of_strangers = over.where(~is_question, ended_at < deadlines.strangers, ~_IS_OF_READER)
    asked = and_(is_question, ended_at < deadlines.confirmations)
    old = over.where(or_(asked, and_(~is_question, ended_at < deadlines.replies)))
    gone = repeat(database, partial(_forget_messages, query=of_strangers), steps)
    return gone + repeat(database, partial(_forget_replies, query=old), steps)


def purge_keys(database: Database, before: datetime, steps: Steps) -> int:
    """Forget the tokens that ended before then."""
    ended = select(_KEYS.c.hash).where(_KEYS.c.ends_at < before).limit(steps.rows)

    def forget(connection: Connection) -> int:
        hashes = list(connection.execute(ended).scalars())
        for piece in pieces(hashes):
            connection.execute(delete(_KEYS).where(_KEYS.c.hash.in_(piece)))
        return len(hashes)

    return repeat(database, forget, steps)


def purge_deliveries(database: Database, before: datetime, steps: Steps) -> int:
    """Forget messages that were over before then, with their slots and editions."""
    old = (
        select(_OUTBOX.c.id)
        .where(_OUTBOX.c.state.in_(_OVER), _OUTBOX.c.updated_at < before)
        # Nothing is over before it began: the index by beginning finds them.
        .where(_OUTBOX.c.begins_at < before)
        .order_by(_OUTBOX.c.state, _OUTBOX.c.begins_at)  # along it, and no sooner to its end
        .limit(steps.rows)
    )
    return repeat(database, partial(_forget_messages, query=old), steps)


def purge_days(database: Database, before: datetime, steps: Steps) -> int:
    """Forget why nothing came on days before then: slots in silence, and days without a slot."""
    # Written out as the partial index has it.
    silent = and_(literal_column("silence IS NOT NULL"), _SLOTS.c.begins_at < before)
    some = select(_SLOTS.c.subscriber, _SLOTS.c.name).where(silent).limit(steps.rows)

    def forget(connection: Connection) -> int:
        names = [tuple(row) for row in connection.execute(some)]
        for piece in pieces(names):
            here = tuple_(_SLOTS.c.subscriber, _SLOTS.c.name).in_(piece)
            connection.execute(delete(_SLOTS).where(here))
        return len(names)

    return repeat(database, forget, steps) + _purge_unplanned(database, before.date(), steps)


def purge_vectors(database: Database, before: date, steps: Steps) -> int:
    """Forget the vectors of texts that were last used before then."""
    unused = select(_VECTORS.c.model, _VECTORS.c.key).where(_VECTORS.c.used_on < before)
    some = unused.limit(steps.rows)

    def forget(connection: Connection) -> int:
        names = [tuple(row) for row in connection.execute(some)]
        for piece in pieces(names):
            here = tuple_(_VECTORS.c.model, _VECTORS.c.key).in_(piece)
            # Looked at again: on PostgreSQL somebody may use one at this moment.
            connection.execute(delete(_VECTORS).where(here, _VECTORS.c.used_on < before))
        return len(names)

    return repeat(database, forget, steps)


def count_purged(connection: Connection) -> dict[OutboxState, int]:
    """Return how many messages of each state are forgotten."""
    query = select(_PURGED.c.state, func.sum(_PURGED.c.messages)).group_by(_PURGED.c.state)
    return {OutboxState(state): int(count) for state, count in connection.execute(query)}


def repeat(database: Database, forget: Callable[[Connection], int], steps: Steps) -> int:
    """Call `forget` in transactions of its own until it finds less than a step."""
    gone = 0
    while True:
        with database.writing() as connection:
            found = forget(connection)
        gone += found
        if found < steps.rows:
            return gone
        time.sleep(steps.pause_s)


def _forget_replies(connection: Connection, *, query: Select[Any]) -> int:
    numbers = list(connection.execute(query).scalars())
    for piece in pieces(numbers):
        connection.execute(delete(_REPLIES).where(_REPLIES.c.outbox.in_(piece)))
    return len(numbers)


def _forget_messages(connection: Connection, *, query: Select[Any]) -> int:
    """Forget the messages that `query` names, count them, and let go what only they held."""
    lock_series(connection, "outbox")  # two who purge at once would count twice
    named = list(connection.execute(query).scalars())
    columns = (_OUTBOX.c.id, _OUTBOX.c.kind, _OUTBOX.c.state, _OUTBOX.c.updated_at)
    over = select(*columns, _OUTBOX.c.subscriber, _OUTBOX.c.edition)
    for wanted in pieces(named):
        here = and_(_OUTBOX.c.id.in_(wanted), _OUTBOX.c.state.not_in(WAITING))
        kept = over.where(here).order_by(_OUTBOX.c.id).with_for_update(of=_OUTBOX)
        piece = list(connection.execute(kept))
        _count(connection, piece)
        numbers = [row.id for row in piece]
        editions = [row.edition for row in piece if row.edition is not None]
        people = {row.subscriber for row in piece}
        connection.execute(delete(_REPLIES).where(_REPLIES.c.outbox.in_(numbers)))
        connection.execute(delete(_OUTBOX).where(_OUTBOX.c.id.in_(numbers)))
        here = and_(_SLOTS.c.subscriber.in_(people), _SLOTS.c.edition.in_(editions))
        connection.execute(delete(_SLOTS).where(here))
        packs = packs_of(connection, editions)
        connection.execute(delete(_EDITIONS).where(_EDITIONS.c.id.in_(editions)))
        remove_empty(connection, packs)
        given_back = and_(
            _APPEARANCES.c.subscriber.in_(people),
            _APPEARANCES.c.edition.in_(editions),
            # The others stay: what was sent is not offered again.
            _APPEARANCES.c.state == AppearanceState.GIVEN_BACK,
        )
        connection.execute(delete(_APPEARANCES).where(given_back))
    return len(named)


def _count(connection: Connection, rows: Sequence[Any]) -> None:
    added = Counter((row.updated_at.date(), row.kind, row.state) for row in rows)
    for (day, kind, state), count in added.items():
        here = (_PURGED.c.day == day, _PURGED.c.kind == kind, _PURGED.c.state == state)
        before = connection.execute(select(_PURGED.c.messages).where(*here)).scalar() or 0
        row = {
            "day": day,
            "kind": OutboxKind(kind),
            "state": OutboxState(state),
            "messages": before + count,
        }
        put_rows(connection, _PURGED, [row])


def _purge_unplanned(database: Database, before: date, steps: Steps) -> int:
    """Walk once along the primary key: there is no index by day, which each note would pay for."""
    gone, last = 0, ""
    while True:
        page = select(_DAYS.c.subscriber).where(_DAYS.c.subscriber > last).distinct()
        with database.reading() as connection:
            people = connection.execute(
                page.order_by(_DAYS.c.subscriber).limit(steps.rows)
            ).scalars()
            names = list(people)
        if names:
            theirs = _DAYS.c.subscriber.between(names[0], names[-1])
            old = delete(_DAYS).where(theirs, _DAYS.c.local_date < before)
            with database.writing() as connection:
                gone += connection.execute(old).rowcount
            last = names[-1]
        if len(names) < steps.rows:
            return gone
        time.sleep(steps.pause_s)
