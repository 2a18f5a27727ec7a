"""Address fields (RFC 5322 section 3.4), read strictly: what could mean two addresses is none.

Their encoded words are still in place here, so that none of them can bring in an `@` or a `<`.
"""

import re
from dataclasses import dataclass
from typing import Final

from newsletter.errors import AddressError
from newsletter.model import EmailAddress
from newsletter.rules.addresses import parse_address
from newsletter.rules.inbound.encoded_words import decode_words
from newsletter.rules.inbound.parameters import outside_comments, unquoted

MAX_ADDRESSES: Final = 1_000
"""Of one field. Nobody who writes to a newsletter writes to so many others."""
_LONGEST_NAME: Final = 200
_PIECE: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|\\.?|[(),;:<>]|[^"\\(),;:<>]+', re.DOTALL)
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One name and address as written, comments left out; `address` is checked by nobody yet."""

    name: str
    address: str


@dataclass(slots=True)
class _Scan:
    """What was read of one list. `angles` counts the angle brackets of the mailbox being read."""

    found: list[Mailbox]
    name: str = ""
    address: str = ""
    angles: int = 0
    is_inside: bool = False

    def end_mailbox(self) -> None:
        if self.angles:
            is_clear = self.angles == 1 and not self.is_inside
            self.found.append(Mailbox(self.name.strip(), self.address.strip() if is_clear else ""))
        elif self.name.strip():
            self.found.append(Mailbox("", self.name.strip()))
        self.name = self.address = ""
        self.angles = 0
        self.is_inside = False

    def take(self, piece: str) -> None:
        if piece == "<":
            self.angles += 1
            self.is_inside = True
        elif piece == ">":
            self.angles += 0 if self.is_inside else 2  # one too many
            self.is_inside = False
        elif piece in {",", ";"} and not self.is_inside:
            self.end_mailbox()
        elif piece == ":" and not self.is_inside:
            self.found.append(Mailbox(self.name.strip(), ""))  # the name of a group
            self.name = ""
        elif self.is_inside:
            self.address += piece
        elif self.angles and piece.strip():
            self.angles += 1  # text after the address: which one is meant?
        else:
            self.name += piece


def scan_mailboxes(value: str) -> tuple[Mailbox, ...]:
    """Return the first 1,000 mailboxes of an address list, and one without an address for what is none."""
    scan = _Scan([])
    for piece in outside_comments(value, _PIECE):
        scan.take(piece)
        if len(scan.found) >= MAX_ADDRESSES:
            return tuple(scan.found)
    scan.end_mailbox()
    return tuple(scan.found)


def single_address(values: tuple[str, ...]) -> tuple[str, EmailAddress | None]:
    """Return the name and the address that the fields of one name hold between them.

    The address is None when there are several fields, several addresses, a group, an unquoted
    name with another address in it, or an address that we would not write to. The name is
    decoded, "" where there is none.
    """
    mailboxes = scan_mailboxes(", ".join(values))
    if len(values) != 1 or len(mailboxes) != 1:
        return "", None
    (mailbox,) = mailboxes
    name = decode_words(unquoted(mailbox.name)).strip()[:_LONGEST_NAME]
    if "@" in _QUOTED.sub("", mailbox.name) and mailbox.name != mailbox.address:
        return name, None
    try:
        return name, parse_address(mailbox.address)
    except AddressError:
        return name, None
