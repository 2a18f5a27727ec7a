"""The token of a feed that one subscriber alone reads: derived, never stored.

`MAC` + subscriber: 26 characters of base32, and the id. It is signed for the moment of the confirmation: who
leaves and comes back has another one, and the old one is good for nothing. A new key of the newsletter
ends those of everybody, once the old one is dropped.
"""

import hmac
import re
from collections.abc import Callable
from datetime import UTC
from typing import Final

from newsletter.model import Subscriber, SubscriberId, SubscriptionState
from newsletter.rules.addresses import Secrets, TokenPurpose, sign

_MAC_LENGTH: Final = 26
"""130 bits."""
_READABLE: Final = re.compile(r"[0-9A-Za-z-]{1,64}")
_TOKEN: Final = re.compile(
    rf"(?P<mac>[a-z2-7]{{{_MAC_LENGTH}}})(?P<subscriber>[0-9A-Za-z-]{{1,64}})"
)


def feed_token(person: Subscriber, secrets: Secrets) -> str | None:
    """Return the token of a subscriber: the same one each time. None for who gets no letters."""
    if person.state is not SubscriptionState.CONFIRMED or not _READABLE.fullmatch(person.id):
        return None
    return f"{_mac(person, secrets.signing)}{person.id}"


def read_feed_token(
    token: str, secrets: Secrets, find: Callable[[SubscriberId], Subscriber | None]
) -> Subscriber | None:
    """Return whose feed a token opens; None for one that was not signed here, or is not good any more.

    Every key is tried, and each comparison takes the same time whatever the signature.
    """
    read = _TOKEN.fullmatch(token)
    person = find(SubscriberId(read["subscriber"])) if read else None
    if read is None or person is None or person.state is not SubscriptionState.CONFIRMED:
        return None
    signed = [hmac.compare_digest(read["mac"], _mac(person, key)) for key in secrets.keys]
    return person if any(signed) else None


def _mac(person: Subscriber, key: bytes) -> str:
    since = (person.confirmed_at or person.since_at).astimezone(UTC).isoformat()
    return sign(key, TokenPurpose.FEED, since, person.id)[:_MAC_LENGTH]
