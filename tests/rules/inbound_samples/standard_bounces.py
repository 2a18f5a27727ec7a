"""Bounces with a delivery-status part, in the shapes of the servers and providers that write them."""

from collections.abc import Iterator
from typing import Final, TypedDict

from newsletter.model import BounceClass
from tests.rules.inbound_samples.reports import group, report

HARD, SOFT, POLICY = BounceClass.HARD, BounceClass.SOFT, BounceClass.POLICY


class _Manner(TypedDict, total=False):
    sender: str
    subject: str
    text: str
    fields: str


_M365: Final[_Manner] = {
    "sender": "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.net>",
    "subject": "Undeliverable: 9 entries for you",
    "text": "Your message to ada@example.net couldn't be delivered.",
}
_MANNERS: Final[dict[str, _Manner]] = {
    "Sendmail": {
        "sender": "Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>",
        "subject": "Returned mail: see transcript for details",
        "text": "   ----- The following addresses had permanent fatal errors -----\n<ada@example.net>",
    },
    "Exim": {
        "subject": "Mail delivery failed: returning message to sender",
        "fields": "X-Failed-Recipients: ada@example.net\n",
        "text": "This message was created automatically by mail delivery software.",
    },
    "Exchange": _M365,
    "M365": _M365,
    "Gmail": {
        "sender": "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "subject": "Delivery Status Notification (Failure)",
        "fields": "X-Failed-Recipients: ada@example.net\n",
        "text": "** Address not found **\n\nYour message wasn't delivered to ada@example.net.",
    },
    "Amazon SES": {
        "sender": "MAILER-DAEMON@amazonses.com",
        "subject": "Delivery Status Notification (Failure)",
        "text": "An error occurred while trying to deliver the mail to ada@example.net.",
    },
    "Mailgun": {"sender": "Mailgun <postmaster@mg.example.net>"},
    "Courier": {
        "sender": '"Courier mail server at mx.example.net" <>',
        "subject": "NOTICE: mail delivery status.",
        "text": "UNDELIVERABLE MAIL\n\n     >>> RCPT TO:<ada@example.net>\n     <<< 550 no",
    },
    "Lotus Notes": {"subject": "DELIVERY FAILURE: User ada not listed in Domino Directory"},
    "GroupWise": {"subject": "Message status - undeliverable"},
}
"""How each of them puts it to people; the others do as Postfix does."""

