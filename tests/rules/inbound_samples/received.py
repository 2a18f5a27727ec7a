"""Ways to write a received message, shared by the tests of incoming mail."""

from datetime import UTC, datetime
from typing import Final

from newsletter.model import InboundId, InboundMail, InboundMessage
from newsletter.rules.inbound import OwnNames, read_mail

OWN: Final = OwnNames("news.example.org")
TOKEN: Final = "k3v7q2w7x2m5r4t2k3v7"
VERP: Final = f"bounce+{TOKEN}@news.example.org"
NOON: Final = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def received(
    raw: str | bytes, *, sender: str | None = "ada@example.net", recipient: str | None = None
) -> InboundMessage:
    data = raw.encode() if isinstance(raw, str) else raw
    return InboundMessage(InboundId(1), data, sender, recipient, NOON)


def mail(
    raw: str | bytes, *, sender: str | None = "ada@example.net", recipient: str | None = None
) -> InboundMail:
    return read_mail(received(raw, sender=sender, recipient=recipient))


def letter(*fields: str, body: str = "show\n", address: str = "news@news.example.org") -> str:
    """Write the mail of a person; `fields` come first and take the place of those of their name."""
    usual = (
        "From: Ada Lovelace <ada@example.net>",
        f"To: {address}",
        "Subject: Re: Your letter",
        "Date: Mon, 23 Nov 2026 12:00:00 +0000",
        "Message-ID: <m1@example.net>",
    )
    named = {field.partition(":")[0].lower() for field in fields}
    kept = (field for field in usual if field.partition(":")[0].lower() not in named)
    return "\n".join((*fields, *kept, "", body))
