"""What a person said of entries, and what that says of others."""

from dataclasses import dataclass

from newsletter.model.entries import Entry, EntryId


@dataclass(frozen=True, slots=True)
class Rating:
    """An entry of which somebody wants more, or less, and how long ago they said so, in days."""

    entry: Entry
    is_liked: bool
    age_days: float


@dataclass(frozen=True, slots=True)
class Liking:
    """How much an entry is like those that somebody liked, and unlike those they disliked.

    `score` is below 1, comparable with that of a topic, and below 0 for what is disliked. `chance` is
    how probable that is of an entry off their interests; None: too few entries are known to tell.
    """

    score: float
    chance: float | None
    nearest: EntryId
    """The liked entry that says most for it."""
    title: str
    """Of that entry."""
