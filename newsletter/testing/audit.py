"""What operators did, in memory."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from newsletter.ports import AuditId, AuditLine, Deed

_LONGEST: Final = 1000


class MemoryAudit:
    """The AuditBook port."""

    def __init__(self) -> None:
        self._lines: list[AuditLine] = []

    def note(self, deed: Deed, *, now: datetime) -> AuditId:
        """Write a line and return its number."""
        cut = replace(deed, subject=deed.subject[:_LONGEST], detail=deed.detail[:_LONGEST])
        number = AuditId(len(self._lines) + 1)
        self._lines.append(AuditLine(number, now, cut))
        return number

    def drop(self, before: datetime) -> int:
        """Forget lines that are older; return how many. For the archive beside it."""
        kept = [line for line in self._lines if line.at >= before]
        gone = len(self._lines) - len(kept)
        self._lines = kept
        return gone

    def unname(self, numbers: Collection[AuditId]) -> None:
        """Take out of lines to whom something was done. For the archive beside it."""
        self._lines = [
            replace(line, deed=replace(line.deed, subject="erased", detail="erased"))
            if line.id in numbers
            else line
            for line in self._lines
        ]

    def get(self, number: AuditId) -> AuditLine | None:
        """Return one line; None: there is none with that number."""
        return next((line for line in self._lines if line.id == number), None)

    def latest(self, *, limit: int, below: AuditId | None = None) -> Sequence[AuditLine]:
        """Return lines, the latest first."""
        wanted = [line for line in self._lines if below is None or line.id < below]
        return wanted[::-1][:limit]

    def has(self, action: str, subject: str, *, since: datetime) -> bool:
        """Whether that was done to that since then."""
        return any(
            (line.deed.action, line.deed.subject) == (action, subject) and line.at >= since
            for line in self._lines
        )
