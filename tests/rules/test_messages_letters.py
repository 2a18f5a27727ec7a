"""A whole message: its parts arrive, its octets are the same each time, and the checks pass."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.model import EmailAddress, Letterhead, RenderedEmail, Slot, SubscriberId
from newsletter.rules.addresses import Secrets, edition_id, letter_links, message_id, verp_sender
from newsletter.rules.messages import MessageHeaders, assemble, build, encode_body

POSTAL = "1 Example Street, 12345 Sampletown"
ADA = EmailAddress("ada@example.org")
SECRETS = Secrets((b"a secret of the tests",))
SLOT = Slot(date(2026, 11, 23), datetime(2026, 11, 23, 7, 0, tzinfo=UTC), "Europe/Paris")
EDITION = edition_id(SubscriberId("ada"), SLOT)
HEAD = Letterhead(
    name="Paper Round",
    url="https://news.example.org",
    domain="news.example.org",
    from_address=EmailAddress("news@news.example.org"),
    from_name="Paper Round",
    postal_address=POSTAL,
    owner=EmailAddress("editor@example.org"),
)
TEXT = f"""Grüße, Ada

.
..
From here on: a title <b>&"{{{{x}}}}
https://papers.example/1?a=1&b=2

To unsubscribe, answer with "unsubscribe". {POSTAL}
"""
HTML = f"""<!doctype html>
<html lang="en"><head><title>9 entries</title></head><body>
<p>Grüße, Ada {"no end " * 300}</p>
.
<p><a href="https://papers.example/1?a=1&amp;b=2">a title &lt;b&gt;&amp;"{{{{x}}}}</a></p>
<p>Unsubscribe. {POSTAL}</p></body></html>
"""

hostile = st.text(
    st.sampled_from("ab é漢🙂.=-<>\r\n\t\x00\u2028\u202e\u200b") | st.characters(codec="utf-8"),
    max_size=300,
)


def headers(head: Letterhead = HEAD, subject: str = "9 entries for you") -> MessageHeaders:
    return MessageHeaders(
        from_name=head.from_name,
        from_address=head.from_address,
        to=ADA,
        subject=subject,
        date=SLOT.begins_at,
        message_id=message_id(EDITION, SubscriberId("ada"), SECRETS, head.domain),
        list_name=head.name,
        list_domain=head.domain,
        owner=head.owner,
        links=letter_links(EDITION, SECRETS, head),
    )


def rendered(text: str = TEXT, html: str | None = HTML) -> RenderedEmail:
    return RenderedEmail("9 entries for you", text, html)


def parts(message: bytes) -> list[tuple[str, str]]:
    found = []
    for part in message_from_bytes(message).walk():
        assert not part.defects
        octets = part.get_payload(decode=True)
        if not part.is_multipart():
            assert isinstance(octets, bytes)
            found.append((part.get_content_type(), octets.decode()))
    return found


def as_lines(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    whole = lines if lines.endswith("\n") or not lines else lines + "\n"
    return whole.replace("\n", "\r\n")


@given(hostile, hostile)
def test_both_parts_arrive_text_first(text: str, html: str) -> None:
    message = build(rendered(text, html), headers())
    assert parts(message) == [("text/plain", as_lines(text)), ("text/html", as_lines(html))]
    assert message_from_bytes(message).get_content_type() == "multipart/alternative"


@given(hostile)
def test_text_alone_is_one_part(text: str) -> None:
    message = build(rendered(text, None), headers())
    assert parts(message) == [("text/plain", as_lines(text))]
    assert not message_from_bytes(message).is_multipart()


@given(hostile, hostile)
def test_a_message_is_lines_of_ascii_that_need_no_dot_stuffing(text: str, html: str) -> None:
    message = build(rendered(text, html), headers())
    assert message.isascii()
    assert message.endswith(b"\r\n")
    lines = message.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line or line.startswith(b".") for line in lines)
    assert max(map(len, lines)) <= 998


def test_the_same_letter_is_the_same_octets_and_another_moment_is_another_message() -> None:
    first = build(rendered(), headers())
    assert first == build(rendered(), headers())
    later = replace(headers(), date=SLOT.begins_at + timedelta(seconds=1))
    assert build(rendered(), later).split(b"boundary=")[1] != first.split(b"boundary=")[1]


def test_fragments_encoded_apart_make_the_same_message() -> None:
    lines = HTML.splitlines(keepends=True)
    html = b"".join(encode_body(line) for line in lines)
    assert assemble(headers(), encode_body(TEXT), html) == build(rendered(), headers())


@pytest.fixture
def mailcheck() -> Path:
    beside = Path(__file__).resolve().parents[3] / "shared"
    tool = Path(os.environ.get("NEWSLETTER_SHARED", beside)) / "tools" / "mailcheck.py"
    if not tool.is_file():
        pytest.skip("the shared folder with mailcheck.py is not there")
    return tool


def failed_checks(tool: Path, path: Path, message: bytes, *options: str) -> str:
    """Return what the tool finds, but for the signature, which a later step adds."""
    path.write_bytes(message)
    sender = verp_sender(EDITION, SECRETS, HEAD.domain)
    known = ["--from", sender, "--to", ADA, "--postal", POSTAL, "--literal", "{{x}}"]
    command = [sys.executable, str(tool), str(path), *known, *options]
    report = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return report.removeprefix(f"{path} ").strip()


UNSIGNED = "[('B22', 'no rsa-sha256 DKIM-Signature')]"
SUBJECTS = [
    "9 entries for you",
    "Grüße: 9 Einträge über „Verstärkendes Lernen“ und 漢字 🙂 " * 4,
    "plain words that go on and on " * 8,
    "x" * 300,
    "=?utf-8?q?=0D=0ABcc:?= \r\nBcc: b@example.org \u202e\u200b\x00",
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_letter_passes_every_check_but_for_its_signature(
    mailcheck: Path, tmp_path: Path, subject: str
) -> None:
    name = "Round, Paper “für alle” " * 5
    head = replace(HEAD, from_name=name, name=name)
    message = build(rendered(), headers(head, subject))
    assert failed_checks(mailcheck, tmp_path / "letter.eml", message) == UNSIGNED


def test_a_letter_in_text_passes_too(mailcheck: Path, tmp_path: Path) -> None:
    message = build(rendered(html=None), headers())
    found = failed_checks(mailcheck, tmp_path / "letter.eml", message, "--format", "text")
    assert found == UNSIGNED


def test_a_letter_without_pages_passes_too(mailcheck: Path, tmp_path: Path) -> None:
    message = build(rendered(), headers(replace(HEAD, url=None)))
    assert failed_checks(mailcheck, tmp_path / "letter.eml", message, "--no-web") == UNSIGNED


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(subject=hostile, name=hostile)
def test_hostile_subjects_and_names_pass_too(
    mailcheck: Path, tmp_path: Path, subject: str, name: str
) -> None:
    head = replace(HEAD, from_name=name.replace("@", ""), name=name)
    message = build(rendered(), headers(head, f"Paper {subject}"))
    assert failed_checks(mailcheck, tmp_path / "letter.eml", message) == UNSIGNED
