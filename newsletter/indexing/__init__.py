"""Answers topic questions over the new entries. The door of this room."""

from collections.abc import Container, Sequence

from newsletter.indexing.keeping import IndexKeeper
from newsletter.indexing.lexical import LexicalIndex
from newsletter.indexing.stemming import Stemmer
from newsletter.model import Entry, EntryId


def build_index(
    entries: Sequence[Entry], background: Container[EntryId] | None = None
) -> LexicalIndex:
    """Index `entries` in memory, by their words; some seconds for tens of thousands.

    A TopicIndex; `about` is matched by its words, not yet by meaning. How rare a word is, is counted
    among the entries of `background`; None: among all.
    """
    return LexicalIndex(entries, background)


__all__ = ["IndexKeeper", "LexicalIndex", "Stemmer", "build_index"]
