"""Handing over, erasing and forgetting, with a clock that the test sets."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from newsletter.errors import PreferencesError
from newsletter.model import (
    AddressKey,
    Document,
    EmailAddress,
    InboundId,
    InboundMessage,
    InboundState,
    Preferences,
    ReplyKind,
    SourceName,
    SubscriptionEvent,
    SubscriptionState,
    Suppression,
    SuppressionCause,
)
from newsletter.ports import Deed, ModelId, TextKey
from newsletter.rules.plain_records import JsonValue
from newsletter.testing import FakeClock
from newsletter.testing.postbag import MemoryPostbag
from newsletter.testing.preferences import FakePreferencesStore
from newsletter.testing.vectors import MemoryVectors
from newsletter.workflows import (
    PrivacyPorts,
    erase_person,
    export_person,
    lift_suppression,
    list_export,
    purge,
    suppress_by_hand,
)
from tests.contracts.filled_house import DAY, NOW, House, fill, key_of, memory_house

ADA, BOB = EmailAddress("ada@example.org"), EmailAddress("bob@example.org")
ADA_KEY, BOB_KEY = key_of(ADA), key_of(BOB)
SUBSCRIBE = SubscriptionEvent.SUBSCRIBE


class Office:
    """A house with documents and a clock."""

    def __init__(self) -> None:
        self.house: House = memory_house()
        self.documents = FakePreferencesStore()
        self.clock = FakeClock(NOW)
        self.postbag = MemoryPostbag()
        self.vectors = MemoryVectors()
        self.ports = PrivacyPorts(
            self.house.subscribers,
            self.documents,
            self.house.ledger,
            self.house.outbox,
            self.house.archive,
            self.house.inbound,
            self.house.bounces,
            self.house.votes,
            self.clock,
            self.postbag,
            self.vectors,
            self.house.enquiries,
        )

    def fill(self, address: EmailAddress, name: str) -> None:
        fill(self.house, address, name=name)
        preferences = Preferences(address, name=name)
        self.documents.put(preferences)
        document = Document(preferences, f"email: {address}\n", f"{address}.yaml:1")
        self.house.subscribers.adopt([document], now=NOW)

    def ask(self, address: EmailAddress) -> None:
        now = self.clock.now()
        self.house.subscribers.apply(address, SUBSCRIBE, now=now, statement="By mail.")

    def wait_until(self, moment: datetime) -> None:
        self.clock.move(moment - self.clock.now())

    def state(self, key: AddressKey) -> SubscriptionState | None:
        person = self.house.subscribers.find(key)
        return person.state if person else None


@pytest.fixture
def office() -> Office:
    return Office()


def stored(record: Mapping[str, JsonValue]) -> set[str]:
    return {name for name, value in record.items() if value and name != "address"}


def test_everything_that_is_stored_is_handed_over_in_plain_values(office: Office) -> None:
    office.fill(ADA, "a")
    office.house.subscribers.suppress(
        Suppression(ADA_KEY, SuppressionCause.COMPLAINT, "by her provider", NOW)
    )
    record = export_person(ADA_KEY, office.ports)
    text = json.dumps(record)
    assert stored(record) == record.keys() - {"address"}
    for said in ("They asked.", "page 1", "email: ada@example.org", "250 taken", "by her provider"):
        assert said in text
    assert record["votes"] == [{"entry": "a1", "vote": 1, "voted_at": NOW.isoformat()}]
    assert record["entries_sent"] == ["a1"]


def test_of_a_stranger_nothing_is_handed_over(office: Office) -> None:
    office.fill(BOB, "b")
    assert stored(export_person(ADA_KEY, office.ports)) == set()


def test_what_is_handed_over_by_mail_is_lines(office: Office) -> None:
    office.fill(ADA, "a")
    listings = {one.title: one.rows for one in list_export(export_person(ADA_KEY, office.ports))}
    assert "Document" not in listings
    assert "Suppression" not in listings
    assert listings["Subscription"][1] == ("State", "confirmed")
    assert "statement: They asked." in listings["Consent log"][0][1]
    assert all("\n" not in text for rows in listings.values() for _, text in rows)


def test_the_erased_leave_nothing_and_the_others_keep_all(office: Office) -> None:
    office.fill(ADA, "a")
    office.fill(BOB, "b")
    before = export_person(BOB_KEY, office.ports)

    assert erase_person(ADA_KEY, office.ports)

    assert stored(export_person(ADA_KEY, office.ports)) == set()
    assert office.documents.source_of(ADA_KEY) is None
    assert export_person(BOB_KEY, office.ports) == before
    assert not erase_person(ADA_KEY, office.ports)


def test_of_a_suppressed_address_the_suppression_alone_is_left(office: Office) -> None:
    office.fill(ADA, "a")
    office.house.subscribers.suppress(
        Suppression(ADA_KEY, SuppressionCause.BOUNCE, f"550 <{ADA}> is unknown", NOW)
    )
    erase_person(ADA_KEY, office.ports)
    assert stored(export_person(ADA_KEY, office.ports)) == {"suppression"}
    assert ADA not in repr(office.house.subscribers.suppressions())


def test_nobody_is_erased_whose_document_cannot_be_removed(office: Office) -> None:
    class Closed(FakePreferencesStore):
        def remove(
            self, address: EmailAddress | AddressKey, *, expected: str | None = None
        ) -> None:
            raise PreferencesError(f"{address}: cannot be written ({expected})")

    office.documents = Closed()
    office.fill(ADA, "a")
    office.ports = PrivacyPorts(
        office.house.subscribers,
        office.documents,
        office.house.ledger,
        office.house.outbox,
        office.house.archive,
        office.house.inbound,
        office.house.bounces,
        office.house.votes,
        office.clock,
        office.postbag,
    )
    with pytest.raises(PreferencesError):
        erase_person(ADA_KEY, office.ports)
    assert office.state(ADA_KEY) is SubscriptionState.CONFIRMED


def test_who_does_not_confirm_within_seven_days_is_forgotten(office: Office) -> None:
    office.ask(ADA)
    office.wait_until(NOW + 7 * DAY)
    assert purge(office.ports).expired == 0
    office.wait_until(NOW + 7 * DAY + timedelta(seconds=1))
    assert purge(office.ports).expired == 1
    assert office.state(ADA_KEY) is None
    assert purge(office.ports).expired == 0


def test_who_asked_again_has_seven_days_from_then(office: Office) -> None:
    office.ask(ADA)
    office.wait_until(NOW + 6 * DAY)
    office.ask(ADA)
    office.wait_until(NOW + 12 * DAY)
    assert purge(office.ports).expired == 0
    office.wait_until(NOW + 14 * DAY)
    assert purge(office.ports).expired == 1


def test_who_left_once_and_did_not_confirm_the_return_has_left(office: Office) -> None:
    office.house.admit(ADA)
    leave = SubscriptionEvent.UNSUBSCRIBE
    office.house.subscribers.apply(ADA, leave, now=NOW, statement="By mail.")
    office.ask(ADA)
    office.wait_until(NOW + 8 * DAY)
    assert purge(office.ports).expired == 1
    assert office.state(ADA_KEY) is SubscriptionState.UNSUBSCRIBED


@pytest.mark.parametrize("is_broken", ["good", "broken"])
def test_who_has_a_document_waits_for_the_operator(office: Office, is_broken: str) -> None:
    office.ask(ADA)
    office.documents.put(Preferences(ADA))
    if is_broken == "broken":
        office.documents.break_document(ADA)
    office.wait_until(NOW + 30 * DAY)
    assert purge(office.ports).expired == 0


def test_each_kind_of_record_has_its_time(office: Office) -> None:
    office.fill(ADA, "a")
    office.house.answer(BOB, None)
    office.house.answer(BOB, None, ReplyKind.CONFIRMATION)
    moments = {2: "strangers", 15: "replies", 22: "keys", 32: "confirmations", 95: "deliveries"}
    seen = {}
    for days, name in moments.items():
        office.wait_until(NOW + days * DAY)
        done = purge(office.ports)
        forgotten = done.forgotten
        seen[name] = (done.received, forgotten.replies, forgotten.keys, forgotten.deliveries > 0)
        assert purge(office.ports).forgotten.replies == 0
    assert seen == {
        "strangers": (0, 1, 0, False),
        "replies": (1, 1, 0, False),
        "keys": (0, 0, 1, False),
        "confirmations": (0, 1, 0, False),
        "deliveries": (0, 0, 0, True),
    }
    assert list(office.house.inbound.find(InboundState.HANDLED)) == []
    record = export_person(ADA_KEY, office.ports)
    assert record["entries_sent"] == ["a1"]
    assert office.state(ADA_KEY) is SubscriptionState.CONFIRMED


def test_mail_for_a_source_goes_when_it_was_pulled_or_nobody_pulls_it(office: Office) -> None:
    for number, source in ((1, "desk"), (2, "gone")):
        message = InboundMessage(InboundId(number), b"x", None, None, NOW)
        office.postbag.put(SourceName(source), message)
    office.postbag.let_go(SourceName("desk"), 1)
    kept: list[int] = []
    for days in (14, 15, 90, 91):
        office.wait_until(NOW + days * DAY)
        purge(office.ports)
        kept.append(len(office.postbag.kept))
    assert kept == [2, 1, 1, 0]


def test_vectors_go_when_nobody_used_them_for_four_months(office: Office) -> None:
    model, old, used = ModelId("words"), TextKey(b"o" * 16), TextKey(b"u" * 16)
    office.vectors.keep(model, {old: b"1", used: b"2"}, now=NOW)
    office.vectors.keep(model, {used: b"2"}, now=NOW + 90 * DAY)
    forgotten: list[int] = []
    for days in (120, 121, 210, 211):
        office.wait_until(NOW + days * DAY)
        forgotten.append(purge(office.ports).vectors)
    assert forgotten == [0, 1, 0, 1]


def test_an_address_is_suppressed_and_released_by_hand(office: Office) -> None:
    office.fill(ADA, "a")
    suppress_by_hand(ADA_KEY, "asked by phone", office.ports)
    found = office.house.subscribers.find(ADA_KEY)
    assert found
    assert found.suppression
    assert found.suppression.cause is SuppressionCause.BY_HAND

    lifted = lift_suppression(ADA_KEY, office.ports)

    assert lifted
    assert lifted.detail == "asked by phone"
    assert office.house.bounces.standing(ADA_KEY) is None
    assert lift_suppression(ADA_KEY, office.ports) is None
    assert suppress_by_hand(BOB_KEY, "never", office.ports).address == BOB_KEY


def test_what_was_asked_on_a_page_goes_when_nobody_could_answer(office: Office) -> None:
    office.house.ask_on_page(ADA)
    for _ in range(3):
        now = office.clock.now()
        office.house.enquiries.claim(9, now=now, patience_until=now)
    office.house.ask_on_page(BOB)
    forgotten = []
    for days in (1, 2, 7, 8):
        office.wait_until(NOW + days * DAY)
        forgotten.append(purge(office.ports).enquiries)
    assert forgotten == [0, 1, 0, 1]


def test_what_operators_did_is_kept_for_a_year(office: Office) -> None:
    office.house.audit.note(Deed("desk", "retry", "message 7"), now=NOW)
    forgotten = []
    for days in (365, 366):
        office.wait_until(NOW + days * DAY)
        forgotten.append(purge(office.ports).forgotten.deeds)
    assert forgotten == [0, 1]
