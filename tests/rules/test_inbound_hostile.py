"""Mail written to hurt: refused or read, soon, and without a control character in any value."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import InboundError
from newsletter.model import InboundMail
from newsletter.rules.bounces import read_bounce, read_complaint
from newsletter.rules.inbound import (
    MAX_ADDRESSES,
    MAX_DEPTH,
    MAX_FIELDS,
    MAX_HEADER_BYTES,
    MAX_MESSAGE_BYTES,
    MAX_PARTS,
    MAX_RECEIVED,
    classify,
    dmarc_passed,
    envelope_token,
    must_not_answer,
    read_mail,
)
from tests.moments import soon
from tests.rules.inbound_samples.received import OWN, letter, mail, received

SOON_S = 2.0
FULL = MAX_MESSAGE_BYTES - 200
MULTI = "From: a@example.net\nContent-Type: multipart/mixed; boundary=b\n\n"


def nested(depth: int) -> str:
    parts = (f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    return "".join(parts) + "\nhello"


def filled(pattern: str, length: int) -> str:
    return pattern * (length // len(pattern.encode()))


REFUSED: dict[str, str] = {
    "too long": "Subject: x\n\n" + "a" * MAX_MESSAGE_BYTES,
    "a long header": "Subject: " + "a" * MAX_HEADER_BYTES + "\n\n",
    "a header without an end": filled("X: y\n", FULL),
    "many fields": "X: y\n" * (MAX_FIELDS + 1) + "\nhello",
    "a circle": "Received: x\n" * (MAX_RECEIVED + 1) + "\nhello",
    "50,000 encoded words": "Subject: " + "=?utf-8?q?a?= " * 50_000 + "\n\n",
    "3,000 encoded words": "Subject: " + "=?a?q?a?= " * 3_000 + "\n\n",
    "100,000 addresses": "To: " + "a@example.net, " * 60_000 + "\n\n",
    "1,500 addresses": "Cc: " + "a@b.example;" * (MAX_ADDRESSES + 500) + "\n\n",
    "deep": nested(MAX_DEPTH + 1),
    "very deep": nested(12_000),
    "many parts": MULTI + "--b\n\nx\n" * (MAX_PARTS + 1) + "--b--\n",
    "as many parts as fit": MULTI + filled("--b\n", FULL),
    "parts beside parts": MULTI
    + ("--b\nContent-Type: multipart/mixed; boundary=c\n\n" + "--c\n\nx\n" * 99 + "--c--\n")
    + "--b\n\nx\n" * 2,
    "many parts within parts": MULTI
    + ("--b\nContent-Type: multipart/mixed; boundary=c\n\n" + "--c\n\nx\n" * 20) * 6,
}
HEADERS: dict[str, str] = {
    "quotation marks": '"',
    "open quotes": 'a "\\',
    "open brackets": "(",
    "closed brackets": ")",
    "angle brackets": "<",
    "pairs of angle brackets": "<>",
    "colons": "a:",
    "semicolons": ";",
    "backslashes": "\\",
    "backslash and letter": "\\a",
    "spaces": " ",
    "folds": "\n \n ",
    "parameters": ';a="',
    "more parameters": ';a="\\"',
    "half words": "=?a?q?",
    "question marks": "=?",
    "at signs": "@",
    "dots": "a.",
    "slashes": " /",
    "equals": " =",
    "results": "x;dmarc=pass header.from=example.net",
    "carriage returns": "\r",
    "a's": "a",
    "digits": "5.1.",
    "ids": "<a@",
}
FIELDS = (
    "From", "To", "Subject", "Content-Type", "Content-Disposition", "Message-ID", "References",
    "Authentication-Results", "Auto-Submitted", "X-Failed-Recipients", "X-Loop", "Delivered-To",
)  # fmt: skip
WHOLE = ("From", "Subject", "Content-Type", "Authentication-Results", "References")
BODIES: dict[str, str] = {
    "empty lines": "\n",
    "carriage returns": "\r",
    "CR LF": "\r\n",
    "delimiters of others": "\n--bb",
    "delimiters and spaces": "\n--b        x",
    "equals": "=",
    "at signs": "a@",
    "angle brackets": "<",
    "tags": "<a",
    "ampersands": "&#9",
    "mailbox": "mailbox ",
    "user is": "user is ",
    "address and quota": "exceeds address unknown quota ",
    "copies": "--- copy of\n",
    "dashes": "-",
    "spaces": " ",
    "statuses": "5.1.1 ",
    "statuses without end": "5.1.1.",
    "words": "message you sent following recipients ",
    "letters": "a",
    "full-width": "\uff58",
}
TYPES = (
    "text/plain",
    "text/html",
    "text/plain; charset=utf-16",
    "message/delivery-status",
    "multipart/report; report-type=delivery-status; boundary=b",
)


def look_at(read: InboundMail) -> None:
    classify(read, OWN)
    must_not_answer(read, OWN)
    read_bounce(read)
    read_complaint(read)
    dmarc_passed(read, "x")
    envelope_token(read, OWN)


def values_of(read: InboundMail) -> Iterator[str]:
    yield from (read.subject, read.from_name, read.message_id or "", *read.references)
    yield from (read.sender or "", read.recipient or "", read.from_address or "")
    for fields in (read.fields, *(group for part in read.reports for group in part.groups)):
        for name, values in fields.items():
            yield from (name, *values)


def assert_clean(read: InboundMail) -> None:
    for value in values_of(read):
        assert re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029]", value) is None
        value.encode()
    for text in (read.plain or "", read.html or "", *(part.text for part in read.reports)):
        assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", text) is None
        text.encode()


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED)
def test_what_is_over_a_limit_is_refused_at_once(raw: str) -> None:
    def work() -> None:
        with pytest.raises(InboundError):
            mail(raw)

    soon(work, SOON_S)


@pytest.mark.parametrize("pattern", HEADERS.values(), ids=HEADERS)
def test_a_header_as_large_as_is_allowed_is_read_soon(pattern: str) -> None:
    each = (MAX_HEADER_BYTES - 400) // len(FIELDS)
    fields = [f"{name}: x{filled(pattern, each - 40)}" for name in FIELDS]
    whole = [f"{name}: x{filled(pattern, MAX_HEADER_BYTES - 400)}" for name in WHOLE]

    def work(raw: str) -> None:
        with suppress(InboundError):
            read = mail(raw, sender="")
            look_at(read)
            assert_clean(read)

    for raw in (letter(*fields), *map(letter, whole)):
        soon(partial(work, raw), SOON_S)


@pytest.mark.parametrize("pattern", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("content_type", TYPES)
def test_a_megabyte_of_anything_is_read_soon(pattern: str, content_type: str) -> None:
    raw = f"From: MAILER-DAEMON@x.example\nContent-Type: {content_type}\n\n"
    raw += filled(pattern, FULL - len(raw))

    def work() -> None:
        read = mail(raw, sender="")
        look_at(read)
        assert_clean(read)

    soon(work, SOON_S)


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
@pytest.mark.parametrize("pattern", ["=", "=\n", "a", "A=", " ", "=A"])
def test_a_megabyte_of_encoding_is_read_soon(encoding: str, pattern: str) -> None:
    raw = f"Content-Transfer-Encoding: {encoding}\nContent-Type: text/html\n\n"

    soon(lambda: look_at(mail(raw + filled(pattern, FULL - len(raw)), sender="")), SOON_S)


def test_limits_are_met_exactly() -> None:
    assert mail(nested(MAX_DEPTH - 1)).plain == "hello"
    assert mail(MULTI + "--b\n\nx\n" * MAX_PARTS + "--b--\n").plain == "x"
    assert len(mail("X: y\n" * MAX_FIELDS + "\n").fields["x"]) == MAX_FIELDS
    assert mail("Received: x\n" * MAX_RECEIVED + "\nhello").plain == "hello"


WORDS = st.sampled_from(
    [
        b"From: ", b"To: ", b"Subject: ", b"Content-Type: ", b"multipart/report; boundary=b", b"\n",
        b"\r\n", b"\n\n", b"--b", b"--b--", b"message/delivery-status", b"message/rfc822", b"text/html",
        b"Content-Transfer-Encoding: base64", b"=?utf-8?q?=0D=0A=00?=", b"=?iso-2022-jp?B?GyRC?=", b"<", b">",
        b"@", b"example.net", b"(", b")", b'"', b"\\", b";", b"charset=utf-16", b"charset=gb18030", b" ",
        b"Status: 5.1.1", b"Action: failed", b"Authentication-Results: x; dmarc=pass", b"\x00", b"\t",
        b"Message-ID: <a@b>", b"X-Failed-Recipients: ", b"Feedback-Type: abuse", b"\r", b"\xff", b"\x85",
    ]
)  # fmt: skip


@given(raw=st.one_of(st.binary(max_size=400), st.lists(WORDS, max_size=40).map(b"".join)))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        read = read_mail(received(raw, sender=None))
    except InboundError:
        return
    assert_clean(read)
    look_at(read)


@given(text=st.text(max_size=60))
def test_no_text_gets_a_control_character_into_a_value(text: str) -> None:
    encoded = text.encode("utf-8", "replace").hex("=")
    word = f"=?utf-8?q?={encoded}?=" if encoded else ""

    assert_clean(
        mail(letter(f"Subject: {word}", f"From: {word} <ada@example.net>", f"X-Other: {text}"))
    )
