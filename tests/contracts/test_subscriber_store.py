from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from newsletter.errors import IllegalTransitionError
from newsletter.model import (
    SUBSCRIPTION_TRANSITIONS,
    AddressKey,
    Cadence,
    Document,
    EmailAddress,
    Every,
    Follow,
    LetterFormat,
    Order,
    Preferences,
    Strictness,
    Subscriber,
    SubscriptionEvent,
    SubscriptionState,
    Suppression,
    SuppressionCause,
    Topic,
    Weekday,
    WhenEmpty,
)
from newsletter.ports import SubscriberStore
from newsletter.storage import Database, Subscribers
from newsletter.testing.subscribers import MemorySubscriberStore

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ADA = EmailAddress("Ada@Example.org")
ADA_KEY = AddressKey("ada@example.org")
BOB = EmailAddress("bob@example.org")
OpenStored = Callable[[str], Database]
RICH = Preferences(
    email=ADA,
    name="Ada",
    cadence=Cadence(
        Every.DAYS, time(7, 30), "Europe/Paris", frozenset({Weekday.MON, Weekday.THU}), None
    ),
    topics=(Topic("rl", "Offline RL", query='"offline rl"', weight=2), Topic("g", "G", about="g")),
    follow=Follow(("Grace H.",), ("Example Lab",)),
    mute=("survey",),
    at_most=3,
    order=Order.NEWEST,
    minimum_upvotes=5,
    wants_revisions=True,
    learns=False,
    strictness=Strictness.STRICT,
    when_empty=WhenEmpty.CARRY,
    format=LetterFormat.TEXT,
    pause_until=date(2026, 12, 1),
)
PATHS = {
    None: (),
    SubscriptionState.PENDING: (SubscriptionEvent.SUBSCRIBE,),
    SubscriptionState.CONFIRMED: (SubscriptionEvent.VOUCH,),
    SubscriptionState.UNSUBSCRIBED: (SubscriptionEvent.VOUCH, SubscriptionEvent.UNSUBSCRIBE),
}


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, open_stored: OpenStored) -> SubscriberStore:
    if request.param == "memory":
        return MemorySubscriberStore()
    return Subscribers(open_stored(request.param))


def apply(
    store: SubscriberStore,
    event: SubscriptionEvent,
    *,
    address: EmailAddress = ADA,
    now: datetime = NOW,
) -> Subscriber | None:
    return store.apply(address, event, now=now, statement="They asked.", evidence="page 1")


def ada(store: SubscriberStore) -> Subscriber:
    found = store.find(ADA_KEY)
    assert found
    return found


def document(preferences: Preferences) -> Document:
    return Document(preferences, "email: …", "subscribers/ada.yaml:1")


def test_every_event_in_every_state_follows_the_table(store: SubscriberStore) -> None:
    for before, path in PATHS.items():
        for event in SubscriptionEvent:
            address = EmailAddress(f"{before}-{event}@example.org")
            key = AddressKey(address.casefold())
            for step in path:
                apply(store, step, address=address)
            if (before, event) in SUBSCRIPTION_TRANSITIONS:
                after = apply(store, event, address=address)
                assert (after.state if after else None) == SUBSCRIPTION_TRANSITIONS[before, event]
                assert store.find(key) == after
            else:
                logged = store.consents(key)
                with pytest.raises(IllegalTransitionError):
                    apply(store, event, address=address)
                assert store.consents(key) == logged


def test_an_address_is_one_person_however_it_is_written(store: SubscriberStore) -> None:
    first = apply(store, SubscriptionEvent.SUBSCRIBE)
    again = apply(store, SubscriptionEvent.CONFIRM, address=EmailAddress("ADA@EXAMPLE.ORG"))

    assert first
    assert again
    assert (again.id, again.address) == (first.id, ADA)


def test_people_come_by_address(store: SubscriberStore) -> None:
    apply(store, SubscriptionEvent.VOUCH, address=BOB)
    apply(store, SubscriptionEvent.VOUCH)
    assert [person.address for person in store.all()] == [ADA, BOB]


def test_people_are_counted_whatever_they_want(store: SubscriberStore) -> None:
    assert store.count() == 0
    apply(store, SubscriptionEvent.SUBSCRIBE)
    apply(store, SubscriptionEvent.VOUCH, address=BOB)
    assert store.count() == 2
    apply(store, SubscriptionEvent.UNSUBSCRIBE, address=BOB)
    assert store.count() == 2


def test_people_come_by_id_from_one_place_to_another(store: SubscriberStore) -> None:
    for number in range(7):
        apply(store, SubscriptionEvent.VOUCH, address=EmailAddress(f"reader{number}@example.org"))
    ids = sorted(person.id for person in store.all())

    assert [person.id for person in store.by_id()] == ids
    assert [person.id for person in store.by_id(above=ids[1], below=ids[5])] == ids[2:5]
    assert [person.id for person in store.by_id(above=ids[5])] == ids[6:]


