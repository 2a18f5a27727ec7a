"""Delivery reports as mail servers write them, from a few words each."""

from typing import Final

from tests.rules.inbound_samples.received import VERP

READER: Final = "ada@example.net"
COPY: Final = """\
Return-Path: <bounce+token@news.example.org>
From: Paper Round <news@news.example.org>
To: ada@example.net
Subject: 9 entries: spam filters, blocked users and full mailboxes
Message-ID: <e1.abc@news.example.org>
List-Unsubscribe: <https://news.example.org/unsubscribe/tok>,
 <mailto:unsubscribe+tok@news.example.org>
"""


def group(
    status: str, diagnosis: str = "", *, action: str = "failed", address: str = READER
) -> str:
    """Write the fields about one recipient."""
    lines = [f"Final-Recipient: rfc822; {address}"]
    lines += [f"Action: {action}"] if action else []
    lines += [f"Status: {status}"] if status else []
    lines += [f"Diagnostic-Code: {diagnosis}"] if diagnosis else []
    return "\n".join(lines) + "\n"


def report(
    *groups: str,
    text: str = "The message did not arrive.",
    sender: str = "Mail Delivery System <MAILER-DAEMON@mx.example.net>",
    subject: str = "Undelivered Mail Returned to Sender",
    fields: str = "",
    copy_type: str = "message/rfc822",
) -> str:
    """Write a report of RFC 3464 with these groups about recipients."""
    about_recipients = "\n".join(groups)
    return f"""\
Return-Path: <>
From: {sender}
To: {VERP}
Subject: {subject}
Date: Mon, 23 Nov 2026 09:00:00 +0000
Message-ID: <r1@mx.example.net>
Auto-Submitted: auto-replied
{fields}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="=_cut/here"

--=_cut/here
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{text}

--=_cut/here
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Mon, 23 Nov 2026 08:59:00 +0000

{about_recipients}
--=_cut/here
Content-Type: {copy_type}

{COPY}
--=_cut/here--
"""


def plain_report(
    text: str,
    *,
    sender: str = "Mail Delivery System <MAILER-DAEMON@mx.example.net>",
    subject: str = "failure notice",
    fields: str = "",
    content_type: str = "text/plain; charset=utf-8",
) -> str:
    """Write a report that is nothing but text."""
    return f"""\
Return-Path: <>
From: {sender}
To: {VERP}
Subject: {subject}
Date: Mon, 23 Nov 2026 09:00:00 +0000
{fields}MIME-Version: 1.0
Content-Type: {content_type}
Content-Transfer-Encoding: 8bit

{text}
"""