_ROWS: Final = """\
hard | 5.1.1 | Postfix, unknown user
    smtp; 550 5.1.1 <ada@example.net>: Recipient address rejected: User unknown in virtual
    mailbox table
hard | 5.4.4 | Postfix, unknown domain
    X-Postfix; Host or domain name not found. Name service error for name=exampel.net type=AAAA:
    Host not found
soft | 5.2.2 | Postfix, over quota
    smtp; 552 5.2.2 <ada@example.net>: Mailbox is over quota
soft | 4.4.1 | Postfix, timed out for five days
    X-Postfix; connect to mx.example.net[192.0.2.1]:25: Connection timed out
policy | 5.7.1 | Postfix, block list
    smtp; 554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org
policy | 5.1.1 | Postfix, blocked under the wrong status
    smtp; 550 5.1.1 blocked using zen.spamhaus.org
policy | 5.3.4 | Postfix, too large
    smtp; 552 5.3.4 Message size exceeds fixed limit
soft | 4.1.1 | Postfix, unknown user for five days
    smtp; 450 4.1.1 <ada@example.net>: Recipient address rejected: User unknown
policy | 5.1.8 | Postfix, sender's domain is not known there
    smtp; 550 5.1.8 <x@news.example.org>: Sender address rejected: Domain not found
soft | 4.2.0 | Postfix, greylisted to the end
    smtp; 450 4.2.0 <ada@example.net>: Recipient address rejected: Greylisted
soft | 4.3.1 | Postfix, disk full over there
    smtp; 452 4.3.1 Insufficient system storage
hard | 5.1.1 | Sendmail, unknown user
    SMTP; 550 5.1.1 <ada@example.net>... User unknown
hard | 5.1.2 | Sendmail, unknown host
soft | 4.4.7 | Sendmail, five days
    SMTP; 421 4.4.1 Connection timed out
hard | 5.0.0 | Exim, unknown user
    smtp; 550 No such user here
soft | 5.0.0 | Exim, retries spent
    smtp; 451 4.3.0 retry timeout exceeded: try again later
soft | 5.0.0 | Exim, mailbox full
    smtp; 552 Mailbox full, message of 30 kB refused
policy | 5.0.0 | Exim, content refused
    smtp; 550 This message was classified as SPAM and may not be delivered
hard | 5.1.1 | Exchange 2003 with a plain status
hard | 5.1.1 | Exchange, not found in the directory
    smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; not found
hard | 5.1.10 | M365, recipient not found
    smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ada@example.net not found by SMTP
    address lookup
hard | 5.4.1 | M365, refused at the edge
    smtp;550 5.4.1 Recipient address rejected: Access denied. AS(201806281)
hard | 5.4.310 | M365, domain does not exist
    smtp;550 5.4.310 DNS domain exampel.net does not exist [Message=InfoDomainNonexistent]
soft | 5.2.2 | M365, mailbox full
    smtp;554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException
soft | 5.4.300 | M365, expired
    smtp;550 5.4.300 Message expired -> 451 4.4.0 Primary target IP address failed
policy | 5.7.606 | M365, banned sending address
    smtp;550 5.7.606 Access denied, banned sending IP [192.0.2.9]
policy | 5.7.133 | M365, only for members
    smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup
soft | 5.4.14 | M365, a loop
    smtp;554 5.4.14 Hop count exceeded - possible mail loop
hard | 5.5.0 | Outlook.com, mailbox unavailable
    smtp;550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)
hard | 5.1.1 | Gmail, no such user
    smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
    550-5.1.1 double-checking the address. 550 5.1.1
    https://support.google.com/mail/?p=NoSuchUser
hard | 5.2.1 | Gmail, disabled
    smtp; 550 5.2.1 The email account that you tried to reach is disabled.
soft | 5.2.2 | Gmail, out of space
    smtp; 552-5.2.2 The recipient's inbox is out of storage space.
soft | 5.2.1 | Gmail, too much at once
    smtp; 550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents
    additional messages from being delivered.
policy | 5.7.26 | Gmail, DMARC
    smtp; 550-5.7.26 Unauthenticated email from news.example.org is not accepted due to domain's
    DMARC policy.
policy | 5.7.1 | Gmail, looks like spam
    smtp; 550-5.7.1 Our system has detected that this message is likely unsolicited mail.
hard | 5.1.2 | Gmail, domain has no mail
    smtp; DNS Error: DNS type 'mx' lookup of exampel.net responded with code NXDOMAIN
hard | 5.0.0 | Yahoo, no such mailbox
    smtp; 554 delivery error: dd This user doesn't have a yahoo.com account (ada@example.net)
    [-5]
policy | 5.7.9 | Yahoo, policy
    smtp; 554 5.7.9 Message not accepted for policy reasons.
hard | 5.1.1 | Amazon SES, unknown user
    smtp; 550 5.1.1 user unknown
hard | 5.1.1 | Amazon SES, on its own suppression list
    smtp; 550 5.1.1 Amazon SES did not send the message: the address does not exist
soft | 4.4.7 | Amazon SES, could not reach it
    smtp; 550 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.0 Unable to
    lookup DNS>
hard | 5.1.1 | Mailgun, no such person
    smtp; 550 5.1.1 No such person at this address
hard | 5.0.0 | Courier, unknown user
    smtp; 550 User unknown.
hard | 5.1.0 | IronPort, its one status for all, unknown user
    smtp; 5.1.0 - Unknown address error 550-'5.1.1 User unknown' (delivery attempts: 0)
policy | 5.1.0 | IronPort, its one status for all, policy
    smtp; 5.1.0 - Unknown address error 554-'5.7.1 Message refused'
soft | 5.1.0 | IronPort, its one status for all, nothing else
    smtp; 5.1.0 - Unknown address error 550-'see our web page'
hard | 5.0.0 | Barracuda, unknown user
    smtp; host mx.ess.barracudanetworks.com said: 550 permanent failure (ada@example.net:550
    5.1.1 user unknown)
hard | 5.0.0 | Mimecast, unknown user
    smtp; 550 Invalid Recipient - https://community.mimecast.com/docs#550
policy | 5.7.0 | Proofpoint, blocked sender
    smtp; 554 5.7.0 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.9
policy | 5.0.0 | GMX, block by reputation
    smtp; 554-Transaction failed. Reject due to policy restrictions.
hard | 5.1.1 | Apple, mailbox unknown
    smtp; 550 5.1.1 <ada@example.net>: user does not exist
soft | 5.2.2 | Apple, over quota
    smtp; 552 5.2.2 <ada@example.net>: user is over quota
hard | 5.0.0 | Lotus Notes, not in the directory
    X-Notes; User ada (ada@example.net) not listed in Domino Directory
hard | 5.1.1 | GroupWise, unknown user
    smtp; 550 No such recipient
hard | 5.1.10 | Null MX
    smtp; 556 5.1.10 Domain does not accept mail (nullMX)
hard | 5.7.17 | the address has a new owner
    smtp; 550 5.7.17 Mailbox owner has changed
"""
"""Class, status and name of each, and below them its Diagnostic-Code, folded as it is here."""


