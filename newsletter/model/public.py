"""Public editions: what a topic of the catalogue brought on one day, for everybody to read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from newsletter.model.editions import Match
from newsletter.model.entries import ReleaseNo

WHOLE: Final = ""
"""Stands for the newsletter as a whole where else the name of a topic stands; no topic is called so."""


@dataclass(frozen=True, slots=True)
class PublicEdition:
    """The decision what one page of the archive shows, a letter to nobody in particular.

    `topic` is the name of a catalogue topic, or WHOLE. Entries are named by their revisions, so the
    page stays what it was.
    """

    topic: str
    local_date: date
    planned_at: datetime
    new_count: int
    """How many entries were new on that day, matched or not."""
    matches: tuple[Match, ...]
    also_matched: tuple[Match, ...] = ()
    """Found, but over the `at_most` of the operator's defaults: named by title, never shown later."""


@dataclass(frozen=True, slots=True)
class PublicDay:
    """All editions of one local day. That of WHOLE is always among them, others only with entries.

    `release` is the highest release number there was when the day was planned.
    """

    local_date: date
    release: ReleaseNo
    editions: tuple[PublicEdition, ...]
