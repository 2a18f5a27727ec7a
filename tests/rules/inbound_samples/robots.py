"""Automatic answers, and mails of people that look like some."""

from typing import Final

from tests.rules.inbound_samples.received import letter

_AWAY: Final = "I am out of the office until Monday.\n"


def _robot(*fields: str, body: str = _AWAY) -> str:
    return letter(*fields, body=body)


AUTO_REPLIES: Final[dict[str, str]] = {
    "RFC 3834": _robot("Auto-Submitted: auto-replied"),
    "generated": _robot("Auto-Submitted: auto-generated"),
    "with a comment": _robot("Auto-Submitted: auto-replied (vacation)"),
    "with a parameter": _robot("Auto-Submitted: auto-notified; owner-email=x@example.net"),
    "in capitals": _robot("AUTO-SUBMITTED: AUTO-REPLIED"),
    "folded": _robot("Auto-Submitted:\n auto-replied"),
    "an unknown keyword": _robot("Auto-Submitted: no-one-knows"),
    "twice": _robot("Auto-Submitted: no", "Auto-Submitted: auto-replied"),
    "Pigeonhole": _robot("Auto-Submitted: auto-replied (vacation)", "X-Sieve: Pigeonhole"),
    "Gmail": _robot("Auto-Submitted: auto-replied", "Precedence: bulk", "X-Autoreply: yes"),
    "M365": _robot(
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        "Subject: Automatic reply: Your letter",
    ),
    "Exchange 2007": _robot("X-Auto-Response-Suppress: All", "Subject: Out of Office: Your letter"),
    "Exchange in German": _robot(
        "X-Auto-Response-Suppress: DR, OOF", "Subject: Automatische Antwort: Ihr Brief"
    ),
    "Exchange, only its source": _robot(
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent"
    ),
    "cPanel": _robot("X-Autorespond: yes", "Precedence: auto_reply"),
    "Plesk": _robot("Precedence: junk"),
    "bulk": _robot("Precedence: bulk"),
    "a list": _robot("Precedence: list"),
    "a list by its id": _robot("List-Id: Talk <talk.example.net>"),
    "our own letter": _robot("List-Id: Paper Round <letters.news.example.org>"),
    "a newsletter": _robot("List-Unsubscribe: <mailto:leave@example.net>"),
    "vacation(1)": _robot("X-Vacation: yes"),
    "Jira": _robot("Auto-Submitted: auto-generated", "X-JIRA-FingerPrint: 1", "Precedence: bulk"),
    "RT": _robot("X-RT-Loop-Prevention: example", "Subject: [rt #1] AutoReply: Your letter"),
    "OTRS": _robot("X-OTRS-Loop: yes"),
    "osTicket": _robot("X-Autoreply: yes", "X-Auto-Response-Suppress: ALL, AutoReply"),
    "cron": _robot("X-Cron-Env: <SHELL=/bin/sh>"),
    "no-reply": _robot("From: Shop <no-reply@example.net>"),
    "a daemon that reports nothing": _robot("From: MAILER-DAEMON@example.net"),
    "our own X-Loop": _robot("X-Loop: news@news.example.org"),
    "from our own address": _robot("From: Paper Round <news@news.example.org>"),
    "a read receipt": _robot(
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"',
        body="--b\n\nIt was read.\n--b\nContent-Type: message/disposition-notification\n\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n--b--\n",
    ),
}

HUMANS: Final[dict[str, str]] = {
    "plain": letter(),
    "robot in the name": letter("From: Otto Auto-Reply <otto@example.net>"),
    "automatic reply in the name": letter('From: "Automatic reply" <otto@example.net>'),
    "noreply in the name": letter("From: No Reply Records <info@example.net>"),
    "autoreply in the address": letter("From: autoreply.fan@example.net"),
    "out of office in the text": letter(body="I am out of the office until Monday, pause 14d\n"),
    "Exchange that suppresses answers": letter("X-Auto-Response-Suppress: DR, OOF, AutoReply"),
    "an answer to an automatic reply": letter(
        "Subject: Re: Automatic reply: Your letter", "X-Auto-Response-Suppress: DR, RN, NRN, OOF"
    ),
    "a subject like a robot's and no other sign": letter("Subject: Out of office: please pause"),
    "Auto-Submitted: no": letter("Auto-Submitted: no"),
    "Auto-Submitted: no, with a comment": letter("Auto-Submitted: No (by hand)"),
    "X-Autoreply: no": letter("X-Autoreply: no"),
    "priority": letter("Precedence: first-class", "X-Priority: 1", "Importance: high"),
    "a bounce passed on": letter(
        "Subject: Fwd: Undelivered Mail Returned to Sender",
        body="Is this yours?\n\nThis is the mail system at host mx.example.net.\n"
        "<ada@example.net>: 550 5.1.1 user unknown\n",
    ),
    "asks about a failure notice": letter(
        "Subject: failure notice?", body="Hi. This is the third time I ask.\n"
    ),
    "forwarded by procmail": letter("X-Loop: ada@example.net"),
    "spam checked": letter("X-Spam-Status: No", "X-Virus-Scanned: yes", "X-Mailer: Vacation 2"),
    "complains about spam": letter("Subject: complaint about message from you", body="stop\n"),
    "a message attached": letter(
        'Content-Type: multipart/mixed; boundary="b"',
        body="--b\n\nlike 3\n--b\nContent-Type: message/rfc822\n\nAuto-Submitted: auto-generated\n"
        "Subject: 9 entries\n\nhello\n--b--\n",
    ),
    "mailer-daemon in the name": letter("From: The Mailer-Daemon <md@example.net>"),
}
