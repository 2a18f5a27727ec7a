"""Asking somebody again who was asked to confirm and did not answer: by the operator's hand."""

from newsletter.model import KeyPurpose, ReplyKind, Subscriber, SubscriptionState
from newsletter.rules.answering import ask_to_confirm
from newsletter.workflows.receive.ports import ReceivePorts
from newsletter.workflows.receive.posting import link_to, make_ticket, may_ask, post


def ask_again(person: Subscriber, wish: str, ports: ReceivePorts) -> str | None:
    """Send the question again, with a new link; return why it cannot be, None when it is sent.

    `wish` is the document that was asked for, "" for none. The limits are those for everybody: an
    address gets one such message a day and three in 30 days.
    """
    if person.state is not SubscriptionState.PENDING:
        return f"is {person.state}: there is nothing to confirm"
    if person.suppression:
        return f"is suppressed ({person.suppression.cause}): no mail goes there"
    if not may_ask(person.address, ports.post):
        return (
            "was asked within the last day, or three times in 30 days: nobody is asked more often"
        )
    wanted = wish or ports.desk.begin(person.address, ())
    ticket = make_ticket(person, KeyPurpose.CONFIRM, ports.post, wish=wanted)
    link = link_to(ticket, ports.post.head)
    question = ask_to_confirm(ports.office, link, ends_at=ticket.key.ends_at)
    is_posted = post(question, ReplyKind.CONFIRMATION, person, ports.post, ticket=ticket)
    return None if is_posted else "could not be asked"
