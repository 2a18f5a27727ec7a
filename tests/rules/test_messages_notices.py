"""A message to the owner: plain, marked as a program's, and safe from what a server said."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from newsletter.errors import MessageError
from newsletter.rules.messages import Notice, write_notice
from newsletter.testing.plans import LETTERHEAD

NOTICE = Notice(
    "[Paper Round] gmail.com refuses letters",
    ("It said: 550 5.7.1 nein, große Datei", "Do this.", "."),
    datetime(2026, 11, 23, 7, tzinfo=UTC),
    "<alarm.1@news.example.org>",
)


def test_a_notice_arrives_as_it_was_written() -> None:
    octets = write_notice(NOTICE, LETTERHEAD)
    message = message_from_bytes(octets, policy=default)
    assert message.get_content().splitlines() == [
        "It said: 550 5.7.1 nein, große Datei", "", "Do this.", "", ".",
    ]  # fmt: skip
    assert message["From"] == "Paper Round <news@news.example.org>"
    assert message["To"] == LETTERHEAD.owner
    assert message["Date"] == "Mon, 23 Nov 2026 07:00:00 +0000"
    assert message["Message-ID"] == NOTICE.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert octets == write_notice(NOTICE, LETTERHEAD)
    assert octets.isascii()
    assert not any(line.startswith(b".") for line in octets.split(b"\r\n"))


def test_what_a_server_said_cannot_add_lines() -> None:
    hostile = replace(
        NOTICE, subject="x\r\nBcc: eve@example.org", paragraphs=("a\r\n\r\nb\0\u202ec",)
    )
    message = message_from_bytes(write_notice(hostile, LETTERHEAD), policy=default)
    assert message["Bcc"] is None
    assert message["Subject"] == "x Bcc: eve@example.org"
    assert message.get_content().strip() == "a bc"


def test_a_name_that_is_no_message_id_is_refused() -> None:
    with pytest.raises(MessageError):
        write_notice(replace(NOTICE, message_id="x"), LETTERHEAD)
