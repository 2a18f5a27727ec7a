"""Enquiries of pages: safe once they are kept, looked at by one, forgotten when they are answered."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model import EmailAddress
from newsletter.ports import Enquiry, EnquiryKind, EnquiryStore
from newsletter.storage import Database, Enquiries
from newsletter.testing.enquiries import MemoryEnquiries

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ADA = EmailAddress("Ada+news@example.org")
DOCUMENT = "email: Ada+news@example.org\ntopics: [robotics, 'naïve “words”']\n"
EVIDENCE = "page, network 192.0.2.7/32"

OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, open_stored: OpenStored) -> EnquiryStore:
    return MemoryEnquiries() if request.param == "memory" else Enquiries(open_stored(request.param))


def keep(
    store: EnquiryStore,
    kind: EnquiryKind = EnquiryKind.SUBSCRIBE,
    *,
    document: str = DOCUMENT,
    at: datetime = NOON,
) -> None:
    store.keep(kind, ADA, document, EVIDENCE, now=at)


def claim(store: EnquiryStore, limit: int = 10, *, now: datetime = NOON) -> list[Enquiry]:
    return list(store.claim(limit, now=now, patience_until=now + MINUTE))


def test_an_enquiry_is_kept_as_it_came(store: EnquiryStore) -> None:
    keep(store)
    (one,) = claim(store)
    assert one == Enquiry(one.id, EnquiryKind.SUBSCRIBE, ADA, DOCUMENT, EVIDENCE, NOON, 1)


def test_the_same_wish_twice_is_two_enquiries(store: EnquiryStore) -> None:
    keep(store)
    keep(store, EnquiryKind.PREFERENCES_LINK, document="")
    first, second = claim(store)
    assert (first.kind, second.kind) == (EnquiryKind.SUBSCRIBE, EnquiryKind.PREFERENCES_LINK)
    assert first.id != second.id


def test_the_oldest_are_taken_first_and_by_one_only(store: EnquiryStore) -> None:
    for document, at in (("late", NOON), ("early", NOON - MINUTE)):
        keep(store, document=document, at=at)
    assert [one.document for one in claim(store, 1)] == ["early"]
    assert [one.document for one in claim(store)] == ["late"]
    assert claim(store) == []


def test_what_is_answered_is_forgotten(store: EnquiryStore) -> None:
    keep(store)
    (one,) = claim(store)
    store.done(one.id)
    store.done(one.id)
    assert claim(store, now=NOON + 10 * MINUTE) == []


def test_a_look_that_never_ended_is_begun_again_and_counted(store: EnquiryStore) -> None:
    keep(store)
    assert [one.tries for one in claim(store)] == [1]
    assert claim(store, now=NOON + MINUTE / 2) == []
    assert [one.tries for one in claim(store, now=NOON + MINUTE)] == [2]


def test_what_ends_every_look_is_left_aside_after_three_and_forgotten_later(
    store: EnquiryStore,
) -> None:
    keep(store)
    keep(store, document="waits", at=NOON + 9 * MINUTE)
    tries = [len(claim(store, 1, now=NOON + count * MINUTE)) for count in range(3)]
    assert tries == [1, 1, 1]
    assert store.aside() == 1
    assert [one.document for one in claim(store, now=NOON + 9 * MINUTE)] == ["waits"]
    assert store.forget(NOON) == 0
    assert store.forget(NOON + MINUTE) == 1
    assert store.aside() == 0


def test_what_was_not_looked_at_goes_back_uncounted(store: EnquiryStore) -> None:
    keep(store)
    (one,) = claim(store)
    store.give_back(one.id)
    store.give_back(one.id)
    assert [again.tries for again in claim(store)] == [1]


def test_an_enquiry_that_waits_is_not_forgotten(store: EnquiryStore) -> None:
    keep(store)
    assert store.forget(NOON + 999 * MINUTE) == 0
    assert store.forget(NOON, waiting_before=NOON) == 0
    assert len(claim(store)) == 1


def test_an_enquiry_that_nobody_ever_looks_at_is_forgotten_in_the_end(store: EnquiryStore) -> None:
    keep(store)
    keep(store, document="later", at=NOON + MINUTE)
    assert store.forget(NOON, waiting_before=NOON + MINUTE) == 1
    assert [one.document for one in claim(store, now=NOON + MINUTE)] == ["later"]


def test_a_text_that_no_database_can_hold_is_kept_as_far_as_it_goes(store: EnquiryStore) -> None:
    keep(store, document="a\udcffb\0c")
    (one,) = claim(store)
    assert one.document.startswith("a")
