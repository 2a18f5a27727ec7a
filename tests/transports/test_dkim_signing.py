"""Signatures, judged by another implementation; also of letters that were changed on their way."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import dkim
import pytest

from newsletter.errors import ConfigError, MessageError
from newsletter.transports import (
    DkimKey,
    KeyKind,
    Signer,
    make_key,
    public_record,
    record_name,
)

DOMAIN = "news.example.org"
PLANNED = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)
"""In the past: a verifier refuses a signature from a future of more than some hours."""
OVERSIGNED = [
    "From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
    "Content-Type", "MIME-Version", "Reply-To",
]  # fmt: skip
LETTER = b"""\
From: Paper Round <news@news.example.org>
To: ada@example.org
Subject: 9 entries for you: offline reinforcement learning,
 safety guardrails and more
Date: Mon, 05 Jan 2026 07:00:00 +0000
Message-ID: <a1.b2@news.example.org>
List-Id: Paper Round <letters.news.example.org>
List-Unsubscribe: <https://news.example.org/unsubscribe/0123456789abcdef012345>,
 <mailto:unsubscribe@news.example.org>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Feedback-ID: 20260105:edition:news.example.org
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Good morning, Ada.
  1. A paper  with two blanks in its title   \n
.
The last line
""".replace(b"\n", b"\r\n")


@pytest.fixture(scope="module")
def rsa() -> DkimKey:
    return make_key("s1", DOMAIN)


@pytest.fixture(scope="module")
def ed25519() -> DkimKey:
    return make_key("e1", DOMAIN, KeyKind.ED25519)


@pytest.fixture(scope="module")
def keys(rsa: DkimKey, ed25519: DkimKey) -> tuple[DkimKey, ...]:
    return rsa, ed25519


@pytest.fixture(scope="module")
def signed(keys: tuple[DkimKey, ...]) -> bytes:
    return Signer(keys).sign(LETTER, at=PLANNED)


def verdicts(message: bytes, keys: Sequence[DkimKey]) -> list[bool]:
    """What another implementation says of each signature, the topmost first."""
    records = {f"{record_name(key)}.".encode(): public_record(key).encode() for key in keys}

    def look_up(name: bytes, **_: object) -> bytes:
        return records[name]

    def holds(index: int) -> bool:
        try:
            return bool(dkim.DKIM(message).verify(idx=index, dnsfunc=look_up))
        except dkim.ValidationError:
            return False

    return [holds(index) for index in range(len(keys))]


def tags(message: bytes, index: int = 0) -> dict[str, str]:
    found = re.findall(rb"^DKIM-Signature:((?:[^\r]|\r\n[ \t])*)", message, re.MULTILINE)[index]
    pieces = re.sub(rb"\s", b"", found).decode().split(";")
    return dict(piece.split("=", 1) for piece in pieces)


def as_header(name: str, value: str) -> bytes:
    return f"{name}:{value}\r\n".encode()


def test_a_letter_carries_both_signatures_and_they_hold(
    signed: bytes, keys: tuple[DkimKey, ...]
) -> None:
    assert [tags(signed, index)["a"] for index in (0, 1)] == ["rsa-sha256", "ed25519-sha256"]
    assert verdicts(signed, keys) == [True, True]


def test_a_signature_says_what_a_verifier_needs(signed: bytes) -> None:
    said = tags(signed)
    assert (said["v"], said["d"], said["s"], said["c"]) == ("1", DOMAIN, "s1", "relaxed/relaxed")
    assert said["t"] == str(int(PLANNED.timestamp()))
    assert said.keys() == {"v", "a", "c", "d", "s", "t", "bh", "h", "b"}


def test_every_field_is_covered_and_those_that_matter_once_more_than_they_occur(
    signed: bytes,
) -> None:
    covered = tags(signed)["h"].split(":")
    occurring = [line.split(":")[0].lower() for line in re.findall(r"(?m)^\S+:", LETTER.decode())]
    counts = {name: occurring.count(name) for name in [*occurring, "reply-to"]}
    extra = {name for name, count in counts.items() if covered.count(name) == count + 1}
    assert extra == {name.lower() for name in OVERSIGNED}
    assert all(covered.count(name) >= count for name, count in counts.items())


def test_rsa_stands_first_whatever_the_order_of_the_keys(
    signed: bytes, keys: tuple[DkimKey, ...]
) -> None:
    assert Signer(keys[::-1]).sign(LETTER, at=PLANNED) == signed


def test_the_letter_itself_is_not_touched(signed: bytes) -> None:
    assert signed.endswith(b"\r\n" + LETTER)


def test_the_same_letter_and_moment_give_the_same_octets(
    signed: bytes, keys: tuple[DkimKey, ...]
) -> None:
    paris = PLANNED.astimezone(timezone(timedelta(hours=1)))
    assert Signer(keys).sign(LETTER, at=paris) == signed
    assert Signer(keys).sign(LETTER, at=PLANNED + timedelta(seconds=1)) != signed


def test_lines_fit_in_76_columns(signed: bytes) -> None:
    header = signed.removesuffix(LETTER)
    assert max(len(line) for line in header.split(b"\r\n")) <= 76
    assert all(line[:1] in b"D " for line in header.split(b"\r\n"))


def test_a_signature_of_long_names_holds(ed25519: DkimKey) -> None:
    long = DkimKey("a-long-selector." * 3 + "s", "quite-a-long-label." * 8 + "org", ed25519.private)
    message = Signer((long,)).sign(LETTER, at=PLANNED)
    assert verdicts(message, [long]) == [True]
    assert max(len(line) for line in message.removesuffix(LETTER).split(b"\r\n")) < 998


def test_parts_get_the_fields_that_the_whole_would_get(
    signed: bytes, keys: tuple[DkimKey, ...]
) -> None:
    headers, _, body = LETTER.partition(b"\r\n\r\n")
    assert Signer(keys).sign_parts(headers, body, at=PLANNED) + LETTER == signed
    assert Signer(keys).sign_parts(headers + b"\r\n", body, at=PLANNED) + LETTER == signed


def test_without_keys_nothing_is_signed() -> None:
    assert Signer(()).sign(LETTER, at=PLANNED) == LETTER


@pytest.mark.parametrize("body", [b"", b"\r\n\r\n\r\n", b"text", b"text  \r\n\t\r\n\r\n", b" \r\n"])
def test_any_body_can_be_signed(body: bytes, keys: tuple[DkimKey, ...]) -> None:
    message = Signer(keys).sign(b"From: news@news.example.org\r\n\r\n" + body, at=PLANNED)
    assert verdicts(message, keys) == [True, True]


# What a relay may do.


@pytest.mark.parametrize(
    "refold",
    [
        lambda header: header.replace(b"\r\n ", b" "),
        lambda header: header.replace(b"\r\n ", b"\r\n\t  "),
        lambda header: header.replace(b"\r\n ", b" ").replace(b" ", b"\r\n "),
        lambda header: re.sub(rb"(?m)^(\S+): ", rb"\1:\t\t", header),
        lambda header: header.replace(b"\r\n", b"  \r\n"),
    ],
    ids=["unfolded", "folded deeper", "folded everywhere", "other blanks", "blanks at the end"],
)
def test_signatures_hold_when_the_header_is_folded_anew(
    refold: object, signed: bytes, keys: tuple[DkimKey, ...]
) -> None:
    assert callable(refold)
    header, end, body = signed.partition(b"\r\n\r\n")
    changed = refold(header) + end + body
    assert changed != signed
    assert verdicts(changed, keys) == [True, True]


@pytest.mark.parametrize(
    "name", ["Received", "List-Archive", "Sender", "Authentication-Results", "Return-Path"]
)
def test_signatures_hold_when_a_relay_adds_its_own_fields(
    name: str, signed: bytes, keys: tuple[DkimKey, ...]
) -> None:
    assert verdicts(as_header(name, " x") + signed, keys) == [True, True]


def test_signatures_hold_when_blanks_and_blank_lines_come_to_the_end(
    signed: bytes, keys: tuple[DkimKey, ...]
) -> None:
    changed = signed.replace(b"The last line", b"The  last line ") + b"\r\n \r\n"
    assert verdicts(changed, keys) == [True, True]


# What nobody may do.


@pytest.mark.parametrize("name", OVERSIGNED)
@pytest.mark.parametrize("first", [True, False])
def test_a_second_field_that_matters_breaks_the_signatures(
    name: str, first: object, signed: bytes, keys: tuple[DkimKey, ...]
) -> None:
    added = as_header(name, " <https://evil.example/>")
    below = signed.replace(b"\r\n\r\n", b"\r\n" + added + b"\r\n", 1)
    assert verdicts(added + signed if first else below, keys) == [False, False]


@pytest.mark.parametrize(
    "name", ["List-Unsubscribe", "List-Unsubscribe-Post", "Reply-To", "Subject", "To"]
)
def test_what_the_letter_did_not_have_cannot_be_added(name: str, keys: tuple[DkimKey, ...]) -> None:
    answer = Signer(keys).sign(b"From: news@news.example.org\r\n\r\nDone.\r\n", at=PLANNED)
    assert verdicts(answer, keys) == [True, True]
    assert verdicts(as_header(name, " x") + answer, keys) == [False, False]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"last line", b"last lime"),
        (b"The last line\r\n", b""),
        (b"  1. A", b"1. A"),
        (b"9 entries", b"8 entries"),
        (b"unsubscribe/0", b"unsubscribe/1"),
        (b"One-Click", b"Two-Click"),
        (b"Feedback-ID: 2", b"Feedback-ID: 3"),
        (b"Auto-Submitted: auto-generated\r\n", b""),
        (b"d=news.", b"d=mews."),
        (b"t=17", b"t=16"),
        (b"bh=", b"bh=A"),
    ],
)
def test_a_changed_letter_is_detected(
    old: bytes, new: bytes, signed: bytes, keys: tuple[DkimKey, ...]
) -> None:
    assert old in signed
    evil = [DkimKey(key.selector, "mews.example.org", key.private) for key in keys]
    changed = signed.replace(old, new)
    assert verdicts(changed, [*keys, *evil])[: len(keys)] == [False, False]


def test_a_signature_of_another_key_does_not_hold(signed: bytes, rsa: DkimKey) -> None:
    strangers = [make_key("s1", DOMAIN), make_key("e1", DOMAIN, KeyKind.ED25519)]
    assert verdicts(signed, strangers) == [False, False]
    assert verdicts(signed, [rsa]) == [True]


# What is not signed at all.


@pytest.mark.parametrize("senders", [0, 2])
def test_a_letter_has_exactly_one_from(senders: int, rsa: DkimKey) -> None:
    letter = b"From: a@example.org\r\n" * senders + b"To: b@example.org\r\n\r\n"
    with pytest.raises(MessageError, match="From: a message that is signed has exactly one"):
        Signer((rsa,)).sign(letter, at=PLANNED)


def test_a_moment_names_its_time_zone(rsa: DkimKey) -> None:
    with pytest.raises(MessageError, match="names no time zone"):
        Signer((rsa,)).sign(LETTER, at=PLANNED.replace(tzinfo=None))


def test_two_keys_need_two_names(rsa: DkimKey, ed25519: DkimKey) -> None:
    twin = DkimKey(rsa.selector.upper(), DOMAIN, ed25519.private)
    with pytest.raises(ConfigError, match=r"two keys share the name s1\._domainkey\."):
        Signer((rsa, twin))
