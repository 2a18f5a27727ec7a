"""What hostile messages are measured by: nobody is changed, nothing takes long, nobody else is written to."""

import time
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.mail_in.post_office import Window

ADA, BOB, MALLORY = "ada@example.org", "bob@example.org", "mallory@evil.example"
OWNER = "editor@example.org"
NEWS = "news@news.example.org"
MOST_SECONDS = 2.0
OURS = frozenset(
    {
        *("from", "to", "subject", "date", "message-id", "reply-to", "auto-submitted"),
        *("in-reply-to", "references", "mime-version", "content-type"),
        *("content-transfer-encoding",),
    }
)


def mail(*fields: str, body: str = "", sender: str = MALLORY) -> bytes:
    return "\r\n".join((f"From: {sender}", *fields, "", body)).encode()


def attack(
    window: Window, raw: bytes, to: str | None = NEWS, *, sender: str = MALLORY
) -> list[EmailMessage]:
    """Hand in what must change nothing, in time; return what is written because of it."""
    before, posted = window.dump(), {one.id for one in window.waiting()}
    begun = time.process_time()
    window.take(raw, to, sender)
    assert time.process_time() - begun < MOST_SECONDS
    assert window.dump() == before
    fresh = [one for one in window.waiting() if one.id not in posted]
    assert {one.recipient for one in fresh} <= {sender, ADA, BOB, OWNER}
    return [read(window.bytes_of(one)) for one in fresh]


def read(octets: bytes) -> EmailMessage:
    """Return a message of ours, whose form is as it must be whatever it answers."""
    header = octets.partition(b"\r\n\r\n")[0].replace(b"\r\n", b"")
    assert not {b"\r", b"\n", b"\0"} & {header[at : at + 1] for at in range(len(header))}
    assert max(map(len, octets.split(b"\r\n"))) <= 998
    assert octets.isascii()
    message = message_from_bytes(octets, policy=policy.default)
    assert isinstance(message, EmailMessage)
    names = [name.lower() for name in message]
    assert len(names) == len(set(names))
    assert set(names) <= OURS
    return message


def preferences_address(window: Window, address: str) -> str:
    """Return the address that obeys for a person, as the next answer to it carries it."""
    window.take(mail(body="show", sender=address), NEWS, address)
    item = window.waiting()[-1]
    assert item.recipient == address
    return reply_address(read(window.bytes_of(item)))


def reply_address(message: EmailMessage) -> str:
    return str(message["Reply-To"]).rpartition("<")[2].strip("<>")
