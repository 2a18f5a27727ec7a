"""Posting messages that are no letters: rendered, signed, within limits, with the tokens they carry."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from newsletter.model import (
    Answer,
    EditionId,
    EmailAddress,
    InboundId,
    Key,
    KeyPurpose,
    Letterhead,
    RenderedEmail,
    Reply,
    ReplyKind,
    Subscriber,
    TokenHash,
)
from newsletter.ports import Clock, Correspondence, SignMessage
from newsletter.rules.addresses import Secrets, address_key, mailto, verp_sender
from newsletter.rules.answering import with_page
from newsletter.rules.messages import AutoSubmitted, ReplyHeaders, assemble_reply
from newsletter.workflows.receive.lately import CONFIRMATIONS_AN_HOUR, HOUR, asked_lately

RenderAnswer = Callable[[Answer, Letterhead], RenderedEmail]

DAY: Final = timedelta(days=1)

ANSWERS_A_DAY: Final = 5
"""To one address: two programs that answer each other end soon."""
CONFIRMATIONS: Final = ((DAY, 1), (30 * DAY, 3))
"""How many one address gets in how long: anybody may name it."""
CONFIRMATIONS_A_DAY: Final = 24 * CONFIRMATIONS_AN_HOUR
"""To all addresses together; beyond that nobody new is asked before the next day."""
FORWARDS_A_DAY: Final = 100
"""To the owner; what is more is set aside, where the owner finds it."""
_LONGEST_WAIT: Final = timedelta(hours=20)

LIFETIMES: Final = {
    KeyPurpose.CONFIRM: 7 * DAY,
    KeyPurpose.PREFERENCES: 90 * DAY,
    KeyPurpose.UNDO: 14 * DAY,
}

_NAME_LENGTH: Final = 20


@dataclass(frozen=True, slots=True)
class PostPorts:
    """What posting needs of the world. `new_token` gives 26 letters and digits by chance (130 bits)."""

    correspondence: Correspondence
    clock: Clock
    render: RenderAnswer
    sign: SignMessage
    head: Letterhead
    secrets: Secrets
    new_token: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Occasion:
    """The message that is answered, as far as an answer names it."""

    inbound: InboundId
    message_id: str | None
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ticket:
    """A new token: the text that leaves, and what is stored of it."""

    text: str
    key: Key


def hash_of(token: str) -> TokenHash:
    """Return under what a token is stored; upper and lower case are the same."""
    return TokenHash(sha256(token.lower().encode()).hexdigest())


def make_ticket(
    person: Subscriber, purpose: KeyPurpose, ports: PostPorts, *, wish: str = ""
) -> Ticket:
    """Return a new token for `person`; it is good for nothing before it is posted."""
    token, now = ports.new_token(), ports.clock.now()
    key = Key(
        hash_of(token),
        purpose,
        person.id,
        address_key(person.address),
        made_at=now,
        ends_at=now + LIFETIMES[purpose],
        wish=wish,
    )
    return Ticket(token, key)


def reply_address(ticket: Ticket, head: Letterhead) -> EmailAddress:
    """Return the address that a reply goes to so that it may act."""
    return EmailAddress(f"{ticket.key.purpose}+{ticket.text}@{head.domain}")


def link_to(ticket: Ticket, head: Letterhead) -> str:
    """Return the page that acts when its button is pressed; without pages, an address that obeys."""
    if head.url:
        return f"{head.url}/{ticket.key.purpose}/{ticket.text}"
    return mailto(reply_address(ticket, head))


def may_answer(to: EmailAddress, ports: PostPorts) -> bool:
    """Whether an address has not had its answers of a day yet."""
    since = ports.clock.now() - DAY
    answers = frozenset({ReplyKind.ANSWER})
    count = ports.correspondence.count(since=since, address=address_key(to), kinds=answers)
    return count < ANSWERS_A_DAY


def may_ask(to: EmailAddress, ports: PostPorts) -> bool:
    """Whether an address may be asked for a confirmation: it was not lately."""
    now = ports.clock.now()
    kinds = frozenset({ReplyKind.CONFIRMATION})
    if ports.correspondence.count(since=now - DAY, kinds=kinds) >= CONFIRMATIONS_A_DAY:
        return False
    return all(
        ports.correspondence.count(since=now - span, address=address_key(to), kinds=kinds) < most
        for span, most in CONFIRMATIONS
    )


def may_forward(ports: PostPorts) -> bool:
    """Whether the owner has not had the mails of a day yet: anybody may write any number of them."""
    since = ports.clock.now() - DAY
    return ports.correspondence.count(since=since, kinds=frozenset({ReplyKind.FORWARD})) < (
        FORWARDS_A_DAY
    )


def post(
    answer: Answer,
    kind: ReplyKind,
    to: EmailAddress | Subscriber,
    ports: PostPorts,
    *,
    ticket: Ticket | None = None,
    reply_to: EmailAddress | None = None,
    on: Occasion | None = None,
) -> bool:
    """Put a message into the outbox; False when what it answers was answered before.

    `on` is what it answers, or passes on to the owner. With a ticket a reply goes to the address
    that carries its token. Raises RenderingError for a
    template and MessageError for a value that cannot stand in a header.
    """
    now = ports.clock.now()
    reply = write_reply(answer, kind, to, ports, ticket=ticket, reply_to=reply_to, on=on)
    keys = (ticket.key,) if ticket else ()
    when = _not_before(kind, now, ports)
    return ports.correspondence.post(reply, keys, now=now, not_before=when) is not None


def write_reply(
    answer: Answer,
    kind: ReplyKind,
    to: EmailAddress | Subscriber,
    ports: PostPorts,
    *,
    ticket: Ticket | None = None,
    reply_to: EmailAddress | None = None,
    on: Occasion | None = None,
) -> Reply:
    """Return a message as it will leave, rendered and signed; see `post`."""
    address = to.address if isinstance(to, Subscriber) else to
    now = ports.clock.now()
    name = ports.new_token()[:_NAME_LENGTH]
    message_id = f"<{name}@{ports.head.domain}>"
    if ticket and ticket.key.purpose is KeyPurpose.PREFERENCES and ports.head.url:
        answer = with_page(answer, link_to(ticket, ports.head))
    rendered = ports.render(answer, ports.head)
    answered = on if kind is not ReplyKind.FORWARD else None
    headers = ReplyHeaders(
        from_name=ports.head.from_name,
        from_address=ports.head.from_address,
        to=address,
        subject=rendered.subject,
        date=now.replace(microsecond=0),
        message_id=message_id,
        auto_submitted=AutoSubmitted.REPLIED if answered else AutoSubmitted.GENERATED,
        reply_to=reply_address(ticket, ports.head) if ticket else reply_to,
        answers=answered.message_id if answered else None,
        references=answered.references if answered else (),
    )
    message = ports.sign(assemble_reply(headers, rendered.text, rendered.html), headers.date)
    # An answer goes to who wrote just now; a bad address is learnt where nobody wrote.
    sender = "" if answered else verp_sender(EditionId(name), ports.secrets, ports.head.domain)
    return Reply(
        kind=kind,
        subscriber=to.id if isinstance(to, Subscriber) else None,
        recipient=address,
        to_key=address_key(address),
        sender=sender,
        message_id=message_id,
        message=message,
        answers=on.inbound if on else None,
        holds_token=ticket is not None,
    )


def _not_before(kind: ReplyKind, now: datetime, ports: PostPorts) -> datetime | None:
    if kind is not ReplyKind.CONFIRMATION:
        return None
    hours = asked_lately(ports.correspondence, now) // CONFIRMATIONS_AN_HOUR
    return now + min(hours * HOUR, _LONGEST_WAIT) if hours else None
