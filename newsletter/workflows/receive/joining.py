"""Joining: asked for, confirmed by whoever reads the address, taken back."""

from dataclasses import replace
from typing import Final

from newsletter.errors import PreferencesError
from newsletter.model import (
    Answer,
    EmailAddress,
    Key,
    KeyPurpose,
    Paragraph,
    Preferences,
    ReplyKind,
    Subscriber,
    SubscriptionEvent,
    SubscriptionState,
)
from newsletter.rules.addresses import address_key
from newsletter.rules.answering import ask_to_confirm, say_subscribed_already, welcome, welcome_back
from newsletter.rules.planning import choose_topics
from newsletter.workflows.receive.ports import ReceivePorts
from newsletter.workflows.receive.posting import (
    Occasion,
    hash_of,
    link_to,
    make_ticket,
    may_ask,
    post,
)

_STATEMENT_CHARACTERS: Final = 1_000
_CAME_BY_MAIL: Final = "Asked to subscribe by mail or page."
_TOOK_BACK: Final = "Took the end of the subscription back."
_WAYS_BACK: Final = {
    SubscriptionState.UNSUBSCRIBED: SubscriptionEvent.UNDO,
    SubscriptionState.PENDING: SubscriptionEvent.CONFIRM,
}


def ask(
    address: EmailAddress,
    topics: tuple[str, ...],
    ports: ReceivePorts,
    *,
    evidence: str,
    on: Occasion | None = None,
) -> bool:
    """Ask an address whether it wants letters; return whether a message was posted.

    Anybody may name any address, so one gets at most one such message a day and three in 30 days,
    whatever stands behind it: a stranger, somebody who was asked before, or a subscriber, who is
    told so. Raises PreferencesError for topics that no document can hold.
    """
    return _ask(address, ports.desk.begin(address, topics), ports, evidence=evidence, on=on)


def ask_for(address: EmailAddress, wish: str, ports: ReceivePorts, *, evidence: str) -> bool:
    """Ask an address as `ask` does, whether it wants letters with the document `wish`.

    Raises PreferencesError, with every problem, for a document that is not a valid one of this address.
    """
    said = ports.desk.check(address_key(address), wish)
    if not isinstance(said, Preferences):
        raise PreferencesError("\n".join(map(str, said)))
    return _ask(address, wish, ports, evidence=evidence, on=None)


def _ask(
    address: EmailAddress, wish: str, ports: ReceivePorts, *, evidence: str, on: Occasion | None
) -> bool:
    if not may_ask(address, ports.post):
        return False
    subscribers, now = ports.subscribing.subscribers, ports.post.clock.now()
    person = subscribers.find(address_key(address))
    if person and person.suppression:
        return False
    if person and person.state is SubscriptionState.CONFIRMED:
        return _remind(person, ports, on)
    person = subscribers.apply(
        address, SubscriptionEvent.SUBSCRIBE, now=now, statement=_CAME_BY_MAIL, evidence=evidence
    )
    if person is None or person.suppression:
        return False
    ticket = make_ticket(person, KeyPurpose.CONFIRM, ports.post, wish=wish)
    question = ask_to_confirm(
        ports.office, link_to(ticket, ports.post.head), ends_at=ticket.key.ends_at
    )
    return post(
        question,
        ReplyKind.CONFIRMATION,
        person,
        ports.post,
        ticket=ticket,
        on=on,
    )


def find_open_key(token: str, purpose: KeyPurpose, ports: ReceivePorts) -> Key | None:
    """Return the token where it is one of ours for `purpose` and its time is not over."""
    key = ports.post.correspondence.find_key(hash_of(token), purpose)
    return key if key and key.ends_at > ports.post.clock.now() else None


