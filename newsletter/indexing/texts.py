"""Which texts of an entry each field of the topic language means."""

from collections.abc import Iterable
from itertools import islice

from newsletter.model import Entry
from newsletter.rules.query import TextField, placed_words, readable, words


def texts_of(entry: Entry, field: TextField) -> tuple[str, ...]:
    """Return the texts of `field`, in the order in which the entry has them; () where it has none."""
    content = entry.content
    match field:
        case TextField.TITLE:
            return (content.title,)
        case TextField.ABSTRACT:
            return tuple(text for text in (content.abstract, content.tldr) if text)
        case TextField.AUTHOR:
            return content.authors
        case TextField.ORGANIZATION:
            return (content.organization,) if content.organization else ()
        case TextField.CATEGORY:
            return content.categories
        case TextField.SOURCE:
            return tuple(entry.sources)


def as_written(texts: Iterable[str], start: int, count: int) -> str:
    """Return `count` words from the word at `start` on, as `texts` write them, on one line.

    Places count through all texts, with one for the gap behind each, as columns count them.
    """
    for text in texts:
        size = len(words(text))
        if start < size:
            plain = readable(text)
            first, *others = islice(placed_words(plain), start, start + count)
            last = others[-1] if others else first
            return " ".join(plain[first.start : last.end].split())
        start -= size + 1
    message = "a place behind the last word"
    raise IndexError(message)
