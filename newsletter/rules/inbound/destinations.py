"""Which of our addresses was a message sent to, and which token does it carry?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from newsletter.model import InboundMail
from newsletter.rules.inbound.mailboxes import scan_mailboxes


class Purpose(StrEnum):
    """What an address of ours is for."""

    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    UNSUBSCRIBE = "unsubscribe"
    BOUNCE = "bounce"
    UNDO = "undo"
    SUBMIT = "submit"
    """Of a source: what is sent there becomes entries."""
    SUBSCRIBE = "subscribe"
    HELP = "help"
    NEWS = "news"
    POSTMASTER = "postmaster"
    ABUSE = "abuse"


_FIELDS: Final = (
    "delivered-to", "x-original-to", "x-delivered-to", "x-envelope-to", "envelope-to",
    "x-forwarded-to", "to", "cc",
)  # fmt: skip
"""Where a message names its recipient when the envelope is gone: first what machines write."""
_TOKEN: Final = re.compile(r"[a-z0-9][a-z0-9._=-]{0,63}")
_LONGEST: Final = 320


@dataclass(frozen=True, slots=True)
class OwnNames:
    """The addresses that we read: `domain` and, for each local part, what it is for.

    A purpose may have several local parts; a local part has one. All are in lower case.
    """

    domain: str
    local_parts: tuple[tuple[str, Purpose], ...] = tuple((one.value, one) for one in Purpose)

    def purpose_of(self, local_part: str) -> Purpose | None:
        """Return what mail to `local_part` is for; None when that is no name of ours."""
        return dict(self.local_parts).get(local_part)


@dataclass(frozen=True, slots=True)
class Destination:
    """One address of ours. `token` is in lower case, unchecked, and None where there is none."""

    purpose: Purpose
    token: str | None = None


def read_destination(address: str, own: OwnNames) -> Destination | None:
    """Read `confirm+TOKEN@domain`, `TOKEN@confirm.domain` or `news@domain`; None when it is foreign.

    Case is folded, because some mail servers fold it on the way.
    """
    if len(address) > _LONGEST:
        return None
    local, _, domain = address.strip().strip("<>").lower().rpartition("@")
    ours = own.domain.lower()
    if domain == ours:
        name, plus, token = local.partition("+")
    elif domain.endswith(f".{ours}"):
        name, plus, token = domain.removesuffix(f".{ours}"), "+", local
    else:
        return None
    purpose = own.purpose_of(name)
    if purpose is None or (plus and _TOKEN.fullmatch(token) is None):
        return None
    return Destination(purpose, token or None)


def envelope_token(mail: InboundMail, own: OwnNames) -> Destination | None:
    """Return which purpose and token the recipient of `mail` names; None when it is foreign.

    The envelope decides where it is known. Else the fields do that name a recipient: the first
    address of ours with a token, or the first of ours without one.
    """
    if mail.recipient is not None:
        return read_destination(mail.recipient, own)
    found = [one for one in (read_destination(address, own) for address in _named(mail)) if one]
    with_token = (one for one in found if one.token is not None)
    return next(with_token, found[0] if found else None)


def _named(mail: InboundMail) -> Iterator[str]:
    for name in _FIELDS:
        for value in mail.fields.get(name, ()):
            for mailbox in scan_mailboxes(value):
                yield mailbox.address
