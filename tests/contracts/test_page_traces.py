"""What the pages keep of a person: told, forgotten at once when asked, and when its time is over."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from newsletter.model import EmailAddress
from newsletter.ports import AuditId, Deadlines, Deed, EnquiryKind
from newsletter.rules.addresses import suppression_key
from newsletter.storage import Database
from tests.contracts.filled_house import DAY, NOW, SECRETS, House, key_of, open_house

ADA, BOB = EmailAddress("Ada@Exämple.org"), EmailAddress("bob@example.org")
ADA_KEY, BOB_KEY = key_of(ADA), key_of(BOB)
OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, open_stored: OpenStored) -> House:
    return open_house(request.param, open_stored)


def waiting(house: House) -> list[str]:
    claimed = house.enquiries.claim(9, now=NOW + DAY, patience_until=NOW + 2 * DAY)
    return [one.address for one in claimed]


def subjects(house: House) -> list[str]:
    return [one.deed.subject for one in house.audit.latest(limit=9)][::-1]


def test_what_a_stranger_typed_into_the_page_is_told(house: House) -> None:
    house.ask_on_page(ADA)
    house.ask_on_page(BOB)
    (found,) = house.archive.traces(ADA_KEY).enquiries
    assert (found.kind, found.asked_at) == (EnquiryKind.SUBSCRIBE, NOW)
    assert f"email: {ADA}" in found.document
    assert found.evidence == "page"


def test_what_a_stranger_typed_into_the_page_is_erased_and_nothing_else(house: House) -> None:
    house.ask_on_page(ADA)
    house.ask_on_page(EmailAddress("ADA@exämple.org"))
    house.ask_on_page(BOB)
    assert house.subscribers.forget(ADA_KEY)
    assert house.archive.traces(ADA_KEY).enquiries == ()
    assert waiting(house) == [BOB]
    assert not house.subscribers.forget(ADA_KEY)


def test_what_operators_did_to_a_person_is_told_without_their_names(house: House) -> None:
    ada = house.admit(ADA)
    house.audit.note(Deed("desk", "suppress", f"person {ada}", "gets no mail any more"), now=NOW)
    house.audit.note(Deed("desk", "retry", "message 7", "queued again"), now=NOW)
    (found,) = house.archive.traces(ADA_KEY).deeds
    assert (found.action, found.detail) == ("suppress", "gets no mail any more")
    assert "desk" not in repr(found)


def test_the_erased_are_no_longer_named_by_the_audit_log(house: House) -> None:
    ada, bob = house.admit(ADA), house.admit(BOB)
    hashed = f"address {suppression_key(ADA_KEY, SECRETS)}"
    for subject, detail in (
        (f"person {ada}", "was asked once more"),
        (hashed, "gets no mail any more"),
        ("message 7", f"not done: {ADA.lower()} is suppressed"),
        (f"person {bob}", "was asked once more"),
    ):
        house.audit.note(Deed("desk", "deed", subject, detail), now=NOW)

    assert house.subscribers.forget(ADA_KEY)

    assert subjects(house) == ["erased", "erased", "erased", f"person {bob}"]
    line = house.audit.get(AuditId(3))
    assert line
    assert (line.at, line.deed) == (NOW, Deed("desk", "deed", "erased", "erased"))
    assert house.archive.traces(ADA_KEY).deeds == ()
    assert not house.subscribers.forget(ADA_KEY)


def test_old_lines_of_the_audit_log_are_forgotten_in_steps(house: House) -> None:
    for day in range(7):
        house.audit.note(Deed("desk", "retry", f"message {day}"), now=NOW + day * DAY)
    some_day = NOW - DAY
    never = Deadlines(some_day, some_day, some_day, some_day, some_day)
    assert house.archive.purge(never).deeds == 0
    some = replace(never, deeds=NOW + 5 * DAY)
    assert house.archive.purge(some).deeds == 5
    assert house.archive.purge(some).deeds == 0
    assert subjects(house) == ["message 5", "message 6"]
