"""Entries of which topics see a part only, and what is still asked of the whole of them."""

from collections.abc import Sequence

import numpy as np

from newsletter.indexing.collection import Collection
from newsletter.indexing.evaluating import rows_where
from newsletter.indexing.postings import Postings
from newsletter.model import Entry, EntryId
from newsletter.rules.query import Node


class Abridged:
    """Whole entries beside an index that has parts of them.

    They are indexed when first asked for: most newsletters have none, and few readers mute anything.
    """

    __slots__ = ("_entries", "_postings", "ids")

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self.ids = frozenset(entry.id for entry in entries)
        self._postings: Postings | None = None

    def where(self, node: Node) -> frozenset[EntryId]:
        """Return those for which `node` is true, with every field looked at."""
        if not self._entries:
            return frozenset()
        whole = self._postings = self._postings or Postings(Collection(self._entries))
        rows = np.flatnonzero(rows_where(node, whole)).tolist()
        return frozenset(self._entries[row].id for row in rows)