def confirm(
    token: str, ports: ReceivePorts, *, evidence: str, on: Occasion | None = None
) -> Subscriber | None:
    """Confirm the subscription that a token names, once; None for one that is used, over or not ours.

    The document that was asked for comes into force where the person has none. The token is used
    up last: whatever ends the program on the way, the same reply brings it to its end later.
    """
    key = find_open_key(token, KeyPurpose.CONFIRM, ports)
    person = ports.subscribing.subscribers.get(key.subscriber) if key else None
    if key is None or key.used_at or person is None:
        return None
    if person.state is SubscriptionState.PENDING:
        question = ask_to_confirm(ports.office, "", ends_at=key.ends_at)
        person = _apply(person, SubscriptionEvent.CONFIRM, _statement(question), evidence, ports)
    if person is None or person.state is not SubscriptionState.CONFIRMED:
        return None
    is_as_before = keeps_old(person, key.wish, ports)
    person = _with_document(person, key.wish, ports)
    if not ports.post.correspondence.use_key(key.hash, now=ports.post.clock.now()):
        return None
    _greet(person, ports, on, is_as_before=is_as_before)
    return person


def take_back(
    token: str, ports: ReceivePorts, *, evidence: str, on: Occasion | None = None
) -> Subscriber | None:
    """Take an unsubscribe back; None for a token that is used, over or not ours.

    Who was asked meanwhile whether letters are wanted says so by this. The token is used up last, as
    in `confirm`.
    """
    key = find_open_key(token, KeyPurpose.UNDO, ports)
    person = ports.subscribing.subscribers.get(key.subscriber) if key else None
    if key is None or key.used_at or person is None:
        return None
    event = _WAYS_BACK.get(person.state)
    back = _apply(person, event, _TOOK_BACK, evidence, ports) if event else person
    if back is None or not ports.post.correspondence.use_key(key.hash, now=ports.post.clock.now()):
        return None
    ticket = make_ticket(back, KeyPurpose.PREFERENCES, ports.post)
    post(
        welcome_back(ports.office, ports.desk.present(back)),
        ReplyKind.ANSWER if on else ReplyKind.NOTICE,
        back,
        ports.post,
        ticket=ticket,
        on=on,
    )
    return back


def _apply(
    person: Subscriber,
    event: SubscriptionEvent,
    statement: str,
    evidence: str,
    ports: ReceivePorts,
) -> Subscriber | None:
    now = ports.post.clock.now()
    return ports.subscribing.subscribers.apply(
        person.address, event, now=now, statement=statement, evidence=evidence
    )


def _remind(person: Subscriber, ports: ReceivePorts, on: Occasion | None) -> bool:
    ticket = make_ticket(person, KeyPurpose.PREFERENCES, ports.post)
    return post(
        say_subscribed_already(ports.office, ports.desk.present(person)),
        ReplyKind.CONFIRMATION,  # counts as one: it goes to whom anybody may have named
        person,
        ports.post,
        ticket=ticket,
        on=on,
    )


def _with_document(person: Subscriber, wish: str, ports: ReceivePorts) -> Subscriber:
    """Put the document that was asked for into force, unless there is one."""
    if person.preferences is not None or not wish:
        return person
    key = address_key(person.address)
    try:
        taken = ports.desk.take(key, wish)
    except PreferencesError:  # a document came from another side meanwhile: that one counts
        return person
    return replace(person, preferences=taken) if isinstance(taken, Preferences) else person


def keeps_old(person: Subscriber, wish: str, ports: ReceivePorts) -> bool:
    """Whether somebody who comes back keeps preferences that say something else than `wish`."""
    if person.preferences is None or not wish:
        return False
    said = ports.desk.check(address_key(person.address), wish)
    return isinstance(said, Preferences) and bool(ports.desk.differences(person.preferences, said))


def _greet(
    person: Subscriber, ports: ReceivePorts, on: Occasion | None, *, is_as_before: bool
) -> None:
    topics: tuple[str, ...] = ()
    if person.preferences:
        defaults = tuple(one.topic for one in ports.catalogue if one.is_default)
        topics = tuple(one.title for one in choose_topics(person.preferences, defaults))
    ticket = make_ticket(person, KeyPurpose.PREFERENCES, ports.post)
    post(
        welcome(ports.office, topics, ports.desk.present(person), is_as_before=is_as_before),
        ReplyKind.ANSWER if on else ReplyKind.NOTICE,
        person,
        ports.post,
        ticket=ticket,
        on=on,
    )


def _statement(question: Answer) -> str:
    """Return what the person was shown and said yes to, for the consent log."""
    texts = (block.text for block in question.blocks if isinstance(block, Paragraph))
    return " ".join((question.headline, *texts))[:_STATEMENT_CHARACTERS]
