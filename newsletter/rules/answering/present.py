"""What most answers end with: the preferences in force, and which letters follow from them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from newsletter.model import Block, DocumentBlock, Listing, Paragraph, Slot
from newsletter.rules.answering.office import Office
from newsletter.rules.answering.times import write_slot
from newsletter.rules.composing import shorten, write_date

PREFERENCES_BEGIN: Final = "# BEGIN PREFERENCES"
"""Stands above a document in a mail, alone on its line. A comment of YAML, so it may stay there."""
PREFERENCES_END: Final = "# END PREFERENCES"
SHOWN_TITLES: Final = 5
_TITLE_CHARACTERS: Final = 160
_HOW_TO_EDIT: Final = (
    "To change something, reply to this mail and edit the lines between the two marker lines, "
    "which stay as they are. A short command in your reply does it too, such as “weekly friday” or "
    "“at most 5”; “help” brings the list of them all."
)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the last letter would have been with the preferences in force.

    `count` entries, the first of them by title. `silence` is the sentence that says why there would have
    been none; empty where there is one.
    """

    on: date
    count: int
    titles: tuple[str, ...] = ()
    silence: str = ""


@dataclass(frozen=True, slots=True)
class Present:
    """The preferences in force, as their document says them, and what follows from them.

    `coming` are the next slots, `silence` the sentence that says why there are none. `rehearsal` is
    None where nothing can be said, for instance before the first entries were stored.
    """

    document: str = field(repr=False)
    coming: tuple[Slot, ...] = ()
    silence: str = ""
    rehearsal: Rehearsal | None = None
    feed: str = field(default="", repr=False)
    """Where the entries of the person's letters stand as a feed; empty where there are no pages."""


def outlook(present: Present) -> Iterator[Block]:
    """Yield which letters come, and what the last one would have been."""
    if present.coming:
        rows = tuple((write_slot(slot), "") for slot in present.coming)
        title = "Your next letters" if len(rows) > 1 else "Your next letter"
        yield Listing(rows, f"{title} ({present.coming[0].timezone})")
    else:
        yield Paragraph(f"No letter is planned. {present.silence}".rstrip())
    if present.rehearsal:
        yield _rehearsed(present.rehearsal)


def editable(office: Office, document: str) -> Iterator[Block]:
    """Yield a document with how to change it by reply; nothing where no reply comes in."""
    if office.takes_mail:
        yield Paragraph(_HOW_TO_EDIT)
        yield DocumentBlock(document)


def feed_of(present: Present) -> Iterator[Block]:
    """Yield where the letters stand as a feed, if anywhere: the address is a key."""
    if present.feed:
        row = (present.feed, "For you alone: whoever has the link reads it.")
        yield Listing((row,), "Your letters as a feed")


def _rehearsed(rehearsal: Rehearsal) -> Block:
    day = write_date(rehearsal.on)
    if not rehearsal.count:
        said = f"With these preferences, no letter would have come on {day}. {rehearsal.silence}"
        return Paragraph(said.rstrip())
    titles = [shorten(title, _TITLE_CHARACTERS) for title in rehearsal.titles[:SHOWN_TITLES]]
    others = rehearsal.count - len(titles)
    rows = [(title, "") for title in titles]
    if others:
        rows.append((f"and {others} more" if rows else f"{others} in all", ""))
    size = "1 entry" if rehearsal.count == 1 else f"{rehearsal.count} entries"
    return Listing(tuple(rows), f"With these preferences, {size} would have come to you on {day}")
