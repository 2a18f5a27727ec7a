"""What is stored of a person beside consent and letters, and how long."""

from dataclasses import replace
from datetime import date
from typing import Final

from sqlalchemy import Connection, or_, select

from newsletter.model import (
    AddressKey,
    KeyPurpose,
    OutboxState,
    ReplyKind,
    Silence,
    SilenceReason,
    SubscriberId,
)
from newsletter.ports import Deadlines, Forgotten, KeyTrace, ReplyTrace, Traces
from newsletter.rules.addresses import Secrets
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.erasure import ids_of, outbox_of, received_of
from newsletter.storage.mail_tables import KeyRow, ReplyRow
from newsletter.storage.page_traces import deeds_on, enquiries_of, purge_audit
from newsletter.storage.purging import (
    Steps,
    purge_days,
    purge_deliveries,
    purge_keys,
    purge_replies,
)
from newsletter.storage.rows import rows_in
from newsletter.storage.tables import OutboxRow, UnplannedDayRow

_OUTBOX: Final = table_of(OutboxRow)
_REPLIES: Final = table_of(ReplyRow)
_KEYS: Final = table_of(KeyRow)
_DAYS: Final = table_of(UnplannedDayRow)


class RecordArchive:
    """The Archive port over a database. Under `secrets` deeds name who is no subscriber."""

    def __init__(
        self, database: Database, steps: Steps | None = None, secrets: Secrets | None = None
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._steps = steps or Steps()

    def traces(self, address: AddressKey) -> Traces:
        """Return what is stored of an address; everything empty where there is nothing."""
        with self._database.reading() as connection:
            people = ids_of(connection, address)
            traces = Traces(
                subscribers=tuple(people),
                replies=_replies(connection, outbox_of(connection, address, people)),
                keys=_keys(connection, address, people),
                silent_days=_silent_days(connection, people),
                enquiries=tuple(enquiries_of(connection, address)),
                deeds=tuple(deeds_on(connection, address, people, self._secrets)),
            )
        received = tuple(trace for _, trace in received_of(self._database, address))
        return replace(traces, received=received)

    def purge(self, deadlines: Deadlines) -> Forgotten:
        """Forget what is over and old, in small steps; what still waits is never forgotten."""
        database, steps = self._database, self._steps
        return Forgotten(
            replies=purge_replies(database, deadlines, steps),
            keys=purge_keys(database, deadlines.keys, steps),
            deliveries=purge_deliveries(database, deadlines.deliveries, steps),
            days=purge_days(database, deadlines.deliveries, steps),
            deeds=purge_audit(database, deadlines.deeds, steps) if deadlines.deeds else 0,
        )


def _replies(connection: Connection, numbers: list[int]) -> tuple[ReplyTrace, ...]:
    columns = (_REPLIES.c.kind, _REPLIES.c.posted_at, _OUTBOX.c.state, _REPLIES.c.outbox)
    query = select(*columns).join(_OUTBOX, _OUTBOX.c.id == _REPLIES.c.outbox)
    rows = sorted(
        rows_in(connection, query, _REPLIES.c.outbox, numbers), key=lambda row: int(row["outbox"])
    )
    return tuple(
        ReplyTrace(ReplyKind(row["kind"]), row["posted_at"], OutboxState(row["state"]))
        for row in rows
    )


def _keys(
    connection: Connection, address: AddressKey, people: list[SubscriberId]
) -> tuple[KeyTrace, ...]:
    theirs = or_(_KEYS.c.address == address, _KEYS.c.subscriber.in_(people))
    query = select(_KEYS).where(theirs).order_by(_KEYS.c.made_at, _KEYS.c.hash)
    return tuple(
        KeyTrace(KeyPurpose(row["purpose"]), row["made_at"], row["ends_at"], row["used_at"])
        for row in connection.execute(query).mappings()
    )


def _silent_days(
    connection: Connection, people: list[SubscriberId]
) -> tuple[tuple[date, Silence], ...]:
    query = select(_DAYS).where(_DAYS.c.subscriber.in_(people)).order_by(_DAYS.c.local_date)
    return tuple(
        (row["local_date"], Silence(SilenceReason(row["silence"]), row["detail"]))
        for row in connection.execute(query).mappings()
    )
