"""What the pages of the archive ask of the program."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from newsletter.workflows import FeedEntry, PublicLine, PublicPage, PublicTopic


class ArchiveDesk(Protocol):
    """The public editions; called in a thread. All methods raise NewsletterError."""

    def topic(self, slug: str, /) -> "PublicTopic | None":
        """Return the topic that has this address; of "" the newsletter as a whole."""
        ...

    def shelves(self) -> "Sequence[PublicTopic]":
        """Return the newsletter as a whole, then every topic, each with what there is of it."""
        ...

    def days(self, topic: "PublicTopic", /) -> Sequence[date]:
        """Return the days of a topic that have an edition, in order."""
        ...

    def page(self, topic: "PublicTopic", day: date, /) -> "PublicPage | None":
        """Return the edition of a day; None where there is none."""
        ...

    def latest(self, topic: "PublicTopic", editions: int = 1, /) -> "Sequence[PublicLine]":
        """Return the last editions, latest first."""
        ...

    def feed(self, topic: "PublicTopic", /) -> "Sequence[FeedEntry]":
        """Return the last entries of a topic, the latest edition first."""
        ...

    def all_days(self) -> "Iterator[tuple[PublicTopic, Sequence[date]]]":
        """Yield every topic with the days of its editions."""
        ...
