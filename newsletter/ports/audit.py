"""Where it is kept what operators did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NewType, Protocol

AuditId = NewType("AuditId", int)


@dataclass(frozen=True, slots=True)
class Deed:
    """What one operator did, or tried.

    `actor` is who (a name that a proxy vouched for, or a session and the network it came from).
    `subject` is what it was done to: `message 12`, `source arxiv`, `lane domain example.org`,
    `person 3f2a…`. It names no address, so that who is erased does not live on here. `detail` says
    how it ended.
    """

    actor: str
    action: str
    subject: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A deed under its number, which grows with each, and when it was done."""

    id: AuditId
    at: datetime
    deed: Deed


class AuditBook(Protocol):
    """What operators did. It only grows: there is no way to change a line or to take one out.

    What is old goes with all else that is (`Archive.purge`), and who is erased is no longer named.
    """

    def note(self, deed: Deed, *, now: datetime) -> AuditId:
        """Write a line and return its number. Texts are cut at a thousand characters."""
        ...

    def get(self, number: AuditId) -> AuditLine | None:
        """Return one line; None: there is none with that number."""
        ...

    def latest(self, *, limit: int, below: AuditId | None = None) -> Sequence[AuditLine]:
        """Return lines, the latest first: those with a number below that one (None: all)."""
        ...

    def has(self, action: str, subject: str, *, since: datetime) -> bool:
        """Whether that was done to that since then. It reads no further back."""
        ...
