"""The last index is kept: from one minute to the next the entries are the same."""

import threading
from collections.abc import Callable, Container, Sequence
from typing import TYPE_CHECKING

from newsletter.model import Entry, EntryId
from newsletter.rules.topicality import USUAL, Topicality

if TYPE_CHECKING:
    from newsletter.indexing.lexical import LexicalIndex
    from newsletter.indexing.meaning import Meaning


class IndexKeeper:
    """Builds indexes as `build_index` does, and returns the last one again for equal entries.

    What sources make of their entries (`topicality`) is the same for all indexes of one keeper.
    `open_meaning` gives the model of meaning, None: topics go by words alone.
    """

    def __init__(
        self,
        topicality: Topicality = USUAL,
        open_meaning: "Callable[[], Meaning | None]" = lambda: None,
    ) -> None:
        self._topicality = topicality
        self._open_meaning = open_meaning
        self._building = threading.Lock()
        self._entries: tuple[Entry, ...] = ()
        self._background: frozenset[EntryId] = frozenset()
        self._index: LexicalIndex | None = None

    def __call__(
        self, entries: Sequence[Entry], background: Container[EntryId] | None = None
    ) -> "LexicalIndex":
        """Return the index of `entries`; two who ask for the same at once wait for one building."""
        # Late: it loads numpy, and a process that only delivers never asks for an index.
        from newsletter.indexing.lexical import LexicalIndex  # noqa: PLC0415

        wanted = tuple(entries)
        told_by = frozenset(
            entry.id for entry in wanted if background is None or entry.id in background
        )
        with self._building:
            if self._index is None or wanted != self._entries or told_by != self._background:
                self._index = LexicalIndex(wanted, told_by, self._topicality, self._open_meaning())
                self._entries, self._background = wanted, told_by
            return self._index
