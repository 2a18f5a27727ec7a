"""Leaving with the links of letters: many people in one transaction, in as few statements as for one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, and_, exists, func, select, update

from newsletter.model import (
    ConsentRecord,
    EditionId,
    EmailAddress,
    OutboxState,
    ReplyKind,
    Subscriber,
    SubscriberId,
    SubscriptionEvent,
    SubscriptionState,
    next_subscription_state,
)
from newsletter.ports import Parting, PartingNotice
from newsletter.rules.addresses import address_key
from newsletter.storage import messages
from newsletter.storage.again import repeated
from newsletter.storage.bulk import update_rows
from newsletter.storage.columns import storable, table_of
from newsletter.storage.consent_events import log_consents
from newsletter.storage.correspondence import put_replies
from newsletter.storage.database import Database
from newsletter.storage.mail_tables import ReplyRow
from newsletter.storage.message_rows import BARE_MESSAGES, OUTBOX, locked, message_of, write_moves
from newsletter.storage.messages import OPEN
from newsletter.storage.rows import fetch_listed, lock_series, rows_in, tuples_in
from newsletter.storage.subscriber_rows import SUBSCRIBERS_WITH_SUPPRESSION, subscriber_of
from newsletter.storage.tables import ConsentRow, CounterRow, EditionRow, SubscriberRow

_LEAVE: Final = SubscriptionEvent.UNSUBSCRIBE
_GONE: Final = SubscriptionState.UNSUBSCRIBED
_REASON: Final = "unsubscribed"
_UNCONFIRMED: Final = ", without a confirmation before"
"""Ends the evidence where somebody was only asked: what is taken back must not become a yes."""
_TOLD_BY: Final = (ReplyKind.NOTICE, ReplyKind.ANSWER)

_PEOPLE: Final = table_of(SubscriberRow)
_EDITIONS: Final = table_of(EditionRow)
_CONSENTS: Final = table_of(ConsentRow)
_REPLIES: Final = table_of(ReplyRow)
_READERS: Final = select(_EDITIONS.c.id, _EDITIONS.c.subscriber)
_STATES: Final = (
    select(_PEOPLE.c.id, _PEOPLE.c.address, _PEOPLE.c.state, _PEOPLE.c.since_at)
    .order_by(_PEOPLE.c.id)
    # A lock that lets other rows go on to name this one.
    .with_for_update(key_share=True)
)
_WAITING: Final = locked(
    BARE_MESSAGES.where(OUTBOX.c.state.in_((*OPEN, OutboxState.CLAIMED, OutboxState.UNCERTAIN)))
)
_ENDS: Final = select(_CONSENTS.c.subscriber, _CONSENTS.c.at, _CONSENTS.c.evidence).where(
    _CONSENTS.c.event == _LEAVE
)
_LAST_TOLD: Final = (
    select(_REPLIES.c.to_key, func.max(_REPLIES.c.posted_at).label("told_at"))
    .where(_REPLIES.c.kind.in_(_TOLD_BY))
    .group_by(_REPLIES.c.to_key)
)


_Ends = frozenset[tuple[str, datetime, str]]
"""How people left before: who, when, and with what evidence."""


_COUNTERS: Final = table_of(CounterRow)
_TOUCH: Final = (
    update(_COUNTERS).where(_COUNTERS.c.name == "consent").values(value=_COUNTERS.c.value)
)


class _Reader(NamedTuple):
    """A person whose row is locked, as far as leaving asks for it."""

    id: SubscriberId
    address: EmailAddress
    state: SubscriptionState
    since_at: datetime


@dataclass(frozen=True, slots=True)
class _Letters:
    """Letters that are known, each with its reader, and what the consent log is to say of it."""

    readers: Mapping[EditionId, _Reader]
    evidence: Mapping[EditionId, str]

    def firsts(self) -> dict[SubscriberId, EditionId]:
        """Return one letter of each reader who is still there, the first that was asked with."""
        found: dict[SubscriberId, EditionId] = {}
        for edition in self.evidence:
            reader = self.readers.get(edition)
            if reader and reader.state is not _GONE:
                found.setdefault(reader.id, edition)
        return found


class LetterPartings:
    """The Partings port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._settled = 0
        """Whoever left with an earlier line of the consent log than this one is told, or needs not be."""

    @repeated
    def end(
        self, letters: Mapping[EditionId, str], *, now: datetime, statement: str
    ) -> Mapping[EditionId, Parting]:
        """End the subscriptions of the readers of these letters, in one durable commit.

        What waits for them and is not in data is cancelled. Somebody who had left is left alone.
        """
        with self._database.writing() as connection:
            # Also the lock of the consent log. Written even where no letter is known, so that the commit
            # takes as long for whoever tries tokens as for whoever has one.
            connection.execute(_TOUCH)
            known = _Letters(_read(connection, letters), letters)
            leaving = known.firsts()
            _leave(connection, known, leaving, now, statement)
            _cancel(connection, [*leaving], now)
            earlier = _earlier(connection, known)
        return {
            edition: _parting((edition, letters[edition]), reader, leaving, earlier, now)
            for edition, reader in known.readers.items()
        }

    def untold(self, *, since: datetime, statement: str, limit: int) -> Sequence[Subscriber]:
        """Return who left by `statement` since then, is still gone, and was told nothing, oldest first."""
        with self._database.reading() as connection:
            settled = self._settled or _last_before(connection, since)
            last = connection.execute(select(func.max(_CONSENTS.c.id))).scalar() or 0
            if last <= settled:
                return ()
            untold = _who_was_told_nothing(statement).where(_CONSENTS.c.id > settled)
            lines = [tuple(row) for row in connection.execute(untold.limit(limit))]
            people = _whole(connection, [person for _, person in lines])
        # Never beyond somebody who is to be told yet: the next look begins there.
        self._settled = lines[0][0] - 1 if lines else last
        return [people[person] for _, person in lines if person in people]

    @repeated
    def tell(self, notices: Sequence[PartingNotice], *, now: datetime) -> int:
        """Post these notices with their tokens, but to those who were told meanwhile; return how many."""
        with self._database.writing() as connection:
            lock_series(connection, "outbox")
            keys = [one.reply.to_key for one in notices]
            rows = rows_in(connection, _LAST_TOLD, _REPLIES.c.to_key, keys)
            told = {row["to_key"]: row["told_at"] for row in rows}
            wanted = [
                one
                for one in notices
                if one.reply.to_key not in told or told[one.reply.to_key] < one.left_at
            ]
            put_replies(connection, [(one.reply, one.keys) for one in wanted], now)
        return len(wanted)


