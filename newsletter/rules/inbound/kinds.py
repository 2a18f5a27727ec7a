"""What is a received message, and may it be answered?"""

import re
from typing import Final

from newsletter.model import InboundKind, InboundMail
from newsletter.rules.bounces import read_bounce, read_complaint
from newsletter.rules.inbound.destinations import (
    OwnNames,
    Purpose,
    envelope_token,
    read_destination,
)
from newsletter.rules.inbound.robots import is_automatic, local_part

_UNANSWERED: Final = frozenset({"postmaster", "root", "listserv", "majordomo"})
_OF_LISTS: Final = re.compile(r"owner-.{0,64}|.{0,64}-(?:request|owner|bounces?)", re.IGNORECASE)
"""RFC 3834 section 2: addresses of list programs, which may answer in turn."""


def classify(mail: InboundMail, own: OwnNames) -> InboundKind:
    """Return what `mail` is: asked in the order complaint, bounce, auto-reply.

    Almost half of the real bounces carry Auto-Submitted, so the order matters. A person's mail is
    OTHER here: the caller makes it a COMMAND when it finds one in it. REFUSED is the caller's too.
    """
    if read_complaint(mail) is not None:
        return InboundKind.COMPLAINT
    if read_bounce(mail) is not None:
        return InboundKind.BOUNCE
    if is_automatic(mail) or came_back(mail, own) or _is_to_bounces(mail, own):
        return InboundKind.AUTO_REPLY
    return InboundKind.OTHER


def must_not_answer(mail: InboundMail, own: OwnNames) -> bool:
    """Tell whether an answer to `mail` could go to a program, to a list, to us or to nobody.

    True for everything that `classify` does not call OTHER, and for mail without one address in
    its From field or from an address that programs answer for (RFC 3834 section 2). What is sent
    to an unsubscribe token is to be obeyed all the same, without an answer.
    """
    if mail.from_address is None or classify(mail, own) is not InboundKind.OTHER:
        return True
    return any(
        name in _UNANSWERED or _OF_LISTS.fullmatch(name) is not None
        for name in (local_part(mail.from_address), local_part(mail.sender))
    )


def came_back(mail: InboundMail, own: OwnNames) -> bool:
    """Tell whether the mail is one of ours, or says that it came past us before."""
    looped = (value.strip("<> ") for value in mail.fields.get("x-loop", ()))
    return any(
        read_destination(address, own) is not None
        for address in (mail.from_address or "", mail.sender or "", *looped)
    )


def _is_to_bounces(mail: InboundMail, own: OwnNames) -> bool:
    # Only an envelope sender of ours leads there, and persons do not see it.
    destination = envelope_token(mail, own)
    return destination is not None and destination.purpose is Purpose.BOUNCE
