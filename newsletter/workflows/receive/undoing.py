"""Taking back, with one press, what a press changed: exactly that, and nothing that came after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

from newsletter.errors import IllegalTransitionError, PreferencesError
from newsletter.model import (
    EditionId,
    Key,
    KeyPurpose,
    Preferences,
    ReplyKind,
    Subscriber,
    SubscriptionEvent,
    SubscriptionState,
)
from newsletter.ports import Parting
from newsletter.rules.addresses import Undoing, address_key, read_undo_token, undo_token
from newsletter.rules.answering import show_preferences
from newsletter.workflows.receive.joining import find_open_key, take_back
from newsletter.workflows.receive.leaving import leave_by_letters, reader_of
from newsletter.workflows.receive.ports import ReceivePorts
from newsletter.workflows.receive.posting import (
    LIFETIMES,
    Occasion,
    Ticket,
    make_ticket,
    post,
)

_STATEMENT: Final = "Took the end of the subscription back on the page that ended it."


class Undone(StrEnum):
    """What is as it was again."""

    LETTERS = "letters"
    PREFERENCES = "preferences"


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody has left. `undo` is the token that takes it back; None where this letter did not do it."""

    undo: str | None = None


def leave_with_way_back(
    tokens: Sequence[str], ports: ReceivePorts, *, how: str
) -> Sequence[Left | None]:
    """Do as `leave_by_letters`; return for each token of ours what takes it back at once."""
    return [
        None if one is None else Left(_way_back(*one, ports))
        for one in leave_by_letters(tokens, ports, how=how)
    ]


def _way_back(edition: EditionId, parting: Parting, ports: ReceivePorts) -> str | None:
    if not parting.can_return:
        return None
    return undo_token(Undoing(edition, parting.left_at), ports.post.secrets)


def ticket_back(person: Subscriber, before: str, after: str, ports: ReceivePorts) -> Ticket:
    """Return a token that puts the document `before` in the place of `after`, as long as that stands."""
    return make_ticket(person, KeyPurpose.UNDO, ports.post, wish=f"{_digest(after)}\n{before}")


def undo(
    token: str, ports: ReceivePorts, *, evidence: str, on: Occasion | None = None
) -> tuple[Undone, Subscriber] | None:
    """Take back what a token is for; None for one that is over or not ours, and after another change.

    A second time is as good as the first. `on` is the mail that asks for it, which is answered.
    """
    undoing = read_undo_token(token, ports.post.secrets)
    if undoing is not None:
        person = _return(undoing, ports, evidence)
        return (Undone.LETTERS, person) if person else None
    key = find_open_key(token, KeyPurpose.UNDO, ports)
    if key and key.wish:
        person = _put_back(key, ports, on)
        return (Undone.PREFERENCES, person) if person else None
    person = take_back(token, ports, evidence=evidence, on=on)
    return (Undone.LETTERS, person) if person else None


def _return(undoing: Undoing, ports: ReceivePorts, how: str) -> Subscriber | None:
    now = ports.post.clock.now()
    found = reader_of(undoing.edition, ports)
    if found is None or now - undoing.left_at > LIFETIMES[KeyPurpose.UNDO]:
        return None
    person, _ = found
    evidence = f"letter {undoing.edition}, {how}, of {undoing.left_at.isoformat()}"
    if person.state is SubscriptionState.UNSUBSCRIBED and person.since_at == undoing.left_at:
        try:
            return ports.subscribing.subscribers.apply(
                person.address,
                SubscriptionEvent.UNDO,
                now=now,
                statement=_STATEMENT,
                evidence=evidence,
            )
        except IllegalTransitionError:  # the same press came twice at once
            pass
    log = ports.subscribing.subscribers.consents(address_key(person.address))
    is_back = log[-1].event is SubscriptionEvent.UNDO and log[-1].evidence == evidence
    return person if is_back else None


def _put_back(key: Key, ports: ReceivePorts, on: Occasion | None) -> Subscriber | None:
    person = ports.subscribing.subscribers.get(key.subscriber)
    if person is None or person.state is not SubscriptionState.CONFIRMED:
        return None
    digest, _, before = key.wish.partition("\n")
    stands = ports.desk.text(person)
    if stands != before:
        if _digest(stands) != digest or not _is_taken(person, before, ports):
            return None
        ports.post.correspondence.use_key(key.hash, now=ports.post.clock.now())
    if on is not None:
        _answer(person, ports, on)
    return person


def _is_taken(person: Subscriber, text: str, ports: ReceivePorts) -> bool:
    try:
        taken = ports.desk.take(address_key(person.address), text)
    except PreferencesError:  # changed by somebody else at the same moment: that counts
        return False
    return isinstance(taken, Preferences)


def _answer(person: Subscriber, ports: ReceivePorts, on: Occasion) -> None:
    known = ports.subscribing.subscribers.get(person.id) or person
    ticket = make_ticket(known, KeyPurpose.PREFERENCES, ports.post)
    answer = show_preferences(ports.office, ports.desk.present(known))
    post(answer, ReplyKind.ANSWER, known, ports.post, ticket=ticket, on=on)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
