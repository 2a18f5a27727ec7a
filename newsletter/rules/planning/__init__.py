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
from newsletter.rules.planning.history import (
    Past,
    explain_ahead,
    explain_past,
    local_day,
    unplanned_days,
)
from newsletter.rules.planning.occasion import (
    Occasion,
    Schedule,
    coming_slots,
    counts_from,
    find_occasion,
)
from newsletter.rules.planning.resting import LONGEST_REST, rests_until
from newsletter.rules.planning.sentences import NEXT_STEPS, overdue

__all__ = [
    "CARRY_WINDOW",
    "LONGEST_REST",
    "NEXT_STEPS",
    "UPVOTES_WINDOW",
    "Desk",
    "Occasion",
    "Past",
    "Schedule",
    "carried_entries",
    "choose_topics",
    "coming_slots",
    "counts_from",
    "decide",
    "explain_ahead",
    "explain_past",
    "explain_silence",
    "find_occasion",
    "first_look",
    "local_day",
    "new_entries",
    "overdue",
    "planned_at",
    "rests_until",
    "unplanned_days",
]
