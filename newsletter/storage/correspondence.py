"""Messages to people that are no letters, and the tokens that they carry."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from newsletter.model import (
    AddressKey,
    EmailAddress,
    InboundId,
    Key,
    KeyPurpose,
    OutboxId,
    OutboxKind,
    OutboxState,
    Reply,
    ReplyKind,
    SubscriberId,
    TokenHash,
    Work,
)
from newsletter.storage.announcing import announce
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.mail_tables import KeyRow, ReplyRow
from newsletter.storage.rows import lock_series, take_numbers
from newsletter.storage.tables import OutboxRow

_PATIENCE: Final = timedelta(days=5)
"""How long the next hop is asked to take one (RFC 5321 section 4.5.4.1)."""
_NOBODY: Final = ""
"""Stands for the subscriber of a message to somebody who is none."""

_OUTBOX: Final = table_of(OutboxRow)
_REPLIES: Final = table_of(ReplyRow)
_KEYS: Final = table_of(KeyRow)
_WHOLE: Final = select(_REPLIES, _OUTBOX.c.recipient, _OUTBOX.c.subscriber).join(
    _OUTBOX, _OUTBOX.c.id == _REPLIES.c.outbox
)
_OVER: Final = (OutboxState.SENT, OutboxState.CANCELLED)


class Letterbox:
    """The Correspondence port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def post(
        self,
        reply: Reply,
        keys: tuple[Key, ...] = (),
        *,
        now: datetime,
        not_before: datetime | None = None,
    ) -> OutboxId | None:
        """Put a message into the outbox, with the tokens it carries, all or nothing.

        It leaves at `not_before` at the earliest. Returns None, and writes nothing, when the
        inbound message that it answers was answered before.
        """
        with self._database.writing() as connection:
            lock_series(connection, "outbox")
            if reply.answers is not None:
                known = select(_REPLIES.c.outbox).where(_REPLIES.c.answers == reply.answers)
                if connection.execute(known).first():
                    return None
            (number,) = put_replies(connection, [(reply, keys)], now, not_before)
        return OutboxId(number)

    def give(self, keys: Sequence[Key]) -> None:
        """Keep tokens that no message carries: those that stand on a page."""
        with self._database.writing() as connection:
            put_keys(connection, keys)

    def reply(self, item: OutboxId) -> Reply | None:
        """Return a message of the outbox; None when it is no reply, or its bytes were wiped."""
        with self._database.reading() as connection:
            row = connection.execute(_WHOLE.where(_REPLIES.c.outbox == item)).mappings().first()
        return _reply_of(row) if row and row["message"] is not None else None

    def posted_as(self, beginning: str) -> Reply | None:
        """Return the message whose Message-ID begins so (without the bracket), bytes or no bytes."""
        first, last = f"<{beginning}", f"<{beginning}\x7f"
        here = (_REPLIES.c.message_id >= first, _REPLIES.c.message_id < last)
        with self._database.reading() as connection:
            row = connection.execute(_WHOLE.where(*here).limit(1)).mappings().first()
        return _reply_of(row) if row else None

    def wipe_sent(self) -> int:
        """Forget the bytes of what was sent, or will never be, and held a token; return how many."""
        over = select(_OUTBOX.c.id).where(_OUTBOX.c.state.in_(_OVER))
        here = (
            _REPLIES.c.holds_token,
            _REPLIES.c.message.is_not(None),
            _REPLIES.c.outbox.in_(over),
        )
        with self._database.writing() as connection:
            return connection.execute(update(_REPLIES).where(*here).values(message=None)).rowcount

    def count(
        self,
        *,
        since: datetime,
        address: AddressKey | None = None,
        kinds: frozenset[ReplyKind] = frozenset(),
    ) -> int:
        """Return how many messages were posted since then, to one address or to all, of some kinds or any."""
        query = select(func.count()).select_from(_REPLIES).where(_REPLIES.c.posted_at > since)
        if address is not None:
            query = query.where(_REPLIES.c.to_key == address)
        if kinds:
            query = query.where(_REPLIES.c.kind.in_(sorted(kinds)))
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def find_key(self, hash_: TokenHash, purpose: KeyPurpose) -> Key | None:
        """Return the token with that hash for that purpose, used or over as it may be."""
        query = select(_KEYS).where(_KEYS.c.hash == hash_, _KEYS.c.purpose == purpose)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        return Key(
            hash=TokenHash(row["hash"]),
            purpose=KeyPurpose(row["purpose"]),
            subscriber=SubscriberId(row["subscriber"]),
            address=AddressKey(row["address"]),
            made_at=row["made_at"],
            ends_at=row["ends_at"],
            used_at=row["used_at"],
            wish=row["wish"],
        )

    def use_key(self, hash_: TokenHash, *, now: datetime) -> bool:
        """Mark a token as used; False when it was used before, so that of two at once one wins."""
        unused = (_KEYS.c.hash == hash_, _KEYS.c.used_at.is_(None))
        with self._database.writing() as connection:
            used = connection.execute(update(_KEYS).where(*unused).values(used_at=now))
        return used.rowcount == 1

    def revoke_keys(self, subscriber: SubscriberId, purpose: KeyPurpose | None = None) -> None:
        """Forget the tokens of a subscriber, of one purpose or all."""
        statement = delete(_KEYS).where(_KEYS.c.subscriber == subscriber)
        if purpose is not None:
            statement = statement.where(_KEYS.c.purpose == purpose)
        with self._database.writing() as connection:
            connection.execute(statement)


