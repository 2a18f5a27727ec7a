"""Where entries are kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from newsletter.model import (
    Admission,
    Entry,
    EntryChange,
    EntryContent,
    EntryId,
    IdentityKey,
    ReleaseNo,
    RevisionId,
    SourceName,
)

DecideChanges = Callable[[Mapping[IdentityKey, Sequence[Entry]]], Sequence[EntryChange]]
"""From the stored entries under some keys to what must change; pure, see rules.identity."""


class EntryStore(Protocol):
    """One row per real paper, and every revision of its content."""

    def change(
        self, keys: Iterable[IdentityKey], decide: DecideChanges, *, now: datetime
    ) -> Sequence[EntryChange]:
        """Look up `keys`, decide and apply the changes, all in one write transaction; return them.

        Several entries can share a weak key. What is released, new or known before, gets its
        release number in the order of the changes, above every number given before. An entry that
        is not released has number 0 until then; one that is keeps its own.
        """
        ...

    def last_release(self) -> ReleaseNo:
        """Return the highest release number given so far, 0 when there is none."""
        ...

    def released(self, *, above: ReleaseNo) -> Sequence[Entry]:
        """Return entries with release_no > `above`, in release order."""
        ...

    def find(
        self,
        *,
        since: datetime | None = None,
        source: SourceName | None = None,
        admission: Admission | None = Admission.RELEASED,
        up_to: ReleaseNo | None = None,
    ) -> Sequence[Entry]:
        """Return entries first seen at or after `since` and announced by `source`, in release order.

        None asks for no such limit. Without `admission` only what letters may show is found; what
        is not released comes first, as it was first seen. `up_to` leaves out what was released later.
        """
        ...

    def get(self, ids: Iterable[EntryId]) -> Mapping[EntryId, Entry]:
        """Return the entries that exist among `ids`, in their present revision."""
        ...

    def contents(self, revisions: Iterable[RevisionId]) -> Mapping[RevisionId, EntryContent]:
        """Return the contents of `revisions`, as they were when an edition named them."""
        ...


class HeldEntries(Protocol):
    """The entries that wait for the operator, since they came in a flood."""

    def held(self) -> Mapping[SourceName, int]:
        """Return how many wait of each source that holds some: of that which announced them first."""
        ...

    def release(self, source: SourceName) -> int:
        """Give release numbers to what waits of a source, as it was first seen; return how many."""
        ...

    def drop(self, source: SourceName) -> int:
        """Pass over what waits of a source: it stays known and is no news; return how many."""
        ...
