"""Received messages in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from newsletter.errors import StorageError
from newsletter.model import InboundId, InboundMessage, InboundState

_LONGEST_NOTE: Final = 500
_MOST_TRIES: Final = 3


class MemoryInbound:
    """The InboundStore port; while `trouble` is set, nothing can be stored."""

    def __init__(self) -> None:
        self.trouble = ""
        self._messages: dict[InboundId, InboundMessage] = {}
        self._origins: dict[str, InboundId] = {}
        self._held_until: dict[InboundId, datetime] = {}
        self._last = 0

    @property
    def messages(self) -> list[InboundMessage]:
        """Return all that is kept, oldest first."""
        return list(self._messages.values())

    def store(
        self,
        raw: bytes,
        sender: str | None,
        recipient: str | None,
        *,
        now: datetime,
        origin: str | None = None,
        aside: str | None = None,
    ) -> InboundId:
        """Keep one message."""
        if self.trouble:
            raise StorageError(self.trouble)
        if origin is not None and origin in self._origins:
            return self._origins[origin]
        self._last += 1
        id_ = InboundId(self._last)
        state = InboundState.RECEIVED if aside is None else InboundState.ASIDE
        note = (aside or "")[:_LONGEST_NOTE]
        self._messages[id_] = InboundMessage(id_, raw, sender, recipient, now, state, 0, note)
        if origin is not None:
            self._origins[origin] = id_
        return id_

    def claim(
        self, limit: int, *, now: datetime, patience_until: datetime
    ) -> Sequence[InboundMessage]:
        """Take what waits and is held by nobody."""
        waiting = [
            one
            for one in self._messages.values()
            if one.state is InboundState.RECEIVED and self._held_until.get(one.id, now) <= now
        ]
        for one in waiting:
            if one.tries >= _MOST_TRIES:
                self.settle(one.id, InboundState.ASIDE, "put aside: 3 looks did not come to an end")
        waiting = [one for one in waiting if one.tries < _MOST_TRIES]
        oldest_first = sorted(waiting, key=lambda one: (one.received_at, one.id))
        taken = [replace(one, tries=one.tries + 1) for one in oldest_first[:limit]]
        for one in taken:
            self._messages[one.id] = one
            self._held_until[one.id] = patience_until
        return taken

    def settle(self, message: InboundId, state: InboundState, note: str = "") -> None:
        """Write down what became of it."""
        known = self._messages.get(message)
        if known is not None:
            self._messages[message] = replace(known, state=state, note=note[:_LONGEST_NOTE])
            self._held_until.pop(message, None)

    def find(self, state: InboundState, *, limit: int = 100) -> Sequence[InboundMessage]:
        """Return those in that state, newest first."""
        found = [one for one in self._messages.values() if one.state is state]
        return sorted(found, key=lambda one: (one.received_at, one.id), reverse=True)[:limit]

    def get(self, message: InboundId) -> InboundMessage | None:
        """Return one."""
        return self._messages.get(message)

    def replay(self, message: InboundId) -> bool:
        """Make a settled one wait again."""
        known = self._messages.get(message)
        if known is None or known.state is InboundState.RECEIVED:
            return False
        again = replace(known, state=InboundState.RECEIVED, tries=0, note="")
        self._messages[message] = again
        return True

    def purge(self, before: datetime) -> int:
        """Forget old settled ones, and where they lay."""
        gone = {
            one.id
            for one in self._messages.values()
            if one.received_at < before and one.state is not InboundState.RECEIVED
        }
        self.drop(gone)
        return len(gone)

    def drop(self, gone: set[InboundId]) -> None:
        """Forget these, and where they lay."""
        self._messages = {id_: one for id_, one in self._messages.items() if id_ not in gone}
        self._origins = {name: id_ for name, id_ in self._origins.items() if id_ not in gone}
