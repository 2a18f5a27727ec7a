"""Letters as our builder makes them, with hostile words in them, verify after they are signed."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import dkim
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.model import EmailAddress, LetterLinks, RenderedEmail
from newsletter.rules.messages import MessageHeaders, build
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
ADA = EmailAddress("ada@example.org")
SENDER = f"bounce+0123456789abcdefghijkl@{DOMAIN}"
POSTAL = "1 Example Street, 12345 Sampletown"
LINKS = LetterLinks(
    unsubscribe_mailto=f"mailto:unsubscribe+0123456789abcdefghijkl@{DOMAIN}",
    preferences_mailto=f"mailto:preferences@{DOMAIN}",
    help_mailto=f"mailto:help@{DOMAIN}",
    unsubscribe_url=f"https://{DOMAIN}/unsubscribe/0123456789abcdefghijkl",
)
TEXT = (
    f"Grüße, Ada\n\n.\n  two  blanks   \nhttps://papers.example/1\n\nTo unsubscribe: {POSTAL}\n\n\n"
)
HTML = f"""<!doctype html><html lang="en"><head><title>9 entries</title></head>
<body>   <p><a href="https://papers.example/1">Grüße,\tAda</a></p>
    <p>Unsubscribe. {POSTAL}</p>

</body></html>

"""

hostile = st.text(
    st.sampled_from("ab é漢🙂.:;=<>\r\n\t\x00\u2028\u202e") | st.characters(codec="utf-8"),
    max_size=120,
)
raw_fields = st.lists(
    st.tuples(
        st.sampled_from(["Subject", "SUBJECT", "To", "X-More", "Cc", "List-Id", "References"]),
        st.lists(st.text("ab:; \t=", max_size=6), min_size=1, max_size=4),
    ),
    max_size=6,
)
raw_lines = st.lists(st.text("ab.= \t", max_size=8), max_size=6)
with_patience = settings(
    max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None
)


@pytest.fixture(scope="module")
def keys() -> tuple[DkimKey, ...]:
    return make_key("s1", DOMAIN), make_key("e1", DOMAIN, KeyKind.ED25519)


def verifies(message: bytes, keys: tuple[DkimKey, ...]) -> bool:
    """Whether another implementation accepts every signature."""
    records = {f"{record_name(key)}.".encode(): public_record(key).encode() for key in keys}

    def look_up(name: bytes, **_: object) -> bytes:
        return records[name]

    return all(dkim.DKIM(message).verify(idx=index, dnsfunc=look_up) for index in range(len(keys)))


def letter(subject: str = "9 entries", name: str = "Paper Round", *, body: str = TEXT) -> bytes:
    headers = MessageHeaders(
        from_name=name,
        from_address=EmailAddress(f"news@{DOMAIN}"),
        to=ADA,
        subject=f"9: {subject}",
        date=PLANNED,
        message_id=f"<a1b2@{DOMAIN}>",
        list_name=name,
        list_domain=DOMAIN,
        owner=EmailAddress("editor@example.org"),
        links=LINKS,
    )
    html = HTML if body is TEXT else f"{body}{HTML}{body}"
    return build(RenderedEmail(subject, body, html), headers)


@given(hostile, hostile.filter(lambda text: "@" not in text), hostile)
@with_patience
def test_whatever_stands_in_a_letter_its_signatures_hold(
    keys: tuple[DkimKey, ...], subject: str, name: str, body: str
) -> None:
    message = Signer(keys).sign(letter(subject, name, body=body), at=PLANNED)
    assert verifies(message, keys)


@given(raw_fields, raw_lines)
@with_patience
def test_whatever_is_signed_verifies(
    keys: tuple[DkimKey, ...], found: list[tuple[str, list[str]]], lines: list[str]
) -> None:
    header = [f"{name}:" + "\r\n ".join(values) + "\r\n" for name, values in found]
    body = [line + "\r\n" for line in lines]
    message = "".join(["From: a@example.org\r\n", *header, "\r\n", *body]).encode()
    assert verifies(Signer(keys).sign(message, at=PLANNED), keys)


def test_a_signed_letter_passes_every_check_of_the_wire(
    keys: tuple[DkimKey, ...], tmp_path: Path
) -> None:
    message = tmp_path / "letter.eml"
    message.write_bytes(Signer(keys).sign(letter(), at=PLANNED))
    rsa, ed25519 = (public_record(key).partition("p=")[2] for key in keys)
    checked = subprocess.run(
        [
            *(sys.executable, str(mailcheck()), str(message), "--from", SENDER, "--to", str(ADA)),
            *("--pub", rsa, "--pub-ed", ed25519, "--postal", POSTAL),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.stdout == f"{message} []\n", checked.stderr
    assert checked.returncode == 0


def mailcheck() -> Path:
    beside = Path(__file__).parents[3] / "shared"
    tool = Path(os.environ.get("NEWSLETTER_SHARED", beside)) / "tools" / "mailcheck.py"
    if not tool.exists():
        pytest.skip(f"{tool} is not here; set NEWSLETTER_SHARED to the folder that has it")
    return tool
