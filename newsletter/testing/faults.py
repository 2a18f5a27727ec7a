"""What goes wrong at a next hop, chosen by the local part of an address.

PHASE is `mail`, `rcpt`, `data` or `end` (the final dot). Faults at `mail` are chosen by the sender,
all others by the recipient.

| local part | what happens |
| --- | --- |
| `550`, `450-at-data`, `552-5.2.2-at-end` | that code and status; at `rcpt` unless it says otherwise |
| `421-at-PHASE` | the same, and the connection ends |
| `drop-at-PHASE` | the connection ends in place of an answer; at `end` nothing was taken |
| `drop-at-body` | the connection ends after the 354 |
| `silent-at-PHASE` | there is never an answer |
| `garbage-at-PHASE` | the answer is no SMTP |
| `endless-at-PHASE` | the answer has more lines than anybody should read |
| `overlong-at-PHASE` | the answer is one line of 8 kB |
| `shifting-at-PHASE` | the lines of the answer have different codes |
| `cut-at-PHASE` | the connection ends in the middle of the answer |
| `odd-at-PHASE` | the answer is of the wrong class: 250 to DATA, 354 to the others |
| `extra-at-mail`, `extra-at-rcpt` | the answer comes twice, so that all later ones are one too late |
| `early-reply`, `early-552` | 452, or that code, before the final dot; for a while nobody reads on |
| `greylist-2` | 451 4.7.1 at `rcpt` for the first 2 tries |
| `lost-ack` | the message is taken, and the connection ends in place of the 250 |
| `slow-ack` | taken, and the 250 comes late |
| `close-after-ack` | taken and told, and then the connection ends |
| `421-after-ack` | the same, with a 421 that nobody asked for |
| `tarpit` | taken, each answer octet by octet |
| `multiline` | taken, each answer on many lines |
| `nonascii-reply` | taken, with UTF-8, Latin-1 and control characters in the answers |
| `bare-reply` | taken, each answer a code without words |
| `linefeed-reply` | taken, each answer ends in LF alone |

`-N` at the end limits a fault to the first N tries of that address: `drop-at-data-1`. What follows a
`+` or a dot is ignored, so that one test can have many different addresses: `550-5.1.1.ada@example.org`.
What a server does to everybody is a matter of its `Manners`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from newsletter.model import SmtpPhase


class FaultKind(StrEnum):
    """How a command is answered badly, or strangely."""

    CODE = "code"
    DROP = "drop"
    SILENT = "silent"
    GARBAGE = "garbage"
    ENDLESS = "endless"
    OVERLONG = "overlong"
    SHIFTING = "shifting"
    CUT = "cut"
    ODD = "odd"
    EXTRA = "extra"
    EARLY = "early"
    LOST_ACK = "lost-ack"
    SLOW_ACK = "slow-ack"
    CLOSE_AFTER_ACK = "close-after-ack"
    BUSY_AFTER_ACK = "421-after-ack"
    TARPIT = "tarpit"
    MULTILINE = "multiline"
    NONASCII = "nonascii-reply"
    BARE = "bare-reply"
    LINEFEED = "linefeed-reply"


TAKEN: Final = frozenset(
    {
        FaultKind.LOST_ACK,
        FaultKind.SLOW_ACK,
        FaultKind.CLOSE_AFTER_ACK,
        FaultKind.BUSY_AFTER_ACK,
        FaultKind.TARPIT,
        FaultKind.MULTILINE,
        FaultKind.NONASCII,
        FaultKind.BARE,
        FaultKind.LINEFEED,
    }
)
"""With these the message is taken all the same."""

MANNERS_OF_SPEECH: Final = frozenset(
    {
        FaultKind.TARPIT,
        FaultKind.MULTILINE,
        FaultKind.NONASCII,
        FaultKind.BARE,
        FaultKind.LINEFEED,
    }
)
"""These colour every answer about a recipient."""

_PHASES: Final = {
    "mail": SmtpPhase.MAIL,
    "rcpt": SmtpPhase.RCPT,
    "data": SmtpPhase.DATA,
    "body": SmtpPhase.BODY,
    "end": SmtpPhase.END_OF_DATA,
}
_TIMES: Final = r"(?:-(?P<times>[1-9]))?(?:[.+]|@|$)"
_BY_CODE: Final = re.compile(
    r"(?P<code>[2-5]\d\d)(?:-(?P<status>[245]\.\d{1,3}\.\d{1,3}))?"
    rf"(?:-at-(?P<phase>mail|rcpt|data|end))?{_TIMES}"
)
_BY_KIND: Final = re.compile(
    r"(?P<kind>drop|silent|garbage|endless|overlong|shifting|cut|odd|extra)"
    rf"-at-(?P<phase>mail|rcpt|data|(?<=drop-at-)body|end){_TIMES}"
)
_EARLY: Final = re.compile(rf"early-(?P<code>reply|[2-5]\d\d){_TIMES}")
_GREYLIST: Final = re.compile(rf"greylist{_TIMES}")
_TAKEN: Final = re.compile(rf"(?P<kind>{'|'.join(sorted(TAKEN))}){_TIMES}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, and where. `code` is 0 unless an answer has one.

    `times` bounds the tries of one address for which it goes wrong; 0: for all.
    """

    kind: FaultKind
    phase: SmtpPhase
    code: int = 0
    status: str = ""
    times: int = 0

    @property
    def text(self) -> str:
        """The words beside the code, with the RFC 3463 status that was asked for or fits its class."""
        return f"{self.status or f'{self.code // 100}.0.0'} as the test wished"

    def concerns(self, attempt: int) -> bool:
        """Whether it goes wrong at try number `attempt` (from 1)."""
        return not self.times or attempt <= self.times


def fault_of(address: str) -> Fault | None:
    """Return the fault that `address` asks for; None: all goes well."""
    if found := _BY_CODE.match(address):
        phase = _PHASES[found["phase"] or "rcpt"]
        status = found["status"] or ""
        return Fault(FaultKind.CODE, phase, int(found["code"]), status, _times(found))
    if found := _BY_KIND.match(address):
        return Fault(FaultKind(found["kind"]), _PHASES[found["phase"]], times=_times(found))
    if found := _EARLY.match(address):
        code = 452 if found["code"] == "reply" else int(found["code"])
        return Fault(FaultKind.EARLY, SmtpPhase.BODY, code, times=_times(found))
    if found := _GREYLIST.match(address):
        return Fault(FaultKind.CODE, SmtpPhase.RCPT, 451, "4.7.1", _times(found))
    if found := _TAKEN.match(address):
        return Fault(FaultKind(found["kind"]), SmtpPhase.END_OF_DATA, times=_times(found))
    return None


def _times(found: re.Match[str]) -> int:
    return int(found["times"] or 0)
