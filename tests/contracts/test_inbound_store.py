"""Received messages: kept before they are looked at, looked at by one, never lost."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model import InboundId, InboundMessage, InboundState
from newsletter.ports import InboundStore
from newsletter.storage import Database, Inbound
from newsletter.testing.inbound import MemoryInbound

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RAW = b"Subject: help\r\n\r\n\x00\xff\r\n"


OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, open_stored: OpenStored) -> InboundStore:
    if request.param == "memory":
        return MemoryInbound()
    return Inbound(open_stored(request.param))


def keep(store: InboundStore, raw: bytes = RAW, *, at: datetime = NOON) -> InboundId:
    return store.store(raw, "ada@example.org", "help@news.example", now=at)


def claim(store: InboundStore, limit: int = 10, *, now: datetime = NOON) -> list[InboundMessage]:
    return list(store.claim(limit, now=now, patience_until=now + MINUTE))


def test_a_message_is_kept_octet_for_octet_with_its_envelope(store: InboundStore) -> None:
    id_ = store.store(RAW, "", None, now=NOON)
    assert store.get(id_) == InboundMessage(id_, RAW, "", None, NOON)
    other = store.get(store.store(RAW, None, "news@news.example", now=NOON))
    assert other
    assert (other.sender, other.recipient) == (None, "news@news.example")
    assert other.id != id_


def test_what_comes_twice_from_one_place_is_kept_once(store: InboundStore) -> None:
    first = store.store(RAW, None, None, now=NOON, origin="imap 1")
    again = store.store(RAW, None, None, now=NOON + MINUTE, origin="imap 1")
    other = store.store(RAW, None, None, now=NOON, origin="imap 2")
    assert first == again != other
    store.settle(first, InboundState.HANDLED)
    assert store.store(RAW, None, None, now=NOON + MINUTE, origin="imap 1") == first
    assert len(claim(store)) == 1


def test_what_must_not_be_looked_at_is_put_aside_at_once(store: InboundStore) -> None:
    id_ = store.store(RAW, None, None, now=NOON, aside="12 MB are too many")
    assert claim(store) == []
    (one,) = store.find(InboundState.ASIDE)
    assert (one.id, one.note) == (id_, "12 MB are too many")


def test_the_oldest_are_taken_first_and_by_one_only(store: InboundStore) -> None:
    late, early = keep(store, at=NOON), keep(store, at=NOON - MINUTE)
    assert [one.id for one in claim(store, 1)] == [early]
    assert [one.id for one in claim(store)] == [late]
    assert claim(store) == []


def test_a_look_that_never_ended_is_begun_again_and_counted(store: InboundStore) -> None:
    keep(store)
    assert [one.tries for one in claim(store)] == [1]
    assert claim(store, now=NOON + MINUTE / 2) == []
    assert [one.tries for one in claim(store, now=NOON + MINUTE)] == [2]


def test_what_ends_every_look_is_put_aside_after_three(store: InboundStore) -> None:
    id_ = keep(store)
    tries = [len(claim(store, now=NOON + count * MINUTE)) for count in range(4)]
    assert tries == [1, 1, 1, 0]
    assert [one.id for one in store.find(InboundState.ASIDE)] == [id_]


def test_a_settled_message_rests(store: InboundStore) -> None:
    id_ = keep(store)
    claim(store)
    store.settle(id_, InboundState.HANDLED, "answered")
    assert claim(store, now=NOON + 10 * MINUTE) == []
    found = store.get(id_)
    assert found
    assert (found.state, found.note, found.tries) == (InboundState.HANDLED, "answered", 1)


def test_a_message_that_is_given_back_is_taken_at_once(store: InboundStore) -> None:
    id_ = keep(store)
    claim(store)
    store.settle(id_, InboundState.RECEIVED, "the database was busy")
    assert [(one.id, one.tries) for one in claim(store)] == [(id_, 2)]


def test_a_long_note_is_cut(store: InboundStore) -> None:
    id_ = keep(store)
    store.settle(id_, InboundState.ASIDE, "x" * 9000)
    found = store.get(id_)
    assert found
    assert len(found.note) == 500


def test_messages_are_found_by_state_the_newest_first(store: InboundStore) -> None:
    ids = [keep(store, at=NOON + count * MINUTE) for count in range(3)]
    for id_ in ids:
        store.settle(id_, InboundState.ASIDE)
    assert [one.id for one in store.find(InboundState.ASIDE, limit=2)] == [ids[2], ids[1]]
    assert store.find(InboundState.HANDLED) == []


def test_a_message_aside_can_be_replayed_as_if_it_were_new(store: InboundStore) -> None:
    id_ = keep(store)
    claim(store)
    store.settle(id_, InboundState.ASIDE, "took too long")
    assert store.replay(id_)
    found = store.get(id_)
    assert found
    assert (found.tries, found.note) == (0, "")
    assert [(one.id, one.tries) for one in claim(store)] == [(id_, 1)]


def test_what_waits_or_is_unknown_is_not_replayed(store: InboundStore) -> None:
    id_ = keep(store)
    claim(store)
    assert not store.replay(id_)
    assert claim(store) == []
    assert not store.replay(InboundId(999))
    store.settle(InboundId(999), InboundState.HANDLED)
    assert store.get(InboundId(999)) is None


def test_a_purge_forgets_what_is_old_and_settled(store: InboundStore) -> None:
    old, waiting, new = (keep(store, at=NOON + count * MINUTE) for count in (0, 1, 9))
    for id_ in (old, new):
        store.settle(id_, InboundState.HANDLED)
    assert store.purge(NOON + 5 * MINUTE) == 1
    assert store.get(old) is None
    assert store.get(waiting)
    assert store.get(new)


def test_a_purged_message_may_come_again_from_its_place(store: InboundStore) -> None:
    first = store.store(RAW, None, None, now=NOON, origin="maildir 1", aside="no")
    assert store.purge(NOON + MINUTE) == 1
    assert store.store(RAW, None, None, now=NOON, origin="maildir 1") != first


def test_what_ends_every_look_at_it_is_put_aside_and_can_be_replayed(store: InboundStore) -> None:
    id_ = keep(store)
    for look in range(3):
        assert [one.tries for one in claim(store, now=NOON + look * MINUTE)] == [look + 1]
    other = keep(store)
    assert [one.id for one in claim(store, now=NOON + 3 * MINUTE)] == [other]
    (aside,) = store.find(InboundState.ASIDE)
    assert aside.id == id_
    assert "3 looks" in aside.note
    assert store.replay(id_)
    assert [one.tries for one in claim(store, now=NOON + 3 * MINUTE)] == [1]


def test_an_envelope_that_no_database_can_hold_is_kept_as_far_as_it_goes(
    store: InboundStore,
) -> None:
    found = store.get(store.store(RAW, "a\udcffb@example.org", "n\0@news.example", now=NOON))
    assert found
    assert found.raw == RAW
    assert found.sender
    assert found.sender.endswith("b@example.org")
