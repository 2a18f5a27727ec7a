"""Small ways to write a reply by hand."""

from collections.abc import Callable
from typing import Final

from tests.rules.replies.documents import EDITS
from tests.rules.replies.messages import message, part

Hand = Callable[[], tuple[str, str, bytes]]
"""What was sent, what was meant, and the message."""
QP: Final = "quoted-printable"


def plain(lines: list[str], encoding: str = QP, charset: str = "utf-8", more: str = "") -> bytes:
    return message(part("plain", lines, encoding, charset, more))


def page(body: str, charset: str = "utf-8") -> bytes:
    return message(part("html", f"<html><head></head><body>{body}</body></html>", QP, charset))


def edited(edit: str, sent: str) -> str:
    return EDITS[edit](sent)
