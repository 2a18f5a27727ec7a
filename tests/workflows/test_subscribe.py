"""SUBSCRIBE, with everything in memory: whom a document asks, who is gone, who can come back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model import (
    AddressKey,
    Document,
    EmailAddress,
    Preferences,
    Subscriber,
    SubscriberId,
    SubscriptionEvent,
    SubscriptionState,
)
from newsletter.ports import DocumentChanges
from newsletter.rules.addresses import address_key
from newsletter.testing import FakeClock
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.preferences import FakePreferencesStore
from newsletter.testing.subscribers import MemorySubscriberStore
from newsletter.workflows import Removals, SubscribePorts, adopt_documents, unsubscribe, vouch

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADA = Preferences(EmailAddress("Ada@example.org"))
KEN = Preferences(EmailAddress("ken@example.net"))


class CountingSubscriberStore(MemorySubscriberStore):
    """Counts whole scans and comparisons, and remembers what was adopted."""

    def __init__(self) -> None:
        super().__init__()
        self.scans = 0
        self.comparisons = 0
        self.adopted: list[str] = []

    def all(self) -> Iterator[Subscriber]:
        self.scans += 1
        return super().all()

    def compare(self, documents: Mapping[AddressKey, Preferences]) -> DocumentChanges:
        self.comparisons += 1
        return super().compare(documents)

    def adopt(self, documents: Iterable[Document], *, now: datetime) -> None:
        every = list(documents)
        self.adopted.extend(one.preferences.email for one in every)
        super().adopt(every, now=now)


class House:
    def __init__(self, *preferences: Preferences) -> None:
        self.clock = FakeClock(NOON)
        self.documents = FakePreferencesStore(*preferences)
        self.people = CountingSubscriberStore()
        self.ports = SubscribePorts(
            self.people, self.documents, MemoryOutbox(MemoryLedger()), self.clock
        )

    def person(self, preferences: Preferences = ADA) -> Subscriber:
        found = self.people.find(address_key(preferences.email))
        assert found
        return found

    def events(self, preferences: Preferences = ADA) -> list[SubscriptionEvent]:
        return [one.event for one in self.people.consents(address_key(preferences.email))]

    def apply(self, event: SubscriptionEvent, preferences: Preferences = ADA) -> None:
        self.people.apply(preferences.email, event, now=self.clock.now(), statement="a test")

    def vouch(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        done = vouch(self.documents.read().documents, self.ports, statement="a workshop")
        return done.confirmed, done.known, done.refused


def test_a_document_of_a_stranger_asks_once_and_comes_into_force() -> None:
    house = House(ADA)
    adoption = adopt_documents(house.ports)
    assert (adoption.documents, adoption.asked) == (1, ("Ada@example.org",))
    assert house.person().state is SubscriptionState.PENDING
    assert house.person().preferences == ADA

    house.clock.move(timedelta(minutes=1))
    assert adopt_documents(house.ports).asked == ()
    assert house.events() == [SubscriptionEvent.SUBSCRIBE]


def test_a_document_never_reopens_what_was_unsubscribed() -> None:
    house = House(ADA)
    adopt_documents(house.ports)
    house.apply(SubscriptionEvent.UNSUBSCRIBE)
    house.documents.put(replace(ADA, at_most=3))
    assert adopt_documents(house.ports).asked == ()
    house.documents.remove(ADA.email)
    adopt_documents(house.ports)
    house.documents.put(ADA)
    assert adopt_documents(house.ports).asked == ()
    assert house.person().state is SubscriptionState.UNSUBSCRIBED


def test_a_look_at_what_is_in_force_already_writes_nothing_and_compares_once() -> None:
    house = House(ADA, KEN)
    adopt_documents(house.ports)
    house.people.comparisons, house.people.adopted = 0, []
    house.documents.put(replace(KEN, at_most=3))
    assert adopt_documents(house.ports).changed == 1
    assert house.people.adopted == ["ken@example.net"]
    assert (house.people.scans, house.people.comparisons) == (0, 1)


def test_who_was_erased_is_asked_again_while_the_document_stands() -> None:
    house = House(ADA)
    adopt_documents(house.ports)
    house.apply(SubscriptionEvent.ERASE)
    assert adopt_documents(house.ports).asked == ("Ada@example.org",)
    assert house.person().preferences == ADA


def test_a_deleted_document_goes_out_of_force_and_consent_stays() -> None:
    house = House(ADA, KEN)
    house.vouch()
    house.documents.remove(ADA.email)
    adoption = adopt_documents(house.ports)
    assert adoption.gone == ("ada@example.org",)
    assert house.person().preferences is None
    assert house.person().state is SubscriptionState.CONFIRMED
    assert house.person(KEN).preferences == KEN
    assert adopt_documents(house.ports).gone == ()


def test_a_broken_document_leaves_the_last_good_one_and_others_can_go() -> None:
    house = House(ADA, KEN)
    house.vouch()
    house.documents.break_document(ADA.email)
    house.documents.remove(KEN.email)
    adoption = adopt_documents(house.ports)
    assert adoption.gone == ("ken@example.net",)
    assert house.person().preferences == ADA
    assert len(adoption.problems) == 1


def test_while_something_is_unread_nobody_is_gone_and_the_reason_is_told() -> None:
    house = House(ADA, KEN)
    house.vouch()
    house.documents.spoil("team.yaml")
    house.documents.remove(ADA.email)
    house.documents.put(replace(KEN, at_most=3))
    adoption = adopt_documents(house.ports)
    assert (adoption.gone, adoption.kept) == ((), ("ada@example.org",))
    assert house.person().preferences == ADA
    assert house.person(KEN).preferences == replace(KEN, at_most=3)
    assert "1 subscriber has no document" in str(adoption.problems[-1])

    house.documents.mend("team.yaml")
    adoption = adopt_documents(house.ports)
    assert (adoption.gone, adoption.kept) == (("ada@example.org",), ())
    assert adoption.problems == ()


def test_what_is_unread_is_told_once_when_nobody_is_missing() -> None:
    house = House(ADA)
    house.vouch()
    house.documents.spoil("team.yaml")
    adoption = adopt_documents(house.ports)
    assert adoption.kept == ()
    assert len(adoption.problems) == 1


def crowd(count: int) -> list[Preferences]:
    return [Preferences(EmailAddress(f"reader{n:02}@example.org")) for n in range(count)]


def test_documents_that_vanish_together_are_held_until_somebody_says_they_were_deleted() -> None:
    people = crowd(30)
    house = House(*people)
    house.vouch()
    for one in people[:16]:
        house.documents.remove(one.email)
    adoption = adopt_documents(house.ports)
    assert (adoption.gone, len(adoption.kept)) == ((), 16)
    (told,) = map(str, adoption.problems)
    assert told == (
        "subscribers: 16 subscribers have no document any more, of 30: the last good ones stay in "
        "force; bring them back, or run `newsletter subscribers accept-removals` if they were "
        "deleted"
    )
    assert house.person(people[0]).preferences == people[0]
    adoption = adopt_documents(house.ports, Removals.ACCEPT)
    assert (len(adoption.gone), adoption.kept, adoption.problems) == (16, (), ())
    assert house.person(people[0]).preferences is None


def test_an_empty_place_takes_nobody_out() -> None:
    house = House(ADA, KEN)
    house.vouch()
    house.documents.remove(ADA.email)
    house.documents.remove(KEN.email)
    adoption = adopt_documents(house.ports)
    assert (adoption.gone, len(adoption.kept)) == ((), 2)
    house.documents.put(KEN)
    assert adopt_documents(house.ports).gone == ("ada@example.org",)


def test_accepting_removals_takes_nobody_out_who_may_stand_in_what_is_unread() -> None:
    house = House(ADA, KEN)
    house.vouch()
    house.documents.spoil("team.yaml")
    house.documents.remove(ADA.email)
    adoption = adopt_documents(house.ports, Removals.ACCEPT)
    assert (adoption.gone, adoption.kept) == ((), ("ada@example.org",))


@pytest.mark.parametrize(
    ("before", "expected", "after"),
    [
        (None, "confirmed", SubscriptionState.CONFIRMED),
        (SubscriptionEvent.SUBSCRIBE, "confirmed", SubscriptionState.CONFIRMED),
        (SubscriptionEvent.VOUCH, "known", SubscriptionState.CONFIRMED),
        (SubscriptionEvent.UNSUBSCRIBE, "refused", SubscriptionState.UNSUBSCRIBED),
    ],
)
def test_vouching_confirms_all_but_those_who_left(
    before: SubscriptionEvent | None, expected: str, after: SubscriptionState
) -> None:
    house = House(ADA)
    if before is SubscriptionEvent.UNSUBSCRIBE:
        house.apply(SubscriptionEvent.VOUCH)
    if before:
        house.apply(before)
    logged = len(house.events())
    done = dict(zip(("confirmed", "known", "refused"), house.vouch(), strict=True))
    assert done.pop(expected) == ("Ada@example.org",)
    assert set(done.values()) == {()}
    assert house.person().state is after
    assert house.person().preferences == ADA
    assert len(house.events()) == logged + (expected == "confirmed")


def test_vouching_logs_the_ground_and_the_place() -> None:
    house = House(ADA)
    house.vouch()
    (record,) = house.people.consents(address_key(ADA.email))
    assert (record.statement, record.evidence) == ("a workshop", "Ada@example.org.yaml:1")


def test_unsubscribing_twice_is_fine_and_logged_once() -> None:
    house = House(ADA)
    house.vouch()
    person = house.person()
    assert unsubscribe(person.id, house.ports, evidence="letter 1")
    assert unsubscribe(person.id, house.ports, evidence="letter 2")
    assert house.person().state is SubscriptionState.UNSUBSCRIBED
    records = house.people.consents(address_key(ADA.email))
    assert [one.evidence for one in records] == ["Ada@example.org.yaml:1", "letter 1"]
    assert records[1].statement == "Unsubscribed with the token of a letter."


def test_unsubscribing_can_say_on_whose_word() -> None:
    house = House(ADA)
    house.vouch()
    unsubscribe(house.person().id, house.ports, statement="asked by phone", evidence="the operator")
    last = house.people.consents(address_key(ADA.email))[-1]
    assert (last.statement, last.evidence) == ("asked by phone", "the operator")


def test_unsubscribing_a_stranger_says_so() -> None:
    assert not unsubscribe(SubscriberId("nobody"), House().ports, evidence="letter 1")
