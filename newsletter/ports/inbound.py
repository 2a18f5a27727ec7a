"""Where mail that came in waits to be read, and the ways in that bring it there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from newsletter.model import (
    InboundId,
    InboundMessage,
    InboundState,
    SourceName,
    Submission,
)


class InboundStore(Protocol):
    """Received messages, whole, from before they are acknowledged until they are purged.

    Every method raises StorageError when the store cannot be read or written now.
    """

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
        """Commit one message for one recipient; when this returns, it is safe.

        `sender` and `recipient` are those of the envelope as in InboundMessage. `origin` names
        where it lay, so that what is brought twice from there is kept once: the id of the first
        is returned, until that is purged. None: every call is another message. With `aside` it is
        not to be looked at, but put aside at once with this note.
        """
        ...

    def claim(
        self, limit: int, *, now: datetime, patience_until: datetime
    ) -> Sequence[InboundMessage]:
        """Take messages that are to be looked at, oldest first, each with its try counted.

        Nobody else gets them before `patience_until`; one that was not settled by then is given
        out again, to whoever asks after it, until three looks did not come to an end: then it is
        put aside, for it may be what ends them. `limit` is at least 1.
        """
        ...

    def settle(self, message: InboundId, state: InboundState, note: str = "") -> None:
        """Say what became of a message. RECEIVED gives it back, to be looked at at once.

        What is unknown, because it was purged, is passed over. `note` is cut at 500 characters.
        """
        ...

    def find(self, state: InboundState, *, limit: int = 100) -> Sequence[InboundMessage]:
        """Return messages in that state, newest first."""
        ...

    def get(self, message: InboundId) -> InboundMessage | None:
        """Return one message; None when there is none, or none any more."""
        ...

    def replay(self, message: InboundId) -> bool:
        """Let a settled message be looked at again as if it were new, its tries forgotten.

        Returns whether it was settled; one that waits, or is unknown, is left as it is.
        """
        ...

    def purge(self, before: datetime) -> int:
        """Forget settled messages received before then; return how many."""
        ...


class Postbag(Protocol):
    """Mails that came in for a source, kept until it has pulled them and for some time after."""

    def put(self, source: SourceName, message: InboundMessage) -> None:
        """Keep a mail for a source; one that is kept already stays as it is."""
        ...

    def since(self, source: SourceName, above: int, *, limit: int) -> Sequence[Submission]:
        """Return the first mails of a source whose numbers are higher, in the order of their numbers.

        No mail ever comes up later with a number below one that was returned. `limit` is at least 1.
        """
        ...

    def let_go(self, source: SourceName, through: int) -> None:
        """Say that the entries of all mails of a source up to this number are stored."""
        ...

    def purge(self, before: datetime, *, unread_before: datetime) -> int:
        """Forget mails received before then that were let go, and all before `unread_before`.

        The latter are of a source that nobody pulls any more. Returns how many went.
        """
        ...


class Intake(Protocol):
    """A way in that brings mail to an InboundStore while the program runs."""

    def start(self) -> str:
        """Begin, in a thread of its own, and return where mail is taken, for the operator.

        Raises ConfigError when it cannot begin and trying again would not help.
        """
        ...

    def stop(self) -> None:
        """End within two seconds. What was not acknowledged by then comes again."""
        ...
