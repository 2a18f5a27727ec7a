"""Makes an index that nobody keeps."""

from collections.abc import Container, Sequence

from newsletter.indexing.lexical import LexicalIndex
from newsletter.indexing.meaning import Meaning
from newsletter.model import Entry, EntryId
from newsletter.rules.topicality import USUAL, Topicality


def build_index(
    entries: Sequence[Entry],
    background: Container[EntryId] | None = None,
    topicality: Topicality = USUAL,
    meaning: Meaning | None = None,
) -> LexicalIndex:
    """Index `entries` in memory, by their words; some seconds for tens of thousands.

    A TopicIndex. What is rare and what is usual is told by the entries of `background`; None: by
    all. `topicality` says of which sources topics look into some fields alone, and which sources
    belong to a topic as a whole. Vectors are asked of `meaning` when the first `about` is answered;
    None: it is answered by its words alone.
    """
    return LexicalIndex(entries, background, topicality, meaning)
