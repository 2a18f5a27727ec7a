"""What the holder of a preferences token does on a page: the same as by mail, without a mail to answer."""

from datetime import timedelta
from typing import Final

from newsletter.model import KeyPurpose, ReplyKind, Subscriber, SubscriptionState
from newsletter.rules.addresses import address_key
from newsletter.rules.answering import Present, notice_changes, say_goodbye
from newsletter.workflows.receive.joining import find_open_key
from newsletter.workflows.receive.leaving import zone_of
from newsletter.workflows.receive.ports import ReceivePorts
from newsletter.workflows.receive.posting import link_to, make_ticket, post
from newsletter.workflows.subscribe import unsubscribe

_STATEMENT: Final = "Unsubscribed on the preferences page."
_EVIDENCE: Final = "a preferences token, by page"
_QUIET: Final = timedelta(hours=1)
"""Who changes things again and again within it is told once."""


def holder_of(token: str, ports: ReceivePorts) -> Subscriber | None:
    """Return the subscriber whose preferences a token opens; None for one that is over or not ours."""
    key = find_open_key(token, KeyPurpose.PREFERENCES, ports)
    person = ports.subscribing.subscribers.get(key.subscriber) if key else None
    if person is None or person.state is not SubscriptionState.CONFIRMED:
        return None
    return person


def leave_by_page(person: Subscriber, ports: ReceivePorts) -> None:
    """End the subscription of the holder of a token, and say goodbye with the way back."""
    unsubscribe(person.id, ports.subscribing, statement=_STATEMENT, evidence=_EVIDENCE)
    ticket = make_ticket(person, KeyPurpose.UNDO, ports.post)
    goodbye = say_goodbye(
        ports.office,
        link_to(ticket, ports.post.head),
        ends_at=ticket.key.ends_at,
        timezone=zone_of(person),
    )
    post(goodbye, ReplyKind.NOTICE, person, ports.post, ticket=ticket)


def tell_of_changes(
    person: Subscriber, changes: tuple[str, ...], present: Present, ports: ReceivePorts
) -> bool:
    """Tell a subscriber by mail what was changed on the page; False where that was done just now.

    `present` is what holds after the change.
    """
    since = ports.post.clock.now() - _QUIET
    notices = frozenset({ReplyKind.NOTICE})
    key = address_key(person.address)
    if ports.post.correspondence.count(since=since, address=key, kinds=notices):
        return False
    answer = notice_changes(ports.office, changes, present)
    ticket = make_ticket(person, KeyPurpose.PREFERENCES, ports.post)
    return post(answer, ReplyKind.NOTICE, person, ports.post, ticket=ticket)
