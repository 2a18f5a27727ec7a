"""The ends of lines, which a browser does not carry as they are."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

_END: Final = re.compile(r"\r\n|\r|\n")


def with_line_ends_of(text: str, original: str) -> str:
    """Return `text` as a browser sent it, with the ends of lines that `original` has.

    Browsers make one kind of all of them (HTML, "form submission"). Where nothing else was changed the
    original comes back, byte for byte; else each line above and below the change ends as it did,
    and in it as the first line of the original.
    """
    lines, before = _END.split(text), _END.split(original)
    if lines == before:
        return original
    ends = _ends(lines, before, _END.findall(original))
    return "".join([part for pair in zip(lines, ends, strict=True) for part in pair])


def _ends(lines: Sequence[str], before: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    """Yield the end of each line; the last one has none."""
    above, below = _alike(lines, before), _alike(lines[::-1], before[::-1])
    usual = known[0] if known else "\n"
    for place in range(len(lines) - 1):
        from_end = len(lines) - 1 - place
        if place < min(above, len(known)):
            yield known[place]
        elif from_end <= min(below, len(known)):
            yield known[-from_end]
        else:
            yield usual
    yield ""


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many of the first lines are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
