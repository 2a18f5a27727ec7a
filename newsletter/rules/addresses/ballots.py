"""The signed links by which a reader says what an entry of a letter is worth.

A token is `MAC` + `EDITION` + subscriber: 16 + 8 + 16 characters as ids are made. It is derived and never
stored. It names the subscriber, for the edition itself is forgotten after some months, while what it showed
is kept under the subscriber; of the edition the beginning of its id tells it from that person's others.
The entries of a letter are told apart by their numbers, which the token does not sign: who holds a letter
holds all of its links, and they are good for votes in the name of its reader, and for nothing else.
"""

import hmac
import re
from typing import Final, NamedTuple

from newsletter.model import EditionId, SubscriberId
from newsletter.rules.addresses.tokens import Secrets, sign

_PURPOSE: Final = "vote"
_MAC_LENGTH: Final = 16
"""80 bits: to forge a vote takes 10^23 requests on the average."""
EDITION_BEGINNING: Final = 8
"""The date, counted to 1,024 days, and 20 bits: two letters of one person on one day begin so with a chance
of 1 in 10^6."""
_READABLE: Final = re.compile(r"[0-9A-Za-z-]{1,64}")
_TOKEN: Final = re.compile(
    rf"(?P<mac>[a-z2-7]{{{_MAC_LENGTH}}})(?P<edition>[a-z2-7]{{{EDITION_BEGINNING}}})"
    r"(?P<subscriber>[0-9A-Za-z-]{1,64})"
)


class Ballot(NamedTuple):
    """The letter that a link is in: its reader, and how the id of the edition begins."""

    subscriber: SubscriberId
    edition: str


def ballot_token(edition: EditionId, subscriber: SubscriberId, secrets: Secrets) -> str | None:
    """Return the token of a letter: the same one each time, until the key changes.

    None for an id that cannot stand in an address of a page; none is made so.
    """
    if not _READABLE.fullmatch(subscriber):
        return None
    beginning = edition[:EDITION_BEGINNING]
    mac = sign(secrets.signing, _PURPOSE, beginning, subscriber)[:_MAC_LENGTH]
    return f"{mac}{beginning}{subscriber}"


def read_ballot(token: str, secrets: Secrets) -> Ballot | None:
    """Return the letter that `token` names, or None when it was not signed here.

    Every key is tried, and each comparison takes the same time whatever the signature.
    """
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    mac, edition, subscriber = found.group("mac", "edition", "subscriber")
    signed = [
        hmac.compare_digest(mac, sign(key, _PURPOSE, edition, subscriber)[:_MAC_LENGTH])
        for key in secrets.keys
    ]
    return Ballot(SubscriberId(subscriber), edition) if any(signed) else None
