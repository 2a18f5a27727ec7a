"""What the operator's pages ask of the program."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from newsletter.model import OutboxItem, OutboxState
    from newsletter.ports import AuditId, AuditLine, Deed, PersonFound, QueuePlace
    from newsletter.workflows import Order, Overview, PersonFile


class OperatorDesk(Protocol):
    """Looks and deeds of an operator; each is called in a thread and raises NewsletterError."""

    @property
    def can_pull(self) -> bool:
        """Whether sources can be pulled from here."""
        ...

    def now(self) -> datetime:
        """Return the time of the program."""
        ...

    def overview(self) -> "Overview":
        """Return how everything stood at most a minute ago."""
        ...

    def find(self, text: str) -> "Sequence[PersonFound]":
        """Return at most 51 people whose address has `text` in it."""
        ...

    def person(self, id_: str, day: date | None) -> "PersonFile | None":
        """Return what is known of a subscriber, and why nothing came on a day (None: today)."""
        ...

    def stranger(self, text: str) -> "PersonFile | None":
        """Return what is known of an address that is no subscriber; None: nothing."""
        ...

    def messages(
        self, states: "frozenset[OutboxState]", below: "QueuePlace | None", limit: int
    ) -> "Sequence[tuple[QueuePlace, OutboxItem]]":
        """Return a page of messages in these states, the latest slot first."""
        ...

    def message(self, number: int) -> "OutboxItem | None":
        """Return one message; None: there is none."""
        ...

    def held_titles(self, source: str) -> Sequence[str]:
        """Return the titles of the entries that are held of a source."""
        ...

    def audit(self, below: int | None, limit: int) -> "Sequence[AuditLine]":
        """Return a page of the audit log, the latest first."""
        ...

    def audit_line(self, number: int) -> "AuditLine | None":
        """Return one line of the audit log."""
        ...

    def names(self, lines: "Iterable[AuditLine]") -> Mapping[str, str]:
        """Return the addresses of the people among the subjects of these lines."""
        ...

    def note(self, deed: "Deed") -> None:
        """Write a line into the audit log."""
        ...

    def has_noted(self, action: str, subject: str, since: datetime) -> bool:
        """Whether that was done to that since then."""
        ...

    def carry_out(self, order: "Order") -> "AuditId":
        """Do what is wanted; return the line of the audit log that says how it ended."""
        ...

    def reasons_not_ready(self) -> Sequence[str]:
        """Return why the program cannot do its work now, without anything secret."""
        ...
