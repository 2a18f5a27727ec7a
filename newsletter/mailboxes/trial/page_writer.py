"""Static pages of received letters: a list, and one page for each letter."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from email.message import Message
from itertools import groupby
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from newsletter.errors import StorageError
from newsletter.mailboxes.trial.files import write_whole
from newsletter.mailboxes.trial.letters import ReceivedLetter, decode, read_letters

MAX_LISTED: Final = 500
MAX_PARTS: Final = 50
KILO: Final = 1000


@dataclass(frozen=True, slots=True)
class Contents:
    """What a page shows of a letter. None: the letter has no such part."""

    from_: str
    date: str
    headers: str
    html: str | None
    text: str | None


def write_pages(folder: Path) -> Path:
    """Write the pages of the letters in `folder` and return the path of the list.

    The newest 500 are listed. The page of a letter is written once: a letter never changes.
    Raises StorageError when a page cannot be written.
    """
    letters = read_letters(folder)
    listed = letters[:MAX_LISTED]
    templates = _templates()
    index = folder / "index.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for letter in listed:
            _write_letter(folder, letter, templates)
        page = templates.get_template("index.html.j2").render(
            days=_by_day(listed), total=len(letters), listed=len(listed)
        )
        write_whole(index, page.encode())
    except OSError as error:
        raise StorageError(f"{folder}: cannot write pages: {error.strerror or error}") from error
    return index


def read_contents(octets: bytes) -> Contents:
    """Take a message apart for reading; broken ones show what can be read of them."""
    message = message_from_bytes(octets, policy=policy.compat32)
    return Contents(
        from_=decode(str(message.get("From", ""))),
        date=decode(str(message.get("Date", ""))),
        headers=_headers(octets),
        html=_part(message, "text/html"),
        text=_part(message, "text/plain"),
    )


def _write_letter(folder: Path, letter: ReceivedLetter, templates: Environment) -> None:
    path = folder / f"{letter.name}.html"
    if path.exists():
        return
    contents = read_contents((folder / f"{letter.name}.eml").read_bytes())
    page = templates.get_template("letter.html.j2").render(letter=letter, contents=contents)
    write_whole(path, page.encode(errors="replace"))


def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("newsletter.mailboxes.trial", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["size"] = _size
    return templates


def _by_day(letters: list[ReceivedLetter]) -> list[tuple[date, list[ReceivedLetter]]]:
    days = groupby(letters, key=lambda letter: letter.received_at.date())
    return [(day, list(of_day)) for day, of_day in days]


def _size(octets: int) -> str:
    return f"{octets / KILO:.1f} kB" if octets >= KILO else f"{octets} bytes"


def _headers(octets: bytes) -> str:
    ends = [end for end in (octets.find(b"\r\n\r\n"), octets.find(b"\n\n")) if end >= 0]
    head = octets[: min(ends)] if ends else octets
    return head.decode("utf-8", errors="replace").replace("\r\n", "\n")


def _part(message: Message, kind: str) -> str | None:
    """Return the first part of that kind, decoded as well as it can be."""
    for part in _leaves(message):
        octets = part.get_payload(decode=True)
        if part.get_content_type() == kind and isinstance(octets, bytes):
            return _text(octets, part.get_content_charset("utf-8"))
    return None


def _leaves(message: Message) -> Iterator[Message]:
    for count, part in enumerate(message.walk()):
        if count >= MAX_PARTS:
            return
        if not part.is_multipart():
            yield part


def _text(octets: bytes, charset: str) -> str:
    try:
        return octets.decode(charset, errors="replace")
    except LookupError:
        return octets.decode("utf-8", errors="replace")
