"""Entries of which topics see a part only, and what is still asked of the whole of them."""

from collections.abc import Sequence

from newsletter.indexing.collection import Collection
from newsletter.indexing.evaluating import rows_where
from newsletter.model import Entry, EntryId
from newsletter.rules.query import Node


class Abridged:
    """Whole entries beside an index that has parts of them.

    They are indexed when first asked for: most newsletters have none, and few readers mute anything.
    """

    __slots__ = ("_collection", "_entries", "ids")

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self.ids = frozenset(entry.id for entry in entries)
        self._collection: Collection | None = None

    def where(self, node: Node) -> frozenset[EntryId]:
        """Return those for which `node` is true, with every field looked at."""
        if not self._entries:
            return frozenset()
        whole = self._collection = self._collection or Collection(self._entries)
        return frozenset(whole.entries[row].id for row in rows_where(node, whole))
