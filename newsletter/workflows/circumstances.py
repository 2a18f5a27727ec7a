"""What makes one subscriber's letter like that of many others, or not."""

from collections.abc import Iterable, Sequence

from newsletter.model import Entry, EntryId, Preferences, Standing, Topic, WhenEmpty
from newsletter.rules.matching import budget_of
from newsletter.rules.planning import Occasion


def may_meet_again(occasion: Occasion, standing: Standing) -> bool:
    """Whether an entry that was in an earlier letter can be a candidate for this one.

    What is above the watermark was released after the last letter was decided: it was in none.
    """
    return is_own(occasion, standing) or occasion.preferences.when_empty is WhenEmpty.CARRY


def is_usual(occasion: Occasion, standing: Standing) -> bool:
    """Whether topics alone say what this subscriber gets of the entries that are new to many."""
    preferences = occasion.preferences
    follow = preferences.follow
    is_plain = not (occasion.silence or preferences.mute or follow.authors or follow.organizations)
    return is_plain and not is_own(occasion, standing)


def is_own(occasion: Occasion, standing: Standing) -> bool:
    """Whether other entries are new to this subscriber than to all with the same watermark."""
    return bool(occasion.preferences.minimum_upvotes or standing.given_back)


def gate_of(preferences: Preferences, topics: Sequence[Topic]) -> float | None:
    """Return the budget of each topic, None where no topic has an `about`."""
    has_about = any(topic.about is not None for topic in topics)
    return budget_of(preferences.strictness, topics) if has_about else None


def ids_of(entries: Iterable[Entry]) -> frozenset[EntryId]:
    """Return the ids of entries."""
    return frozenset(entry.id for entry in entries)
