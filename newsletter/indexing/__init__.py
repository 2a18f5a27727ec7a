"""Answers topic questions over the new entries. The door of this room; it opens late what loads numpy."""

from typing import TYPE_CHECKING, Final

from newsletter.doors import hand_out
from newsletter.indexing.keeping import IndexKeeper

if TYPE_CHECKING:
    from newsletter.indexing.building import build_index
    from newsletter.indexing.exchange import FolderExchange
    from newsletter.indexing.lexical import LexicalIndex
    from newsletter.indexing.meaning import Meaning, entry_text, text_key
    from newsletter.indexing.stemming import Stemmer

_LATE: Final = {
    "building": ("build_index",),
    "exchange": ("FolderExchange",),
    "lexical": ("LexicalIndex",),
    "meaning": ("Meaning", "entry_text", "text_key"),
    "stemming": ("Stemmer",),
}

__all__ = [
    "FolderExchange",
    "IndexKeeper",
    "LexicalIndex",
    "Meaning",
    "Stemmer",
    "build_index",
    "entry_text",
    "text_key",
]


if not TYPE_CHECKING:  # else every wrong name would look right to the checker

    def __getattr__(name: str) -> object:
        """Hand out what stands in a module that is loaded only when it is asked for."""
        return hand_out(__name__, _LATE, name)
