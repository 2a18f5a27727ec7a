"""Where entries are kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from newsletter.model import (
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

        Several entries can share a weak key. New entries get their release numbers in the order
        of the changes, above every number given before.
        """
        ...

    def last_release(self) -> ReleaseNo:
        """Return the highest release number given so far, 0 when there is none."""
        ...

    def released(self, *, above: ReleaseNo) -> Sequence[Entry]:
        """Return entries with release_no > `above`, in release order."""
        ...

    def find(
        self, *, since: datetime | None = None, source: SourceName | None = None
    ) -> Sequence[Entry]:
        """Return entries first seen at or after `since` and announced by `source`, in release order.

        None asks for no such limit.
        """
        ...

    def get(self, ids: Iterable[EntryId]) -> Mapping[EntryId, Entry]:
        """Return the entries that exist among `ids`, in their present revision."""
        ...

    def contents(self, revisions: Iterable[RevisionId]) -> Mapping[RevisionId, EntryContent]:
        """Return the contents of `revisions`, as they were when an edition named them."""
        ...
