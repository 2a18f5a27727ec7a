"""Indexes beside the one that is kept for the next letters."""

from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.errors import MeaningError
from newsletter.indexing import LexicalIndex, build_index
from newsletter.model import Entry, EntryId
from newsletter.ports import BuildIndex, ModelId, TextKey, VectorStore


def index_anew(room: Newsroom) -> "partial[LexicalIndex]":
    """Return what indexes entries as letters see them, for a look that leaves the kept index alone."""
    return partial(build_index, topicality=room.topicality, meaning=room.meaning)


def index_for_guests(room: Newsroom) -> BuildIndex:
    """Return what indexes entries for people of whom nothing is to be kept, not even a vector.

    Those of the entries are kept, as always.
    """
    meaning = room.meaning
    guests = meaning.over(_Unwritten(room.vectors)) if meaning else None

    def index(
        entries: Sequence[Entry], background: Container[EntryId] | None = None, /
    ) -> LexicalIndex:
        if meaning:
            with suppress(MeaningError):  # then topics go by words alone, and the index says so
                meaning.make(entries)
        return build_index(entries, background, room.topicality, guests)

    return index


class _Unwritten:
    """A VectorStore that finds what is there, and keeps nothing."""

    def __init__(self, store: VectorStore) -> None:
        self._store = store

    def find(self, model: ModelId, keys: Iterable[TextKey]) -> Mapping[TextKey, bytes]:
        return self._store.find(model, keys)

    def keep(self, model: ModelId, vectors: Mapping[TextKey, bytes], *, now: datetime) -> None:
        """Keep nothing."""

    def forget(self, *, unused_since: datetime) -> int:
        return self._store.forget(unused_since=unused_since)
