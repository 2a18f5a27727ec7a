"""Numbers for the operator, counted along indexes where there are any."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, distinct, func, literal_column, select

from newsletter.model import (
    WAITING,
    Admission,
    InboundState,
    OutboxKind,
    OutboxState,
    SubscriptionEvent,
    SubscriptionState,
    SuppressionCause,
)
from newsletter.ports import Counted, MessageTally, TroubleCount
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.mail_tables import BounceRow, InboundRow, PurgedRow
from newsletter.storage.message_rows import OUTBOX
from newsletter.storage.rows import last_number
from newsletter.storage.tables import (
    ConsentRow,
    EntryRow,
    EntrySourceRow,
    SubscriberRow,
    SuppressionRow,
)

_PURGED: Final = table_of(PurgedRow)
_PEOPLE: Final = table_of(SubscriberRow)
_CONSENTS: Final = table_of(ConsentRow)
_ENTRIES: Final = table_of(EntryRow)
_SOURCES: Final = table_of(EntrySourceRow)
_SUPPRESSIONS: Final = table_of(SuppressionRow)
_BOUNCES: Final = table_of(BounceRow)
_INBOUND: Final = table_of(InboundRow)

_IS_ANSWER: Final = OUTBOX.c.kind == literal_column(f"'{OutboxKind.REPLY}'")
"""Written out as the partial index has it."""
_LONGEST_WAY: Final = timedelta(days=14)
"""No message is tried for so long after its slot began."""


class DayCounts:
    """The Figures port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tally(self) -> MessageTally:
        """Count all messages, in one transaction; forgotten ones too."""
        query = select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)
        gone = select(_PURGED.c.state, func.sum(_PURGED.c.messages)).group_by(_PURGED.c.state)
        with self._database.reading() as connection:
            forgotten = dict(_pairs(connection, gone))
            counts = Counter(forgotten) + Counter(dict(_pairs(connection, query)))
            kept = connection.execute(select(func.count()).select_from(OUTBOX)).scalar_one()
            given = last_number(connection, "outbox")
        known = {state: counts[str(state)] for state in OutboxState}
        return MessageTally(kept + sum(forgotten.values()), known, given)

    def letters(self, *, since: datetime) -> Sequence[Counted]:
        """Count letters whose slots began at `since` or later, by beginning and state.

        The index by turn holds what is needed of all messages but their kind; the answers among
        them, which are few, have an index of their own.
        """
        counts: Counter[tuple[datetime, str]] = Counter()
        with self._database.reading() as connection:
            # One state after the other: a range of the index for each.
            for state in OutboxState:
                here = (OUTBOX.c.state == state, OUTBOX.c.begins_at >= since)
                by_beginning = (
                    select(OUTBOX.c.begins_at, func.count())
                    .where(*here)
                    .group_by(OUTBOX.c.begins_at)
                )
                for at, count in connection.execute(by_beginning):
                    counts[at, state] += count
                for at, count in connection.execute(by_beginning.where(_IS_ANSWER)):
                    counts[at, state] -= count
        return [Counted(at, what, count) for (at, what), count in counts.items() if count > 0]

    def oldest_waiting(self) -> datetime | None:
        """Return since when the message waits that waits longest."""
        with self._database.reading() as connection:
            found = [
                connection.execute(
                    select(OUTBOX.c.begins_at)
                    .where(OUTBOX.c.state == state)
                    .order_by(OUTBOX.c.begins_at)
                    .limit(1)
                ).scalar()
                for state in sorted(WAITING)
            ]
        return min((at for at in found if at is not None), default=None)

    def trouble(self, state: OutboxState, *, since: datetime | None = None) -> TroubleCount:
        """Count the messages in `state`; with `since` those that came into it after that."""
        here = [OUTBOX.c.state == state]
        if since is not None:
            here += [OUTBOX.c.begins_at > since - _LONGEST_WAY, OUTBOX.c.updated_at > since]
        latest = select(OUTBOX.c.last_reply).where(*here)
        order = OUTBOX.c.begins_at.desc(), OUTBOX.c.id.desc()
        with self._database.reading() as connection:
            count = connection.execute(select(func.count()).where(*here)).scalar_one()
            said = connection.execute(latest.order_by(*order).limit(1)).scalar()
        return TroubleCount(count, said or "")

    def people(self) -> Mapping[SubscriptionState, int]:
        """Count the subscribers by state."""
        query = select(_PEOPLE.c.state, func.count()).group_by(_PEOPLE.c.state)
        with self._database.reading() as connection:
            return {SubscriptionState(name): count for name, count in _pairs(connection, query)}

    def consents(
        self, events: frozenset[SubscriptionEvent], *, since: datetime
    ) -> Sequence[Counted]:
        """Count what people said since then, by moment and event; nobody twice at one moment."""
        some = distinct(_CONSENTS.c.subscriber)
        query = select(_CONSENTS.c.at, _CONSENTS.c.event, func.count(some)).where(
            _CONSENTS.c.event.in_(sorted(events)), _CONSENTS.c.at >= since
        )
        with self._database.reading() as connection:
            first = _first_consent(connection, since)
            recent = query.where(_CONSENTS.c.id >= first)
            rows = connection.execute(recent.group_by(_CONSENTS.c.at, _CONSENTS.c.event))
            return [Counted(*row) for row in rows]

    def entries(self, *, since: datetime) -> Sequence[Counted]:
        """Count the released entries first seen since then, by moment and first source."""
        query = (
            select(_ENTRIES.c.first_seen_at, _SOURCES.c.source, func.count())
            .join(_SOURCES, _SOURCES.c.entry == _ENTRIES.c.id)
            .where(
                _ENTRIES.c.first_seen_at >= since,
                _ENTRIES.c.admission == Admission.RELEASED,
                _SOURCES.c.position == 0,
            )
            .group_by(_ENTRIES.c.first_seen_at, _SOURCES.c.source)
        )
        with self._database.reading() as connection:
            return [Counted(*row) for row in connection.execute(query)]

    def suppressed(self) -> Sequence[tuple[datetime, SuppressionCause]]:
        """Return since when and why each suppressed address is."""
        query = select(_SUPPRESSIONS.c.since_at, _SUPPRESSIONS.c.cause)
        with self._database.reading() as connection:
            return [(at, SuppressionCause(cause)) for at, cause in connection.execute(query)]

    def bounced(self) -> Sequence[str]:
        """Return what is kept of every address that bounced."""
        with self._database.reading() as connection:
            return list(connection.execute(select(_BOUNCES.c.standing)).scalars())

    def aside(self) -> int:
        """Count the received messages that are set aside for a person."""
        query = select(func.count()).where(_INBOUND.c.state == InboundState.ASIDE)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()


def _pairs(connection: Connection, query: Select[Any]) -> list[tuple[str, int]]:
    return [(str(name), int(count)) for name, count in connection.execute(query)]


def _first_consent(connection: Connection, since: datetime) -> int:
    """Return the number from which on the consent log is of `since` or later.

    Its lines are numbered as time goes by, and there is no index by time: the place is found by
    halving. A clock that was wrong for a while costs a few lines, and nothing else.
    """
    low, high = 1, last_number(connection, "consent") + 1
    while low < high:
        middle = (low + high) // 2
        behind = select(_CONSENTS.c.at).where(_CONSENTS.c.id >= middle)
        at = connection.execute(behind.order_by(_CONSENTS.c.id).limit(1)).scalar()
        if at is not None and at < since:
            low = middle + 1
        else:
            high = middle
    return low
