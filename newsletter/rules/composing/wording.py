"""What do subject, preheader and headline say?"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from newsletter.rules.composing.dates import write_since
from newsletter.rules.composing.tidy import shorten, tidy_header

# What the lists of common mail programs and one unfolded header line can show.
SUBJECT_CHARACTERS: Final = 78
PREHEADER_CHARACTERS: Final = 150
PREHEADER_TITLES: Final = 3
UNTITLED: Final = "Untitled"
NOTHING: Final = "Nothing for you this time"


def write_subject(titles: Sequence[str]) -> str:
    """Write `Offline RL without tears, and 8 more`, at most 78 characters, safe for a header.

    `titles` are those of the letter, best first; without any the letter is a note.
    """
    return _subject(titles[0], len(titles) - 1) if titles else NOTHING


def write_preheader(titles: Sequence[str], *, otherwise: str) -> str:
    """Write what a list of mails shows after the subject: the next titles.

    `otherwise` is shown where there is no second title.
    """
    following = [_shown(title) for title in titles[1 : 1 + PREHEADER_TITLES]]
    return shorten(" · ".join(following) or tidy_header(otherwise), PREHEADER_CHARACTERS)


@lru_cache(maxsize=1_024)
def write_headline(chosen: int, new: int, *, since: date | None, today: date) -> str:
    """Write the counts in one sentence without its full stop.

    `chosen` of `new` entries are in the letter; more than `new` are there when an earlier letter
    gave some back, and then the two are not set against each other. `since` is the local date of
    the edition before, None for the first.
    """
    when = write_since(since, today=today)
    if chosen == 0:
        return f"Nothing for you out of {_count(new)} new{when}" if new else f"Nothing new{when}"
    mine = "1 entry for you" if chosen == 1 else f"{_count(chosen)} entries for you"
    mine = mine if since else f"Your first letter: {mine}"
    if new < chosen:
        return mine
    if new == chosen:
        return f"{mine}, {'the only one' if new == 1 else 'all that is'} new{when}"
    return f"{mine} out of {_count(new)} new{when}"


# The same few titles head the letters of a day.


@lru_cache(maxsize=1_024)
def _subject(title: str, others: int) -> str:
    tail = f", and {others} more" if others else ""
    return shorten(_shown(title), SUBJECT_CHARACTERS - len(tail)) + tail


@lru_cache(maxsize=4_096)
def _shown(title: str) -> str:
    return tidy_header(title) or UNTITLED


def _count(number: int) -> str:
    return f"{number:,}"
