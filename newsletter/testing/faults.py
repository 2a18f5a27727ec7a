"""What goes wrong at a next hop, chosen by the local part of an address.

| local part begins with | what happens |
| --- | --- |
| `rcpt550`, `data451`, `dot552`, … | that command (`dot`: the final dot) is answered with that code |
| `drop-at-rcpt`, … | the connection ends in place of an answer |
| `silent-at-data`, … | there is never an answer |
| `garbage-at-dot`, … | the answer is no SMTP |
| `endless-at-rcpt`, … | the answer has more lines than anybody should read |
| `busy-at-rcpt`, … | 421, and the connection ends |
| `early552`, … | that code comes before the final dot, and the rest of the message is not read |

Faults at `mail` are chosen by the sender, all others by the recipient. What follows a `+` or a dot
is ignored, so that one test can have many different addresses:
`rcpt550.ada@example.org`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from newsletter.model import SmtpPhase


class FaultKind(StrEnum):
    """How a command is answered badly."""

    CODE = "code"
    DROP = "drop"
    SILENT = "silent"
    GARBAGE = "garbage"
    ENDLESS = "endless"
    BUSY = "busy"
    EARLY = "early"


_PHASES: Final = {
    "mail": SmtpPhase.MAIL,
    "rcpt": SmtpPhase.RCPT,
    "data": SmtpPhase.DATA,
    "dot": SmtpPhase.END_OF_DATA,
}
_BY_CODE: Final = re.compile(r"(mail|rcpt|data|dot)([2-5]\d\d)(?:[.+]|@)")
_EARLY: Final = re.compile(r"early([45]\d\d)(?:[.+]|@)")
_BY_KIND: Final = re.compile(
    r"(drop|silent|garbage|endless|busy)-at-(mail|rcpt|data|dot)(?:[.+]|@)"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, and where. `code` is 0 unless an answer has one."""

    kind: FaultKind
    phase: SmtpPhase
    code: int = 0

    @property
    def text(self) -> str:
        """The words beside the code, with the RFC 3463 status that fits its class."""
        return f"{self.code // 100}.0.0 as the test wished"


def fault_of(address: str) -> Fault | None:
    """Return the fault that `address` asks for; None: all goes well."""
    if found := _BY_CODE.match(address):
        return Fault(FaultKind.CODE, _PHASES[found[1]], int(found[2]))
    if found := _EARLY.match(address):
        return Fault(FaultKind.EARLY, SmtpPhase.BODY, int(found[1]))
    if found := _BY_KIND.match(address):
        kind = FaultKind(found[1])
        return Fault(kind, _PHASES[found[2]], 421 if kind is FaultKind.BUSY else 0)
    return None
