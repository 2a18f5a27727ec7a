"""The names and addresses of one edition: its id, Message-ID, envelope sender and links."""

import hmac
from datetime import UTC
from functools import lru_cache
from typing import Final, NamedTuple

from newsletter.model import (
    EditionId,
    EmailAddress,
    Letterhead,
    LetterLinks,
    Slot,
    SlotKind,
    SubscriberId,
)
from newsletter.rules.addresses.addr_spec import mailto
from newsletter.rules.addresses.ballots import ballot_token
from newsletter.rules.addresses.tokens import (
    EDITION_LENGTH,
    Fingerprints,
    Secrets,
    TokenPurpose,
    letter_token,
    page_tokens,
    read_letter_token,
    sign,
    write_pair,
)

_MESSAGE_ID_MAC: Final = 20
"""100 bits, so that nobody can name a Message-ID that we have not used."""

_NEIGHBOURS: Final = {f"{number:03x}": write_pair(number >> 2) for number in range(0x1000)}
"""By the first digits of a subscriber's id, as far as these are hexadecimal, which of a thousand parts of all
people the edition is for."""


def edition_id(subscriber: SubscriberId, slot: Slot) -> EditionId:
    """Return the id of the edition of `subscriber` for `slot`: 20 characters of base32.

    A scheduled slot counts by its local date alone, so that a changed hour makes no second
    edition of a day; a manual one by its moment.

    The first two characters come from the date, the next two from the beginning of the subscriber's id, the
    others from a hash of all: what is planned together stands together in a tree of ids, which is written
    a few pages at a time. Two of four billion editions share an id with a chance of 1 in 10^11.
    """
    day, hashes = _begun(slot)
    hashed = hashes.of(subscriber)
    return EditionId(f"{day}{_NEIGHBOURS.get(subscriber[:3]) or hashed[:2]}{hashed}")


@lru_cache(maxsize=1_024)
def _begun(slot: Slot) -> tuple[str, Fingerprints]:
    """Return what the ids of all editions of a slot have in common."""
    moment = (
        slot.local_date.isoformat()
        if slot.kind is SlotKind.SCHEDULED
        else slot.begins_at.astimezone(UTC).isoformat(timespec="microseconds")
    )
    return write_pair(slot.local_date.toordinal()), Fingerprints("edition", slot.kind, moment)


def verp_sender(edition: EditionId, secrets: Secrets, domain: str) -> EmailAddress:
    """Return the envelope sender that a bounce of `edition` comes back to."""
    token = letter_token(TokenPurpose.BOUNCE, edition, secrets)
    return EmailAddress(f"bounce+{token}@{domain}")


def read_verp(address: str, secrets: Secrets) -> EditionId | None:
    """Return the edition whose bounce was sent to `address`; None when it carries none of our tokens.

    Both `bounce+TOKEN@domain` and `TOKEN@bounce.domain` are read, in any case.
    """
    token = address.rpartition("@")[0].rpartition("+")[2]
    return read_letter_token(TokenPurpose.BOUNCE, token, secrets)


def message_id(edition: EditionId, subscriber: SubscriberId, secrets: Secrets, domain: str) -> str:
    """Return the Message-ID of `edition`, angle brackets included; the same for every try."""
    mac = sign(secrets.signing, "message-id", edition, subscriber)[:_MESSAGE_ID_MAC]
    return f"<{edition}.{mac}@{domain}>"


def read_message_id(
    text: str, subscriber: SubscriberId, secrets: Secrets, domain: str
) -> EditionId | None:
    """Return the edition of `subscriber` that `text` is the Message-ID of; None for any other text.

    Nobody who has not seen that letter can name it. Every key is tried, in the same time.
    """
    edition = EditionId(text.removeprefix("<")[:EDITION_LENGTH])
    told = f"<{text.strip('<>')}>".encode("utf-8", "replace")
    known = [
        hmac.compare_digest(told, message_id(edition, subscriber, Secrets((key,)), domain).encode())
        for key in secrets.keys
    ]
    return edition if any(known) else None


class _UsualLinks(NamedTuple):
    """The mailto links of all letters of a domain; that to unsubscribe is cut where its token stands."""

    before_token: str
    after_token: str
    preferences_mailto: str
    help_mailto: str


@lru_cache(maxsize=16)
def _usual_links(domain: str) -> _UsualLinks:
    here = "TOKEN"  # letters and digits, as every token: neither is quoted in a URI
    unsubscribe = mailto(EmailAddress(f"unsubscribe+{here}@{domain}"), subject="unsubscribe")
    before, _, after = unsubscribe.partition(here)
    return _UsualLinks(
        before_token=before,
        after_token=after,
        preferences_mailto=mailto(EmailAddress(f"news@{domain}"), subject="show"),
        help_mailto=mailto(EmailAddress(f"help@{domain}"), subject="help"),
    )


def letter_links(
    edition: EditionId,
    secrets: Secrets,
    letterhead: Letterhead,
    subscriber: SubscriberId | None = None,
) -> LetterLinks:
    """Return where a reader of `edition` can go; without a `subscriber` nobody can vote.

    The pages are there only under an https `url`: one-click (RFC 8058 section 3.1) allows no other.
    """
    token, view = page_tokens(edition, secrets)
    usual = _usual_links(letterhead.domain)
    has_pages = letterhead.url is not None and letterhead.url.startswith("https://")
    votes = ballot_token(edition, subscriber, secrets) if has_pages and subscriber else None
    return LetterLinks(
        unsubscribe_mailto=f"{usual.before_token}{token}{usual.after_token}",
        preferences_mailto=usual.preferences_mailto,
        help_mailto=usual.help_mailto,
        unsubscribe_url=f"{letterhead.url}/unsubscribe/{token}" if has_pages else None,
        votes_url=f"{letterhead.url}/likes/{votes}" if votes else None,
        view_url=f"{letterhead.url}/letters/{view}" if has_pages else None,
        preferences_url=f"{letterhead.url}/preferences" if has_pages else None,
    )
