"""Answers topic questions over the new entries. The door of this room."""

from collections.abc import Sequence

from newsletter.indexing.lexical import LexicalIndex
from newsletter.indexing.stemming import Stemmer
from newsletter.model import Entry


def build_index(entries: Sequence[Entry]) -> LexicalIndex:
    """Index `entries` in memory, by their words; some seconds for tens of thousands.

    A TopicIndex; `about` is matched by its words, not yet by meaning.
    """
    return LexicalIndex(entries)


__all__ = ["LexicalIndex", "Stemmer", "build_index"]
