"""What is planned for a subscriber now: a letter for a slot, or a silence with its reason."""

from newsletter.rules.planning.decision import (
    CARRY_WINDOW,
    UPVOTES_WINDOW,
    Desk,
    carried_entries,
    choose_topics,
    decide,
    explain_silence,
    first_look,
    new_entries,
    planned_at,
)
from newsletter.rules.planning.occasion import Occasion, Schedule, counts_from, find_occasion

__all__ = [
    "CARRY_WINDOW",
    "UPVOTES_WINDOW",
    "Desk",
    "Occasion",
    "Schedule",
    "carried_entries",
    "choose_topics",
    "counts_from",
    "decide",
    "explain_silence",
    "find_occasion",
    "first_look",
    "new_entries",
    "planned_at",
]
