"""Bounces that are text for people only, in the shapes and languages of those who write them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from newsletter.model import BounceClass
from tests.rules.inbound_samples.reports import COPY, plain_report

_DAEMON: Final = "Mail Delivery System <MAILER-DAEMON@mx.example.net>"


@dataclass(frozen=True)
class _Manner:
    """How one of them writes; `text` has a hole for the reason."""

    text: str
    subject: str = "failure notice"
    sender: str = _DAEMON
    fields: str = ""
    content_type: str = "text/plain; charset=utf-8"


_QMAIL: Final = """\
Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ada@example.net>:
{reason}

--- Below this line is a copy of the message.

"""
_EXIM: Final = """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ada@example.net
    {reason}

------ This is a copy of the message, including all the headers. ------

"""
_POSTFIX: Final = """\
This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not be delivered.

<ada@example.net>: {reason}
"""
_YAHOO: Final = """\
Sorry, we were unable to deliver your message to the following address.

<ada@example.net>:
{reason}

--- Original message follows.

"""
_DOMINO: Final = """\
Your message

  Subject: 9 entries for you

was not delivered to:

  ada@example.net

because:

  {reason}
"""
_GROUPWISE: Final = "The message that you sent was undeliverable to the following:\n\t{reason}\n"
_EXCHANGE_55: Final = """\
Your message

  To: ada@example.net

did not reach the following recipient(s):

ada@example.net on Mon, 23 Nov 2026
    {reason}
"""
_MDAEMON: Final = "The attached message had PERMANENT fatal delivery errors!\n\n{reason}\n"
_HTML: Final = "<html><body><p>Your mail could not be delivered.</p><p>{reason}</p></body></html>"
_STATUS_SUBJECT: Final = "Message status - undeliverable"
_EXIM_FIELDS: Final = "X-Failed-Recipients: ada@example.net\nAuto-Submitted: auto-replied\n"
_HTML_TYPE: Final = "text/html; charset=utf-8"

_MANNERS: Final = {
    "qmail": _Manner(_QMAIL + COPY),
    "Exim": _Manner(_EXIM + COPY, "Mail delivery failed: returning message", fields=_EXIM_FIELDS),
    "Postfix": _Manner(_POSTFIX, "Undelivered Mail Returned to Sender"),
    "Postfix as it is named": _Manner(_POSTFIX, sender="Mail Delivery System <MAILER-DAEMON>"),
    "Yahoo": _Manner(_YAHOO + COPY),
    "Domino": _Manner(_DOMINO, "DELIVERY FAILURE: User ada not listed"),
    "GroupWise": _Manner(_GROUPWISE, _STATUS_SUBJECT, sender="Mailer-Daemon@example.net"),
    "Exchange 5.5": _Manner(_EXCHANGE_55, sender="System Administrator <postmaster@example.net>"),
    "MDaemon": _Manner(_MDAEMON, "Permanent Delivery Failure", sender="MDAEMON@example.net"),
    "html": _Manner(_HTML, "Undeliverable mail", content_type=_HTML_TYPE),
}

_ROWS: Final = """\
hard | qmail | no mailbox
    Sorry, no mailbox here by that name. (#5.1.1)
hard | qmail | the other side's words
    192.0.2.1 does not like recipient.
    Remote host said: 550 user unknown
    Giving up on 192.0.2.1.
hard | qmail | no host
    Sorry, I couldn't find any host named exampel.net. (#5.1.2)
soft | qmail | too long in its queue
    Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)
    I'm not going to try again; this message has been in the queue too long.
soft | qmail | quota
    Remote host said: 552 user over quota
soft | qmail | nothing to go by
    Remote host said: 550 sorry
soft | qmail | vpopmail's quota
    The user(s) account is temporarily over quota.
policy | qmail | spam
    Remote host said: 554 rejected as spam
hard | Exim | unrouteable
    Unrouteable address
hard | Exim | its callee's words
    SMTP error from remote mail server after RCPT TO:<ada@example.net>:
    550 5.1.1 User unknown
soft | Exim | mailbox full
    mailbox is full: retry timeout exceeded
