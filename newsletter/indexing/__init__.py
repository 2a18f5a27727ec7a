"""Answers topic questions over the new entries. The door of this room."""

from collections.abc import Container, Sequence

from newsletter.indexing.keeping import IndexKeeper
from newsletter.indexing.lexical import LexicalIndex
from newsletter.indexing.stemming import Stemmer
from newsletter.model import Entry, EntryId
from newsletter.rules.topicality import USUAL, Topicality


def build_index(
    entries: Sequence[Entry],
    background: Container[EntryId] | None = None,
    topicality: Topicality = USUAL,
) -> LexicalIndex:
    """Index `entries` in memory, by their words; some seconds for tens of thousands.

    A TopicIndex; `about` is matched by its words, not yet by meaning. How rare a word is, is counted
    among the entries of `background`; None: among all. `topicality` says of which sources topics
    look into some fields alone, and which sources belong to a topic as a whole.
    """
    return LexicalIndex(entries, background, topicality)


__all__ = ["IndexKeeper", "LexicalIndex", "Stemmer", "build_index"]
