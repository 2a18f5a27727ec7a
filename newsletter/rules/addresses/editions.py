"""The names and addresses of one edition: its id, Message-ID, envelope sender and links."""

from datetime import UTC
from typing import Final

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
from newsletter.rules.addresses.tokens import (
    EDITION_LENGTH,
    Secrets,
    TokenPurpose,
    fingerprint,
    letter_token,
    read_letter_token,
    sign,
)

_MESSAGE_ID_MAC: Final = 20
"""100 bits, so that nobody can name a Message-ID that we have not used."""


def edition_id(subscriber: SubscriberId, slot: Slot) -> EditionId:
    """Return the id of the edition of `subscriber` for `slot`: 20 characters of base32.

    A scheduled slot counts by its local date alone, so that a changed hour makes no second
    edition of a day; a manual one by its moment.
    """
    moment = (
        slot.local_date.isoformat()
        if slot.kind is SlotKind.SCHEDULED
        else slot.begins_at.astimezone(UTC).isoformat(timespec="microseconds")
    )
    return EditionId(fingerprint("edition", slot.kind, moment, subscriber)[:EDITION_LENGTH])


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


def letter_links(edition: EditionId, secrets: Secrets, letterhead: Letterhead) -> LetterLinks:
    """Return where a reader of `edition` can go.

    The page is there only under an https `url`: one-click (RFC 8058 section 3.1) allows no other.
    """
    token = letter_token(TokenPurpose.UNSUBSCRIBE, edition, secrets)
    domain = letterhead.domain
    has_pages = letterhead.url is not None and letterhead.url.startswith("https://")
    return LetterLinks(
        unsubscribe_mailto=mailto(
            EmailAddress(f"unsubscribe+{token}@{domain}"), subject="unsubscribe"
        ),
        preferences_mailto=mailto(EmailAddress(f"news@{domain}"), subject="show"),
        help_mailto=mailto(EmailAddress(f"help@{domain}"), subject="help"),
        unsubscribe_url=f"{letterhead.url}/unsubscribe/{token}" if has_pages else None,
    )
