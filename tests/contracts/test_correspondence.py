"""Messages that are no letters, and their tokens: one contract for memory, SQLite and PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model import (
    AddressKey,
    Beginning,
    EmailAddress,
    InboundId,
    Key,
    KeyPurpose,
    OutboxEvent,
    OutboxKind,
    Reply,
    ReplyKind,
    Settlement,
    SubscriberId,
    TokenHash,
)
from newsletter.ports import Correspondence
from newsletter.storage import Database, Letterbox, MessageOutbox
from newsletter.testing.correspondence import MemoryLetterbox

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ADA = AddressKey("ada@example.org")
OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def letterbox(request: pytest.FixtureRequest, open_stored: OpenStored) -> Correspondence:
    if request.param == "memory":
        return MemoryLetterbox()
    return Letterbox(open_stored(request.param))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, open_stored: OpenStored) -> Database:
    return open_stored(request.param)


def answer(number: int | None = None, kind: ReplyKind = ReplyKind.ANSWER) -> Reply:
    return Reply(
        kind=kind,
        subscriber=SubscriberId("a1"),
        recipient=EmailAddress("Ada@example.org"),
        to_key=ADA,
        sender="",
        message_id=f"<reply{number}.mac@news.example.org>",
        message=b"Subject: Hello\r\n\r\n\xffHello\r\n",
        answers=None if number is None else InboundId(number),
        holds_token=True,
    )


def key(name: str = "k", purpose: KeyPurpose = KeyPurpose.CONFIRM) -> Key:
    return Key(TokenHash(name), purpose, SubscriberId("a1"), ADA, NOW, NOW + 7 * DAY)


def test_what_is_posted_is_read_back_byte_for_byte(letterbox: Correspondence) -> None:
    item = letterbox.post(answer(1), now=NOW)

    assert item is not None
    assert letterbox.reply(item) == answer(1)


def test_a_message_is_answered_once(letterbox: Correspondence) -> None:
    assert letterbox.post(answer(1), (key("first"),), now=NOW)
    assert letterbox.post(answer(1), (key("second"),), now=NOW) is None
    assert letterbox.post(answer(2), now=NOW)
    assert letterbox.find_key(TokenHash("second"), KeyPurpose.CONFIRM) is None


def test_what_answers_nothing_may_come_again(letterbox: Correspondence) -> None:
    assert letterbox.post(answer(), now=NOW)
    assert letterbox.post(answer(), now=NOW)


def test_messages_are_counted_by_address_kind_and_time(letterbox: Correspondence) -> None:
    letterbox.post(answer(1), now=NOW - 2 * DAY)
    letterbox.post(answer(2), now=NOW)
    letterbox.post(answer(3, ReplyKind.CONFIRMATION), now=NOW)
    letterbox.post(replace(answer(4), to_key=AddressKey("bob@example.org")), now=NOW)

    assert letterbox.count(since=NOW - DAY) == 3
    assert letterbox.count(since=NOW - 3 * DAY, address=ADA) == 3
    confirmations = frozenset({ReplyKind.CONFIRMATION})
    assert letterbox.count(since=NOW - DAY, address=ADA, kinds=confirmations) == 1
    assert letterbox.count(since=NOW, address=ADA) == 0


def test_a_token_is_found_by_its_hash_for_its_purpose_alone(letterbox: Correspondence) -> None:
    letterbox.post(answer(1), (key(),), now=NOW)

    assert letterbox.find_key(TokenHash("k"), KeyPurpose.CONFIRM) == key()
    assert letterbox.find_key(TokenHash("k"), KeyPurpose.PREFERENCES) is None
    assert letterbox.find_key(TokenHash("x"), KeyPurpose.CONFIRM) is None


def test_a_token_is_used_once(letterbox: Correspondence) -> None:
    letterbox.post(answer(1), (key(),), now=NOW)

    assert letterbox.use_key(TokenHash("k"), now=NOW)
    assert not letterbox.use_key(TokenHash("k"), now=NOW)
    found = letterbox.find_key(TokenHash("k"), KeyPurpose.CONFIRM)
    assert found
    assert found.used_at == NOW


def test_tokens_are_revoked_by_purpose_or_all(letterbox: Correspondence) -> None:
    keys = (key("c"), key("p", KeyPurpose.PREFERENCES), key("u", KeyPurpose.UNDO))
    letterbox.post(answer(1), keys, now=NOW)

    letterbox.revoke_keys(SubscriberId("a1"), KeyPurpose.CONFIRM)
    assert letterbox.find_key(TokenHash("c"), KeyPurpose.CONFIRM) is None
    assert letterbox.find_key(TokenHash("u"), KeyPurpose.UNDO)
    letterbox.revoke_keys(SubscriberId("a1"))
    assert letterbox.find_key(TokenHash("p"), KeyPurpose.PREFERENCES) is None


def test_a_posted_message_is_found_by_the_beginning_of_its_id(letterbox: Correspondence) -> None:
    letterbox.post(answer(7), now=NOW)

    found = letterbox.posted_as("reply7")
    assert found
    assert found.recipient == "Ada@example.org"
    assert letterbox.posted_as("reply8") is None


def test_a_posted_message_waits_in_the_outbox_until_its_moment(database: Database) -> None:
    letterbox, outbox = Letterbox(database), MessageOutbox(database)
    letterbox.post(answer(1), now=NOW, not_before=NOW + DAY)

    assert outbox.claim(now=NOW, limit=9) == []
    (item,) = outbox.claim(now=NOW + DAY, limit=9)
    assert (item.kind, item.recipient) == (OutboxKind.REPLY, "Ada@example.org")


def test_what_held_a_token_is_wiped_once_it_is_sent(database: Database) -> None:
    letterbox, outbox = Letterbox(database), MessageOutbox(database)
    number = letterbox.post(answer(1), now=NOW)
    assert number is not None
    (item,) = outbox.claim(now=NOW, limit=9)
    outbox.record(begun=[Beginning(item.id, "<m@x>", "0" * 64)], now=NOW)
    assert letterbox.wipe_sent() == 0
    outbox.record(ended=[Settlement(item.id, OutboxEvent.ACCEPT, "250")], now=NOW)

    assert letterbox.wipe_sent() == 1
    assert letterbox.reply(number) is None
