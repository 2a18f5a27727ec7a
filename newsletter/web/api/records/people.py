"""Subscribers as the API answers with them."""

from datetime import datetime
from typing import Self

from newsletter.model import Subscriber, SubscriptionState
from newsletter.web.api.records.forms import Record
from newsletter.web.api.records.slots import SlotOut
from newsletter.workflows import Joining, PersonView


class SubscriberRecord(Record):
    """A person with an address and the state of their consent."""

    id: str
    address: str
    state: SubscriptionState
    since_at: datetime
    confirmed_at: datetime | None
    suppressed: str | None
    """Why the address must not be mailed."""

    @classmethod
    def of(cls, person: Subscriber) -> Self:
        """Return the record of a subscriber."""
        return cls(**_person(person))


def _person(person: Subscriber) -> dict[str, object]:
    return {
        "id": person.id,
        "address": person.address,
        "state": person.state,
        "since_at": person.since_at,
        "confirmed_at": person.confirmed_at,
        "suppressed": person.suppression.cause if person.suppression else None,
    }


class ConsentOut(Record):
    """One line of the consent log."""

    event: str
    at: datetime
    statement: str
    evidence: str


class SubscriberDetails(SubscriberRecord):
    """A subscriber with the preferences document as written, and what follows from it."""

    preferences: str | None
    coming: list[SlotOut]
    consents: list[ConsentOut]

    @classmethod
    def of_view(cls, view: PersonView) -> Self:
        """Return the record of a subscriber with everything."""
        return cls(
            **_person(view.person),
            preferences=view.document,
            coming=[SlotOut.of(slot) for slot in view.coming],
            consents=[
                ConsentOut(
                    event=one.event, at=one.at, statement=one.statement, evidence=one.evidence
                )
                for one in view.consents
            ],
        )


class SubscriberPage(Record):
    """Some subscribers; `next` is what to ask `after` for more, None at the end."""

    subscribers: list[SubscriberRecord]
    next: str | None


class JoiningRecord(Record):
    """What came of the wish that an address gets letters."""

    outcome: Joining