def test_confirmed_at_moves_with_each_entry_into_confirmed_only(store: SubscriberStore) -> None:
    apply(store, SubscriptionEvent.VOUCH)
    apply(store, SubscriptionEvent.CONFIRM, now=LATER)
    assert (ada(store).confirmed_at, ada(store).since_at) == (NOW, NOW)

    apply(store, SubscriptionEvent.UNSUBSCRIBE, now=LATER)
    assert (ada(store).confirmed_at, ada(store).since_at) == (NOW, LATER)

    apply(store, SubscriptionEvent.UNDO, now=LATER + timedelta(days=1))
    assert ada(store).confirmed_at == LATER + timedelta(days=1)


def test_the_consent_log_keeps_words_and_evidence_in_order(store: SubscriberStore) -> None:
    apply(store, SubscriptionEvent.SUBSCRIBE)
    apply(store, SubscriptionEvent.CONFIRM, now=LATER)

    first, second = store.consents(ADA_KEY)
    assert (first.event, second.event) == (SubscriptionEvent.SUBSCRIBE, SubscriptionEvent.CONFIRM)
    assert (second.at, second.statement, second.evidence) == (LATER, "They asked.", "page 1")
    assert second.subscriber == ada(store).id


def test_erase_removes_person_and_log_and_leaves_the_suppression(store: SubscriberStore) -> None:
    apply(store, SubscriptionEvent.VOUCH)
    store.suppress(Suppression(ADA_KEY, SuppressionCause.COMPLAINT, "abuse report", NOW))

    assert apply(store, SubscriptionEvent.ERASE) is None

    assert store.find(ADA_KEY) is None
    assert list(store.consents(ADA_KEY)) == []
    apply(store, SubscriptionEvent.SUBSCRIBE)
    assert ada(store).suppression


def test_expire_removes_the_person(store: SubscriberStore) -> None:
    apply(store, SubscriptionEvent.SUBSCRIBE)
    assert apply(store, SubscriptionEvent.EXPIRE) is None
    assert list(store.all()) == []


def test_adopted_preferences_are_read_back_whole(store: SubscriberStore) -> None:
    apply(store, SubscriptionEvent.VOUCH)
    store.adopt([document(RICH), document(Preferences(EmailAddress("eve@example.org")))], now=NOW)

    assert ada(store).preferences == RICH
    assert ada(store).cadence_since_at == NOW
    assert len(list(store.all())) == 1


def test_only_a_new_cadence_or_zone_counts_afresh(store: SubscriberStore) -> None:
    apply(store, SubscriptionEvent.VOUCH)
    store.adopt([document(RICH)], now=NOW)

    store.adopt([document(replace(RICH, at_most=5))], now=LATER)
    assert (ada(store).cadence_since_at, ada(store).preferences) == (NOW, replace(RICH, at_most=5))

    moved = replace(RICH, cadence=replace(RICH.cadence, timezone="Asia/Tokyo"))
    store.adopt([document(moved)], now=LATER)
    assert ada(store).cadence_since_at == LATER


def test_a_disowned_subscriber_has_no_preferences(store: SubscriberStore) -> None:
    apply(store, SubscriptionEvent.VOUCH)
    store.adopt([document(RICH)], now=NOW)

    store.disown([ADA_KEY, AddressKey("nobody@example.org")])

    assert ada(store).preferences is None
    assert ada(store).state is SubscriptionState.CONFIRMED


def test_preferences_survive_leaving_and_coming_back(store: SubscriberStore) -> None:
    apply(store, SubscriptionEvent.VOUCH)
    store.adopt([document(RICH)], now=NOW)
    apply(store, SubscriptionEvent.UNSUBSCRIBE)
    apply(store, SubscriptionEvent.UNDO)
    assert ada(store).preferences == RICH


def test_a_later_suppression_replaces_an_earlier_one(store: SubscriberStore) -> None:
    apply(store, SubscriptionEvent.VOUCH)
    last = Suppression(ADA_KEY, SuppressionCause.BY_HAND, "asked by phone", LATER)

    store.suppress(Suppression(ADA_KEY, SuppressionCause.BOUNCE, "550 5.1.1", NOW))
    store.suppress(last)
    assert ada(store).suppression == last
    assert [person.suppression for person in store.all()] == [last]

    store.unsuppress(ADA_KEY)
    store.unsuppress(ADA_KEY)
    assert ada(store).suppression is None


def test_a_subscriber_is_found_by_id(store: SubscriberStore) -> None:
    ada = store.apply(ADA, SubscriptionEvent.VOUCH, now=NOW, statement="a test")
    assert ada
    assert store.get(ada.id) == ada
    store.apply(ADA, SubscriptionEvent.ERASE, now=NOW, statement="a test")
    assert store.get(ada.id) is None


def test_a_document_that_comes_back_unchanged_begins_no_new_cadence(
    store: SubscriberStore,
) -> None:
    store.apply(ADA, SubscriptionEvent.VOUCH, now=NOW, statement="a test")
    document = Document(RICH, "", "a.yaml:1")
    store.adopt([document], now=NOW)
    store.disown([ADA_KEY])
    assert ada(store).preferences is None
    store.apply(ADA, SubscriptionEvent.SUBSCRIBE, now=NOW, statement="a test")
    store.adopt([document], now=LATER)
    assert (ada(store).preferences, ada(store).cadence_since_at) == (RICH, NOW)
    store.disown([ADA_KEY])
    other = replace(RICH, cadence=Cadence())
    store.adopt([replace(document, preferences=other)], now=LATER)
    assert ada(store).cadence_since_at == LATER
