"""One folder of the mailbox: what is unseen in it, and what a message holds."""

import re
from collections.abc import Iterator
from typing import Final

from newsletter.mailboxes.imap.client import ImapClient, Trouble
from newsletter.mailboxes.imap.login import folder_name

_WINDOW: Final = 5000
"""Messages that one search looks through, so that its answer is of a bounded length."""
_UID: Final = re.compile(rb"\bUID ([0-9]{1,10})\b", re.IGNORECASE)
_SIZE: Final = re.compile(rb"\bRFC822\.SIZE ([0-9]{1,12})\b", re.IGNORECASE)
_NUMBER: Final = re.compile(rb"[0-9]{1,10}")


class Folder:
    """Commands on one folder. Each raises imaplib.IMAP4.error or OSError when it fails."""

    def __init__(self, client: ImapClient, name: str) -> None:
        self._client = client
        self._name = folder_name(name)
        self._count = 0

    def open(self) -> str:
        """Look at the folder anew and return its UIDVALIDITY, "" when the server tells none."""
        answer = self._done("SELECT", self._client.select(self._name))
        self._count = int(answer[0]) if _NUMBER.fullmatch(answer[0]) else 0
        _, validity = self._client.response("UIDVALIDITY")
        found = validity[0] if validity else None
        return found.decode("ascii", "replace") if isinstance(found, bytes) else ""

    def unseen(self) -> Iterator[str]:
        """Yield the UIDs of what is unseen, as the server has them in order."""
        for start in range(1, self._count + 1, _WINDOW):
            end = min(start + _WINDOW - 1, self._count)
            window = f"{start}:{end}"
            found = self._done("SEARCH", self._client.uid("SEARCH", window, "UNSEEN", "UNDELETED"))
            for line in found:
                yield from (uid.decode() for uid in line.split() if _NUMBER.fullmatch(uid))

    def size(self, uid: str) -> int | None:
        """Return the size of a message in octets; None when it is gone."""
        for head, _ in self._fetched(uid, "(UID RFC822.SIZE)"):
            if found := _SIZE.search(head):
                return int(found[1])
        return None

    def fetch(self, uid: str, most: int) -> bytes:
        """Return the first `most` octets of a message, without marking it as seen."""
        for head, literal in self._fetched(uid, f"(UID BODY.PEEK[]<0.{most}>)"):
            if b"BODY[" in head.upper():
                return literal[:most]
        return b""

    def mark(self, uid: str, flags: str) -> None:
        """Add flags to a message."""
        self._done("STORE", self._client.uid("STORE", uid, "+FLAGS.SILENT", f"({flags})"))

    def _fetched(self, uid: str, items: str) -> Iterator[tuple[bytes, bytes]]:
        """Yield the answers on this message, each with its literal: others come unasked."""
        kind, answers = self._client.uid("FETCH", uid, items)
        if kind != "OK":
            message = f"FETCH was refused: {answers!r:.200}"
            raise Trouble(message)
        for answer in answers:
            pair = answer if isinstance(answer, tuple) else (answer, b"")
            head, literal = pair[0], pair[1]
            if isinstance(head, bytes) and isinstance(literal, bytes):
                found = _UID.search(head)
                if found is None or found[1].decode() == uid:
                    yield head, literal

    def _done(self, command: str, answer: tuple[str, list[bytes | None]]) -> list[bytes]:
        kind, lines = answer
        if kind != "OK":
            message = f"{command} was refused: {lines!r:.200}"
            raise Trouble(message)
        return [line for line in lines if isinstance(line, bytes)] or [b""]
