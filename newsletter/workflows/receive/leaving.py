"""Leaving: at once with the token of a letter, with one reply more without, and the way back."""

from datetime import timedelta
from typing import Final

from newsletter.model import (
    EditionId,
    KeyPurpose,
    ReplyKind,
    Subscriber,
    SubscriptionState,
)
from newsletter.rules.addresses import TokenPurpose, address_key, read_letter_token
from newsletter.rules.answering import notice_leaving, say_goodbye
from newsletter.workflows.receive.ports import ReceivePorts
from newsletter.workflows.receive.posting import Occasion, link_to, make_ticket, post
from newsletter.workflows.subscribe import unsubscribe

_LATELY: Final = timedelta(days=1)


def reader_of_token(token: str, ports: ReceivePorts) -> tuple[Subscriber, EditionId] | None:
    """Return whose letter a token stands in, and which; None when it was not signed here."""
    edition_id = read_letter_token(TokenPurpose.UNSUBSCRIBE, token, ports.post.secrets)
    edition = ports.ledger.editions([edition_id]).get(edition_id) if edition_id else None
    if edition is None or edition_id is None:
        return None
    person = ports.subscribing.subscribers.get(edition.reader.subscriber)
    return (person, edition_id) if person else None


def leave_by_letter(token: str, ports: ReceivePorts, *, how: str) -> Subscriber | None:
    """End the subscription that a letter's token names; None for a token that is not ours.

    The letter may have been forwarded: the subscriber is told, once, with the way back. Doing it
    twice is fine and tells nobody again. `how` is kept as evidence.
    """
    found = reader_of_token(token, ports)
    if found is None:
        return None
    person, edition = found
    if person.state is SubscriptionState.UNSUBSCRIBED and _knows(person, ports):
        return person
    unsubscribe(person.id, ports.subscribing, evidence=f"letter {edition}, {how}")
    ticket = make_ticket(person, KeyPurpose.UNDO, ports.post)
    notice = notice_leaving(
        ports.office,
        link_to(ticket, ports.post.head),
        ends_at=ticket.key.ends_at,
        timezone=_zone_of(person),
    )
    post(notice, ReplyKind.NOTICE, person, ports.post, ticket=ticket)
    return person


def leave(person: Subscriber, ports: ReceivePorts, on: Occasion, *, evidence: str) -> bool:
    """End a subscription on the word of its person, and say goodbye with the way back."""
    statement = "Asked to leave by mail."
    unsubscribe(person.id, ports.subscribing, statement=statement, evidence=evidence)
    ticket = make_ticket(person, KeyPurpose.UNDO, ports.post)
    goodbye = say_goodbye(
        ports.office,
        link_to(ticket, ports.post.head),
        ends_at=ticket.key.ends_at,
        timezone=_zone_of(person),
    )
    return post(goodbye, ReplyKind.ANSWER, person, ports.post, ticket=ticket, on=on)


def _knows(person: Subscriber, ports: ReceivePorts) -> bool:
    """Whether somebody who left was told; not so where the program ended between the two, just now."""
    left_at = person.since_at
    if ports.post.clock.now() - left_at > _LATELY:
        return True
    kinds = frozenset({ReplyKind.NOTICE, ReplyKind.ANSWER})
    key = address_key(person.address)
    since = left_at - timedelta(seconds=1)
    return ports.post.correspondence.count(since=since, address=key, kinds=kinds) > 0


def _zone_of(person: Subscriber) -> str:
    return person.preferences.cadence.timezone if person.preferences else "UTC"
