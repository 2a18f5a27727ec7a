"""Where entries come from."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from newsletter.model import Ask, Manners, Memory, Page, Pull, PullOrder, SourceName, SourceReport


class Source(Protocol):
    """Where entries come from."""

    @property
    def name(self) -> SourceName:
        """The key of this source in config.yaml."""
        ...

    @property
    def kind(self) -> str:
        """The name of its adapter in config.yaml, e.g. `saved-page`."""
        ...

    def pull(self, order: PullOrder) -> Pull:
        """Return what the source announces now.

        One unreadable entry is a problem in the Pull, not an error. Raises SourceError when
        nothing could be read at all; may be called from any thread.
        """
        ...


class SourceLog(Protocol):
    """The last report of every source, and what each remembers from pull to pull."""

    def record(self, report: SourceReport) -> None:
        """Keep `report` as the last one of its source."""
        ...

    def last(self) -> Mapping[SourceName, SourceReport]:
        """Return the last report of every source that was ever pulled."""
        ...

    def last_stored(self, source: SourceName) -> datetime | None:
        """Return when a source was last pulled with success.

        None before its first pull that brought entries: an empty one is no first pull, and one that
        failed is none at all.
        """
        ...

    def memory(self, source: SourceName) -> Memory:
        """Return what the last stored pull of a source left; empty before the first."""
        ...

    def remember(self, source: SourceName, memory: Memory) -> None:
        """Keep `memory` in place of what was kept of a source; for when its entries are stored."""
        ...


class Visit(Protocol):
    """One visit to a service: a few requests under one deadline, one after the other."""

    def fetch(self, ask: Ask) -> Page:
        """Return the answer to one request, in its turn.

        Waits for the pace of the service, follows redirects, tries again where the service is
        busy. Raises BusyError when it still is after that, OutOfTimeError at the deadline,
        FetchError for all else that keeps a page from coming: a status that was not expected, an
        address that may not be asked, an answer that is too large or breaks off.
        """
        ...


class Web(Protocol):
    """The web, politely."""

    def visit(self, manners: Manners, order: PullOrder) -> AbstractContextManager[Visit]:
        """Return a visit, whose connections are closed at its end; its steps are told to `order`."""
        ...


class Paces(Protocol):
    """Whose turn it is at each service, over all processes."""

    def take(self, pace: str, *, now: datetime, until: datetime) -> datetime | None:
        """Take the turn at a service, or return when to ask again.

        None: it is taken, and belongs to the caller until `give_back`, at the latest `until`: so
        that one who dies holds up nobody for long.
        """
        ...

    def give_back(self, pace: str, *, free_at: datetime) -> None:
        """End the turn; the next begins at `free_at` at the earliest."""
        ...
