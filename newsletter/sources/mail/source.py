"""The source: mails that came to an address of its own, pulled out of a postbag."""

from dataclasses import dataclass, field, replace
from typing import Final

from newsletter.errors import InboundError
from newsletter.model import (
    EmailAddress,
    InboundId,
    InboundMail,
    InboundMessage,
    Pull,
    PullOrder,
    PullStep,
    SourceName,
    SourceState,
    Submission,
)
from newsletter.ports import Postbag
from newsletter.rules.inbound import read_mail
from newsletter.sources.gathering import Gathering
from newsletter.sources.mail.announcing import Envelope
from newsletter.sources.mail.reading import Reading, read_entries
from newsletter.sources.plaintext import cut, one_line

MOST_MAILS: Final = 300
"""Of one pull; those beyond come with the next."""
_AT_ONCE: Final = 10
"""Whole mails in memory: each can have a megabyte."""
_LONGEST_SUBJECT: Final = 60
_LONGEST_NUMBER: Final = 18


@dataclass(frozen=True, slots=True)
class MailSource:
    """Newsletters that were subscribed to, and entries that people hand in.

    `addresses` are where mail for it is sent: the first is to be given to people, others are of
    older keys and still good.
    """

    name: SourceName
    postbag: Postbag
    addresses: tuple[EmailAddress, ...]
    topics: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`mail`."""
        return "mail"

    @property
    def address(self) -> EmailAddress:
        """Where to subscribe newsletters, and to hand entries in. Who knows it can hand in."""
        return self.addresses[0]

    def pull(self, order: PullOrder) -> Pull:
        """Return the entries of the mails that came since the last pull, at most of 300 mails.

        A mail that cannot be read is a problem, and is not read again.
        """
        read = _number(order.memory.get("read", ""))
        self.postbag.let_go(self.name, read)
        gathered = _Gathered()
        last = read
        for _ in range(MOST_MAILS // _AT_ONCE):
            mails = self.postbag.since(self.name, last, limit=_AT_ONCE)
            for one in mails:
                gathered.take(*self._read(one), order)
                last = one.number
            if len(mails) < _AT_ONCE:
                break
        return gathered.pull(self, since=read, last=last)

    def look(self, mail: InboundMail, message: InboundMessage) -> Reading:
        """Return what a pull would make of a mail that has just come in."""
        tokens = (one.partition("@")[0].rpartition("+")[2] for one in self.addresses)
        envelope = Envelope(self.name, message.received_at, self.topics, tuple(tokens))
        return read_entries(mail, envelope)

    def _read(self, one: Submission) -> tuple[str, Reading]:
        message = InboundMessage(InboundId(one.number), one.raw, None, None, one.received_at)
        where = f"mail of {one.received_at:%Y-%m-%d %H:%M}"
        try:
            mail = read_mail(message)
            where += f' "{cut(one_line(mail.subject), _LONGEST_SUBJECT)}"'
            return where, self.look(mail, message)
        except InboundError as error:
            return where, Reading(problems=(str(error),))
        except Exception as error:  # noqa: BLE001 - a fault of ours at one mail must not stop all later ones
            return where, Reading(problems=(f"it cannot be read: {type(error).__name__}: {error}",))


@dataclass(slots=True)
class _Gathered:
    """What the mails of one pull gave so far."""

    found: Gathering = field(default_factory=Gathering)
    mails: int = 0
    unlinked: int = 0

    def take(self, where: str, reading: Reading, order: PullOrder) -> None:
        order.on_step(PullStep(f"{where}: {_count(len(reading.entries), 'entry', 'entries')}"))
        self.mails += 1
        self.unlinked += reading.unlinked
        self.found.problems += [f"{where}: {problem}" for problem in reading.problems]
        for entry in reading.entries:
            self.found.take(entry, "")

    def pull(self, source: MailSource, *, since: int, last: int) -> Pull:
        memory = {"read": str(last)}
        if not self.mails:
            is_first = since == 0
            verdict = SourceState.EMPTY if is_first else SourceState.UNCHANGED
            note = f"no mail has come to {source.address} yet" if is_first else "no new mail"
            return Pull((), verdict=verdict, note=note)
        pull = self.found.pull("no entry in the mails that came", memory)
        return replace(pull, note=pull.note or self._note())

    def _note(self) -> str:
        told = _count(self.mails, "mail", "mails")
        if self.unlinked:
            told += f", {self.unlinked} entries without a link: theirs led to a counter of clicks"
        return told


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else 0