policy | Exim | block list
    SMTP error from remote mail server after MAIL FROM:
    554 192.0.2.9 is on a blacklist
policy | Exim | sender verify
    550 Sender verify failed
hard | Postfix | unknown
    unknown user: "ada"
policy | Postfix | relay denied
    host mx.example.net said: 554 Relay access denied
hard | Postfix as it is named | no From address
    550 5.1.1 unknown
hard | Yahoo | no account
    554: delivery error: dd This user doesn't have a yahoo.com account
hard | Yahoo | disabled
    554: delivery error: dd Sorry, this mailbox is disabled (554.30).
hard | Domino | not listed
    User ada (ada@example.net) not listed in Domino Directory
hard | Domino | no route
    No route found to domain exampel.net: unknown domain
hard | GroupWise | unknown
    ada (user not found)
soft | GroupWise | full
    ada (mailbox is full)
hard | Exchange 5.5 | unknown
    The recipient name is not recognized
hard | MDaemon | unknown
    <ada@example.net>: 550 <ada@example.net> no such user here
hard | html | unknown
    550 5.1.1 The mailbox you try to reach does not exist
soft | html | entities
    &lt;ada@example.net&gt;:&nbsp;552&nbsp;mailbox&nbsp;full
hard | German | Unzustellbar: 9 Beiträge
    Ihre Nachricht konnte nicht zugestellt werden.
    ada@example.net: Der Empfänger ist hier unbekannt.
soft | German | Nachricht wurde nicht zugestellt
    Das Postfach des Empfängers ist voll.
hard | French | Non remis : 9 articles
    L'adresse ada@example.net est introuvable.
soft | French | Échec de la remise
    La boîte aux lettres du destinataire est pleine.
hard | Spanish | No se puede entregar: 9 artículos
    La dirección ada@example.net no existe.
soft | Spanish | Error de entrega
    El buzón del destinatario está lleno.
hard | Italian | Mancata consegna
    L'indirizzo ada@example.net non esiste.
hard | Portuguese | Não foi possível entregar: 9 artigos
    O endereço ada@example.net não foi encontrado.
hard | Dutch | Onbestelbaar: 9 artikelen
    Het adres ada@example.net bestaat niet.
soft | Polish | Niedostarczone: 9 wpisów
    Skrzynka odbiorcy jest przepełniona.
hard | Russian | Сообщение не доставлено
    Пользователь ada@example.net не найден.
hard | Japanese | 配信エラー
    宛先 ada@example.net は存在しません。
hard | Chinese | 系统退信
    收件人 ada@example.net 不存在。
soft | Chinese | 系统退信 (2)
    收件人 ada@example.net 的邮箱已满。
"""
"""Class, whose manner, and a name; below them the reason. A language's name is its subject."""


def _samples() -> Iterator[tuple[str, tuple[str, BounceClass]]]:
    for row in _ROWS.replace("\n    ", "\0").splitlines():
        head, *lines = row.split("\0")
        kind, whose, name = head.split(" | ")
        manner = _MANNERS.get(whose) or _Manner("{reason}", name, "postmaster@example.net")
        raw = plain_report(
            manner.text.format(reason="\n".join(lines)),
            sender=manner.sender,
            subject=manner.subject,
            fields=manner.fields,
            content_type=manner.content_type,
        )
        yield f"{whose}, {name}", (raw, BounceClass(kind))


TEXT_BOUNCES: Final[dict[str, tuple[str, BounceClass]]] = dict(_samples())

TEXT_DELAYS: Final[dict[str, str]] = {
    "Exim": plain_report(
        "This message was created automatically by mail delivery software.\n\n"
        "A message that you sent has not yet been delivered after more than 24 hours.\n"
        "Delivery attempts will continue for some time.\n",
        subject="Warning: message 1abc delayed 24 hours",
    ),
    "qmail": plain_report(
        "Hi. This is the qmail-send program. I have not been able to deliver your message yet.\n"
        "I will keep trying; you do not need to resend it.\n",
        subject="delayed notice",
    ),
}
