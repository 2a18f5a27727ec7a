"""Leaving: at once with the token of a letter, many at a time, and with one reply more without."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from newsletter.model import Edition, EditionId, KeyPurpose, ReplyKind, Subscriber
from newsletter.ports import Parting, PartingNotice
from newsletter.rules.addresses import TokenPurpose, read_letter_token
from newsletter.rules.answering import notice_leaving, say_goodbye
from newsletter.workflows.receive.ports import ReceivePorts
from newsletter.workflows.receive.posting import (
    Occasion,
    link_to,
    make_ticket,
    post,
    write_reply,
)
from newsletter.workflows.subscribe import unsubscribe

_STATEMENT: Final = "Unsubscribed with the token of a letter."
_LATELY: Final = timedelta(days=1)
"""Whoever could not be told within this time, since the program was down, is not told any more."""
_TOLD_AT_ONCE: Final = 20
"""Notices in one transaction: each has to be rendered and signed before."""
_MOST_AT_ONCE: Final = 20
"""In one look, of which there is one a second: to render takes long, and others want their turn."""
_NO_LETTER: Final = EditionId("")
"""Looked up for a token that is not ours, so that it costs the same as one that is."""


def edition_of(token: str, ports: ReceivePorts) -> EditionId | None:
    """Return the edition in whose letter a token stands; None when it was not signed here."""
    return read_letter_token(TokenPurpose.UNSUBSCRIBE, token, ports.post.secrets)


def reader_of(edition: EditionId, ports: ReceivePorts) -> tuple[Subscriber, Edition] | None:
    """Return whose letter an edition is, and its decision; None where either is forgotten."""
    known = ports.ledger.editions([edition]).get(edition)
    person = ports.subscribing.subscribers.get(known.reader.subscriber) if known else None
    return (person, known) if person and known else None


def leave_by_letters(
    tokens: Sequence[str], ports: ReceivePorts, *, how: str
) -> Sequence[tuple[EditionId, Parting] | None]:
    """End the subscriptions that tokens of letters name, all in one durable commit.

    Returns what became of each in its order, None for a token that is not ours or whose letter is
    forgotten; a second time is as good as the first. Nobody is told here: `tell_who_left` does that,
    for to render and to sign takes longer than to leave. `how` is kept as evidence.
    """
    editions = [edition_of(token, ports) or _NO_LETTER for token in tokens]
    evidence = {edition: evidence_of(edition, how) for edition in editions}
    ended = ports.partings.end(evidence, now=ports.post.clock.now(), statement=_STATEMENT)
    return [(one, ended[one]) if one in ended else None for one in editions]


def evidence_of(edition: EditionId, how: str) -> str:
    """Return what the consent log says of an end by the link of a letter."""
    return f"letter {edition}, {how}"


def leave_by_letter(token: str, ports: ReceivePorts, *, how: str) -> Subscriber | None:
    """End the subscription that a letter's token names; None for a token that is not ours.

    The letter may have been forwarded: the subscriber is told, once, with the way back. Doing it
    twice is fine and tells nobody again. `how` is kept as evidence.
    """
    (left,) = leave_by_letters([token], ports, how=how)
    if left is None:
        return None
    person = ports.subscribing.subscribers.get(left[1].subscriber)
    if person and ports.post.clock.now() - left[1].left_at <= _LATELY:
        _tell([person], ports)
    return person


def tell_who_left(ports: ReceivePorts, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Tell those who left with the link of a letter, each once, with the way back; return how many.

    Also those whom a program that ended did not come to. Costs next to nothing when nobody left. Some
    at a time, so that other work gets its turn.
    """
    told = 0
    since = ports.post.clock.now() - _LATELY
    while told < _MOST_AT_ONCE and not is_stopping():
        people = ports.partings.untold(since=since, statement=_STATEMENT, limit=_TOLD_AT_ONCE)
        if not people:
            break
        told += _tell(people, ports)
    return told


def leave(person: Subscriber, ports: ReceivePorts, on: Occasion, *, evidence: str) -> bool:
    """End a subscription on the word of its person, and say goodbye with the way back."""
    statement = "Asked to leave by mail."
    unsubscribe(person.id, ports.subscribing, statement=statement, evidence=evidence)
    ticket = make_ticket(person, KeyPurpose.UNDO, ports.post)
    goodbye = say_goodbye(
        ports.office,
        link_to(ticket, ports.post.head),
        ends_at=ticket.key.ends_at,
        timezone=zone_of(person),
    )
    return post(goodbye, ReplyKind.ANSWER, person, ports.post, ticket=ticket, on=on)


def zone_of(person: Subscriber) -> str:
    """Return the zone of a person's clock, as far as it is known."""
    return person.preferences.cadence.timezone if person.preferences else "UTC"


def _tell(people: Sequence[Subscriber], ports: ReceivePorts) -> int:
    notices = [_notice(person, ports) for person in people]
    return ports.partings.tell(notices, now=ports.post.clock.now())


def _notice(person: Subscriber, ports: ReceivePorts) -> PartingNotice:
    ticket = make_ticket(person, KeyPurpose.UNDO, ports.post)
    answer = notice_leaving(
        ports.office,
        link_to(ticket, ports.post.head),
        ends_at=ticket.key.ends_at,
        timezone=zone_of(person),
    )
    reply = write_reply(answer, ReplyKind.NOTICE, person, ports.post, ticket=ticket)
    return PartingNotice(reply, (ticket.key,), person.since_at)