def _read(connection: Connection, editions: Iterable[EditionId]) -> dict[EditionId, _Reader]:
    """Return the readers of these letters, whose rows nobody else changes until the transaction ends."""
    found = fetch_listed(connection, _READERS, _EDITIONS.c.id, editions)
    wanted = sorted({subscriber for _, subscriber in found})
    people = {
        row[0]: _Reader(row[0], row[1], SubscriptionState(row[2]), row[3])
        for row in fetch_listed(connection, _STATES, _PEOPLE.c.id, wanted)
    }
    return {edition: people[person] for edition, person in found if person in people}


def _leave(
    connection: Connection,
    known: _Letters,
    leaving: Mapping[SubscriberId, EditionId],
    now: datetime,
    statement: str,
) -> None:
    """Take the event for each of `leaving` and write it to the consent log."""
    consents = []
    rows: dict[SubscriptionState, list[dict[str, object]]] = {}
    for person, edition in leaving.items():
        reader = known.readers[edition]
        state = next_subscription_state(reader.state, _LEAVE)
        rows.setdefault(reader.state, []).append({"id": person, "state": state, "since_at": now})
        was_confirmed = reader.state is SubscriptionState.CONFIRMED
        evidence = known.evidence[edition] + ("" if was_confirmed else _UNCONFIRMED)
        consents.append(ConsentRecord(person, reader.address, _LEAVE, now, statement, evidence))
    for was, moved in rows.items():
        update_rows(connection, _PEOPLE, moved, was={"state": was})
    if consents:
        log_consents(connection, consents)


def _cancel(connection: Connection, people: Sequence[SubscriberId], now: datetime) -> None:
    if not people:
        return
    rows = tuples_in(connection, _WAITING, OUTBOX.c.subscriber, people)
    waiting = [message_of(row) for row in rows]
    write_moves(connection, [(one, messages.cancel(one, _REASON, now)) for one in waiting])


def _earlier(connection: Connection, known: _Letters) -> _Ends:
    """Return how those left who had done so before."""
    gone = {address_key(one.address) for one in known.readers.values() if one.state is _GONE}
    return frozenset(
        (person, at, evidence)
        for person, at, evidence in fetch_listed(
            connection, _ENDS, _CONSENTS.c.address_key, sorted(gone)
        )
    )


def _parting(
    letter: tuple[EditionId, str],
    reader: _Reader,
    leaving: Mapping[SubscriberId, EditionId],
    earlier: _Ends,
    now: datetime,
) -> Parting:
    edition, evidence = letter
    if reader.state is _GONE:
        is_by_this = (reader.id, reader.since_at, storable(evidence)) in earlier
        return Parting(reader.id, reader.since_at, can_return=is_by_this)
    was_confirmed = reader.state is SubscriptionState.CONFIRMED
    return Parting(reader.id, now, can_return=was_confirmed and leaving[reader.id] == edition)


def _who_was_told_nothing(statement: str) -> Select[Any]:
    """Return the query for those who are gone since they left so: the line of the log, and who."""
    is_told = exists().where(
        _REPLIES.c.to_key == _PEOPLE.c.address_key,
        _REPLIES.c.posted_at >= _PEOPLE.c.since_at,
        _REPLIES.c.kind.in_(_TOLD_BY),
    )
    by_this = and_(_PEOPLE.c.id == _CONSENTS.c.subscriber, _PEOPLE.c.since_at == _CONSENTS.c.at)
    here = (_CONSENTS.c.event == _LEAVE, _CONSENTS.c.statement == statement)
    query = select(_CONSENTS.c.id, _PEOPLE.c.id.label("person")).join(_PEOPLE, by_this)
    return query.where(*here, _PEOPLE.c.state == _GONE, ~is_told).order_by(_CONSENTS.c.id)


def _whole(
    connection: Connection, people: Sequence[SubscriberId]
) -> dict[SubscriberId, Subscriber]:
    rows = tuples_in(connection, SUBSCRIBERS_WITH_SUPPRESSION, _PEOPLE.c.id, people)
    return {one.id: one for one in map(subscriber_of, rows)}


def _last_before(connection: Connection, since: datetime) -> int:
    """Return the last line of the consent log before `since`; read from its end, so a day's lines."""
    older = select(_CONSENTS.c.id).where(_CONSENTS.c.at <= since)
    found = connection.execute(older.order_by(_CONSENTS.c.id.desc()).limit(1)).scalar()
    return int(found or 0)
