"""A mail for a source: kept until the source is pulled, or passed on to the owner when it has no entry."""

from newsletter.model import EmailAddress, InboundKind, InboundMail, InboundMessage, ReplyKind
from newsletter.rules.addresses import domain_of, read_submit_token
from newsletter.rules.answering import forward_submission
from newsletter.rules.inbound import Destination, Purpose, came_back, dmarc_passed
from newsletter.workflows.receive.ports import Received, ReceivePorts, SourceInbox
from newsletter.workflows.receive.posting import Occasion, may_forward, post


def take_submission(
    message: InboundMessage,
    mail: InboundMail,
    destination: Destination | None,
    ports: ReceivePorts,
) -> Received | None:
    """Keep a mail that was sent to the address of a source; None where it was not: then it is like any other.

    Newsletters come from programs, so this is asked before those are passed over. One without any
    entry, and one from somebody the source does not take mail from, goes to the owner: it may be the
    question of a newsletter whether it was subscribed to, which is never answered by itself. What
    came past us before is none.
    """
    inbox = _inbox(mail, destination, ports)
    if inbox is None or ports.postbag is None or came_back(mail, ports.own):
        return None
    if not _takes_from(inbox, mail.from_address):
        return _pass_on(
            mail, inbox, f"sources.{inbox.name} takes no mail from there", ports, message
        )
    look = inbox.look(mail, message)
    if not look.entries:
        reason = "; ".join(look.problems[:3]) or "no entry was found in it"
        return _pass_on(mail, inbox, reason, ports, message, text=look.text)
    ports.postbag.put(inbox.name, message)
    told = "1 entry" if look.entries == 1 else f"{look.entries} entries"
    return Received(InboundKind.OTHER, note=f"{told} for the source {inbox.name}")


def _inbox(
    mail: InboundMail, destination: Destination | None, ports: ReceivePorts
) -> SourceInbox | None:
    """Return the source that a mail was sent to.

    Without a token it is the one that names its sender in `from`, if our own server vouches for the
    sender: From can be forged.
    """
    if destination is None or destination.purpose is not Purpose.SUBMIT:
        return None
    if destination.token is not None:
        names = [one.name for one in ports.inboxes]
        name = read_submit_token(destination.token, names, ports.post.secrets)
        return next((one for one in ports.inboxes if one.name == name), None)
    if not dmarc_passed(mail, ports.authserv_id):
        return None
    known = [one for one in ports.inboxes if one.senders and _takes_from(one, mail.from_address)]
    return known[0] if len(known) == 1 else None


def _takes_from(inbox: SourceInbox, sender: EmailAddress | None) -> bool:
    """Tell whether `senders` has the address, its domain, or one that its domain lies in."""
    if not inbox.senders:
        return True
    if sender is None:
        return False
    domain = domain_of(sender).lower()
    return any(
        sender.lower() == one.lower() if "@" in one else f".{domain}".endswith(f".{one.lower()}")
        for one in inbox.senders
    )


def _pass_on(
    mail: InboundMail,
    inbox: SourceInbox,
    reason: str,
    ports: ReceivePorts,
    message: InboundMessage,
    *,
    text: str | None = None,
) -> Received:
    if not may_forward(ports.post):
        note = "not passed on: the owner had enough mails today"
        return Received(InboundKind.REFUSED, note=note)
    shown = inbox.look(mail, message).text if text is None else text
    answer = forward_submission(ports.office, mail, inbox.name, reason, shown)
    on = Occasion(message.id, mail.message_id, mail.references)
    owner = ports.post.head.owner
    post(answer, ReplyKind.FORWARD, owner, ports.post, reply_to=mail.from_address, on=on)
    return Received(InboundKind.OTHER, note=f"for the source {inbox.name}, passed on: {reason}")
