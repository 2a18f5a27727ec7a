"""What must hold of every message, whatever strangers wrote into it."""

import re
import unicodedata
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Final

from newsletter.rendering.plain import columns

FIELDS: Final = (
    *("DKIM-Signature", "DKIM-Signature", "From", "To", "Subject", "Date", "Message-ID", "List-Id"),
    *("List-Unsubscribe", "List-Unsubscribe-Post", "List-Help", "List-Owner", "Feedback-ID"),
    *("Auto-Submitted", "MIME-Version", "Content-Type"),
)
UNFOLDABLE: Final = ("List-", "DKIM-", "Message-ID")
# Controls, halves of characters, and what turns the direction of the text around it.
FORBIDDEN: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u206f\ufeff\ud800-\udfff]"
)
LONGEST_LINE: Final = 998
PAGE: Final = 78
LABEL: Final = 20
"""Columns of `    Project page: `, after which an address follows on the same line."""


class Skeleton(HTMLParser):
    """Tags with their attributes' names, all addresses, and the text between the tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.shape: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        self.text += " "

    def handle_endtag(self, tag: str) -> None:
        self.shape.append((f"/{tag}", ()))
        self.text += " "

    def handle_comment(self, data: str) -> None:
        self.shape.append((f"!{data}", ()))

    def handle_data(self, data: str) -> None:
        self.text += data


@dataclass(frozen=True)
class Parts:
    """A message as a mail program takes it apart. `html` is empty in a letter of text alone."""

    message: EmailMessage
    text: str
    html: str


def visible(text: str) -> str:
    """Return the letters and signs of `text`: without blanks, marks, and the circles we drew."""
    hidden = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me", "Mc"}
    shown = (letter for letter in text if unicodedata.category(letter) not in hidden)
    return "".join(shown).replace("\u25cc", "")


def take_apart(octets: bytes) -> Parts:
    """Assert that `octets` are a message without a fault, and return its parts."""
    check_octets(octets)
    message = message_from_bytes(octets, policy=policy.default)
    check_header(message, octets)
    texts = {"text/plain": "", "text/html": ""}
    for part in message.walk():
        assert part.defects == []
        if not part.is_multipart():
            body = part.get_payload(decode=True)
            assert isinstance(body, bytes)
            texts[part.get_content_type()] = body.decode("utf-8").replace("\r\n", "\n")
    return Parts(message, texts["text/plain"], texts["text/html"])


def check_octets(octets: bytes) -> None:
    assert octets.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", octets)
    header, _, body = octets.partition(b"\r\n\r\n")
    assert max(map(len, octets.split(b"\r\n"))) <= LONGEST_LINE
    assert not [line for line in body.split(b"\r\n") if line.startswith((b".", b"From "))]
    for line in header.decode("ascii").split("\r\n"):
        assert line.strip()
        assert len(line) <= PAGE or line.startswith(UNFOLDABLE) or " <" in line[:2], line


def check_header(message: EmailMessage, octets: bytes) -> None:
    is_whole = message.is_multipart()
    expected = FIELDS if is_whole else (*FIELDS, "Content-Transfer-Encoding")
    assert tuple(message.keys()) == expected
    assert octets.count(b"\r\n\r\n") >= 1
    for name, value in message.items():
        assert not value.defects, (name, value.defects)
        assert not FORBIDDEN.search(str(value)), name
    assert [str(one) for one in message["To"].addresses] == ["ada@example.org"]
    assert [one.addr_spec for one in message["From"].addresses] == ["news@news.example.org"]


def check_text(text: str) -> None:
    assert not FORBIDDEN.search(text.replace("\n", ""))
    for line in text.split("\n"):
        assert len(line.encode()) <= LONGEST_LINE
        assert columns(line) <= PAGE or not is_breakable(line), line


def is_breakable(line: str) -> bool:
    """Whether `line` could end sooner: at a blank beside its one long word, or between ideographs."""
    if re.search("漢{37}|🙂{37}", line):
        return True
    longest = max(line.split(" "), key=columns)
    before, _, after = line.partition(longest)
    return bool(after) or columns(before) > LABEL or columns(longest) < PAGE - LABEL


def check_html(html: str, harmless: str) -> None:
    page = Skeleton(html)
    expected = Skeleton(harmless)
    assert page.shape == expected.shape
    # What a relay that composes characters makes of it.
    assert Skeleton(unicodedata.normalize("NFC", html)).shape == expected.shape
    assert not FORBIDDEN.search(html.replace("\n", ""))
    assert [link for link in page.links if not link.startswith(("https://", "mailto:"))] == []
    assert len(html.encode()) + html.count("\n") <= 100_000