def put_replies(
    connection: Connection,
    posted: Sequence[tuple[Reply, tuple[Key, ...]]],
    now: datetime,
    not_before: datetime | None = None,
) -> Sequence[OutboxId]:
    """Write messages with the tokens they carry; return their numbers, in their order."""
    if not posted:
        return ()
    numbers = take_numbers(connection, "outbox", len(posted))
    numbered = list(zip(numbers, (reply for reply, _ in posted), strict=True))
    rows = [
        _outbox_row(number, reply, now) | {"not_before": not_before} for number, reply in numbered
    ]
    connection.execute(insert(_OUTBOX), rows)
    connection.execute(insert(_REPLIES), [_reply_row(number, one, now) for number, one in numbered])
    put_keys(connection, [key for _, keys in posted for key in keys])
    announce(connection, Work.DELIVER)
    return [OutboxId(number) for number in numbers]


def put_keys(connection: Connection, keys: Sequence[Key]) -> None:
    """Write tokens, if there are any."""
    if keys:
        connection.execute(insert(_KEYS), [asdict(key) for key in keys])


def _reply_of(row: RowMapping) -> Reply:
    return Reply(
        kind=ReplyKind(row["kind"]),
        subscriber=SubscriberId(row["subscriber"]) if row["subscriber"] else None,
        recipient=EmailAddress(row["recipient"]),
        to_key=AddressKey(row["to_key"]),
        sender=row["sender"],
        message_id=row["message_id"],
        message=bytes(row["message"] or b""),
        answers=None if row["answers"] is None else InboundId(row["answers"]),
        holds_token=row["holds_token"],
    )


def _outbox_row(number: int, reply: Reply, now: datetime) -> dict[str, object]:
    return {
        "id": number,
        "kind": OutboxKind.REPLY,
        "subscriber": reply.subscriber or _NOBODY,
        "recipient": reply.recipient,
        "state": OutboxState.QUEUED,
        "begins_at": now,
        "begin_by": now + _PATIENCE,
        "retry_until": now + _PATIENCE,
        "attempts": 0,
        "crashes": 0,
        "resends": 0,
        "maybe_sent": False,
        "last_reply": "",
        "updated_at": now,
    }


def _reply_row(number: int, reply: Reply, now: datetime) -> dict[str, object]:
    return {
        "outbox": number,
        "kind": reply.kind,
        "to_key": reply.to_key,
        "sender": reply.sender,
        "message_id": reply.message_id,
        "message": reply.message,
        "answers": reply.answers,
        "holds_token": reply.holds_token,
        "posted_at": now,
    }
