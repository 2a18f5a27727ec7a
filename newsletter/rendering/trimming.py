"""What is left out of the HTML of a letter that would be too large?

A large mail provider cuts off what is over 102 kB, and with it the foot. So a letter gives up, in
this order and from its end: summaries, also-matched titles, bylines and links, and at last whole
entries. Reasons and foot stay, and the text part always holds everything.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from newsletter.errors import RenderingError
from newsletter.rendering.views import EntryView, LetterView

LARGEST_HTML_BYTES: Final = 100_000


def size_bytes(html: str) -> int:
    """Return the size of `html` in a message, where each line ends with CRLF."""
    return len(html.encode()) + html.count("\n")


def render_within(limit: int, letter: LetterView, render: Callable[[LetterView], str]) -> str:
    """Return `letter` rendered in at most `limit` bytes, leaving out as little as possible.

    Raises RenderingError when not even head and foot fit.
    """
    whole = render(letter)
    if size_bytes(whole) <= limit:
        return whole

    def fits(dropped: int) -> bool:
        return size_bytes(render(trim(letter, dropped))) <= limit

    most = 3 * len(letter.entries) + len(letter.also_matched)
    least = bisect_left(range(most + 1), x=True, key=fits)
    if least > most:
        message = f"a letter without any entry has more than {limit:,} bytes of HTML"
        raise RenderingError(message)
    return render(trim(letter, least))


def trim(letter: LetterView, dropped: int) -> LetterView:
    """Return `letter` without `dropped` of its parts, in the order said above."""
    count = len(letter.entries)
    without_summary = min(dropped, count)
    without_also = min(dropped - without_summary, len(letter.also_matched))
    without_details = min(dropped - without_summary - without_also, count)
    left_out = dropped - without_summary - without_also - without_details
    entries = [
        _without(
            entry,
            is_short=place >= count - without_summary,
            is_bare=place >= count - without_details,
        )
        for place, entry in enumerate(letter.entries)
    ]
    return replace(
        letter,
        entries=tuple(entries[: count - left_out]),
        entries_left_out=left_out,
        also_matched=letter.also_matched[: len(letter.also_matched) - without_also],
        also_matched_left_out=without_also,
    )


def _without(entry: EntryView, *, is_short: bool, is_bare: bool) -> EntryView:
    if is_bare:
        return replace(entry, summary="", authors="", organization="", links=())
    return replace(entry, summary="") if is_short else entry
