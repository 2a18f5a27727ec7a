"""Words as an entry writes them."""

from collections.abc import Iterable
from itertools import islice

from newsletter.rules.query import placed_words, readable, words


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
