"""Received letters on disk: `NAME.eml` as it came, and beside it `NAME.json` with the envelope."""

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Final

from newsletter.mailboxes.trial.files import write_whole

MAX_SUBJECT_CHARACTERS: Final = 300


@dataclass(frozen=True, slots=True)
class ReceivedLetter:
    """One message that the trial server took: its envelope and what a list shows of it.

    `name` is the stem of its files and sorts by time of arrival; `sender` is empty for answers.
    """

    name: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    received_at: datetime
    size_bytes: int


def keep(
    folder: Path, sender: str, recipients: Sequence[str], octets: bytes, *, now: datetime
) -> ReceivedLetter:
    """Store one message; when this returns, both files are there. Raises OSError."""
    letter = ReceivedLetter(
        # Two letters of one microsecond are told apart by chance.
        name=f"{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}",
        sender=sender,
        recipients=tuple(recipients),
        subject=subject_of(octets),
        received_at=now,
        size_bytes=len(octets),
    )
    write_whole(folder / f"{letter.name}.eml", octets)
    # Written last: a letter without it is not complete and is not listed.
    write_whole(folder / f"{letter.name}.json", _to_json(letter))
    return letter


def read_letters(folder: Path) -> list[ReceivedLetter]:
    """Return the letters in `folder`, newest first. Files that are none of ours are passed over."""
    if not folder.is_dir():
        return []
    return sorted(_letters(folder), key=lambda letter: letter.name, reverse=True)


def subject_of(octets: bytes) -> str:
    """Return the subject as a person reads it, bounded; empty when there is none."""
    header = BytesHeaderParser(policy=policy.compat32).parsebytes(octets)
    return decode(str(header.get("Subject", "")))[:MAX_SUBJECT_CHARACTERS]


def decode(value: str) -> str:
    """Return a header value with its encoded words read, or as it stands when they are broken."""
    try:
        text = str(make_header(decode_header(value)))
    except (MessageError, ValueError, LookupError):
        text = value
    return " ".join(text.split())


def _letters(folder: Path) -> Iterator[ReceivedLetter]:
    for path in folder.glob("*.json"):
        letter = _from_json(path)
        if letter is not None and path.with_suffix(".eml").is_file():
            yield letter


def _to_json(letter: ReceivedLetter) -> bytes:
    fields = {
        "sender": letter.sender,
        "recipients": letter.recipients,
        "subject": letter.subject,
        "received_at": letter.received_at.isoformat(),
        "size_bytes": letter.size_bytes,
    }
    return (json.dumps(fields, indent=2) + "\n").encode()


def _from_json(path: Path) -> ReceivedLetter | None:
    try:
        fields = json.loads(path.read_bytes())
        return ReceivedLetter(
            name=path.stem,
            sender=str(fields["sender"]),
            recipients=tuple(str(recipient) for recipient in fields["recipients"]),
            subject=str(fields["subject"]),
            received_at=datetime.fromisoformat(fields["received_at"]).astimezone(UTC),
            size_bytes=int(fields["size_bytes"]),
        )
    except (OSError, ValueError, LookupError, TypeError):
        return None
