"""Mails that came in for sources, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from newsletter.model import InboundId, InboundMessage, SourceName, Submission


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail that is kept for a source."""

    source: SourceName
    submission: Submission
    is_let_go: bool = False


@dataclass(slots=True)
class MemoryPostbag:
    """Implements `ports.Postbag`. `kept` shows what is there."""

    kept: dict[InboundId, Kept] = field(default_factory=dict)
    _last: int = 0

    def put(self, source: SourceName, message: InboundMessage) -> None:
        """Keep a mail for a source; one that is kept already stays as it is."""
        if message.id not in self.kept:
            self._last += 1
            submission = Submission(self._last, message.raw, message.received_at)
            self.kept[message.id] = Kept(source, submission)

    def since(self, source: SourceName, above: int, *, limit: int) -> Sequence[Submission]:
        """Return the first mails of a source with higher numbers."""
        of_source = [one.submission for one in self.kept.values() if one.source == source]
        return [one for one in of_source if one.number > above][:limit]

    def let_go(self, source: SourceName, through: int) -> None:
        """Say that the entries of all mails of a source up to this number are stored."""
        for id_, one in self.kept.items():
            if one.source == source and one.submission.number <= through:
                self.kept[id_] = replace(one, is_let_go=True)

    def purge(self, before: datetime, *, unread_before: datetime) -> int:
        """Forget mails received before then that were let go, and all before `unread_before`."""
        gone = [
            id_
            for id_, one in self.kept.items()
            if one.submission.received_at < (before if one.is_let_go else unread_before)
            or one.submission.received_at < unread_before
        ]
        for id_ in gone:
            del self.kept[id_]
        return len(gone)