def _samples() -> Iterator[tuple[str, tuple[str, BounceClass]]]:
    for row in _ROWS.replace("\n    ", "\0").splitlines():
        head, *lines = row.split("\0")
        kind, status, name = head.split(" | ")
        manner = _MANNERS.get(name.partition(",")[0], _Manner())
        yield name, (report(group(status, "\n    ".join(lines)), **manner), BounceClass(kind))


_EXIM_TEXT: Final = """\
This message was created automatically by mail delivery software.

  ada@example.net
    Unrouteable address
"""
_OTHER: Final = "b@example.net"

STANDARD_BOUNCES: Final[dict[str, tuple[str, BounceClass]]] = {
    **dict(_samples()),
    "Exim, reason only in the text": (report(group("5.0.0"), text=_EXIM_TEXT), HARD),
    "Postfix, headers only and RFC 6533": (
        report(group("5.1.1"), copy_type="message/global-headers"),
        HARD,
    ),
    "reason behind the status": (report(group("5.0.0 (no such mailbox)")), HARD),
    "a status and no action": (report(group("5.1.1", action="")), HARD),
    "no status at all": (report(group("", "smtp; 550 no such user")), HARD),
    "nothing but an action": (report(group("")), SOFT),
    "failed beside relayed": (
        report(group("2.0.0", action="relayed", address=_OTHER), group("5.1.1")),
        HARD,
    ),
    "the mildest of two failures": (
        report(group("5.1.1", address=_OTHER), group("5.2.2", "smtp; 552 full")),
        SOFT,
    ),
    "lines that end in CR LF": (report(group("5.1.1")).replace("\n", "\r\n"), HARD),
}

NO_FAILURES: Final[dict[str, str]] = {
    "Postfix, delayed": report(
        group("4.4.1", action="delayed"), subject="Delayed Mail (still being retried)"
    ),
    "Sendmail, four hours": report(
        group("4.4.1", action="delayed"), subject="Warning: could not send message for past 4 hours"
    ),
    "Gmail, delayed": report(
        group("4.4.1", action="delayed"), subject="Delivery Status Notification (Delay)"
    ),
    "relayed": report(group("2.0.0", action="relayed"), subject="Delivery Notification"),
    "delivered": report(group("2.0.0", action="delivered"), subject="Delivered: 9 entries"),
    "expanded": report(group("2.0.0", action="expanded (to a list)"), subject="Expanded"),
    "success without an action": report(group("2.1.5", action="")),
}
