"""How fast may letters leave, and where not at all? Pure: lanes in, lanes out."""

from newsletter.rules.throttle.breaking import (
    ENOUGH_REFUSALS,
    close,
    is_open,
    note_probe,
    open_lanes,
    refuse,
    shut_relays,
    slow_down,
)
from newsletter.rules.throttle.naming import (
    EVERYTHING,
    domain_lane,
    domain_of_lane,
    is_relay_lane,
    relay_lane,
    subject_of_lane,
)
from newsletter.rules.throttle.pacing import (
    LOOK_AHEAD,
    Booking,
    book,
    configured_lanes,
    find_room,
    forget_idle,
)
from newsletter.rules.throttle.rates import halvings_left, rate_of

__all__ = [
    "ENOUGH_REFUSALS",
    "EVERYTHING",
    "LOOK_AHEAD",
    "Booking",
    "book",
    "close",
    "configured_lanes",
    "domain_lane",
    "domain_of_lane",
    "find_room",
    "forget_idle",
    "halvings_left",
    "is_open",
    "is_relay_lane",
    "note_probe",
    "open_lanes",
    "rate_of",
    "refuse",
    "relay_lane",
    "shut_relays",
    "slow_down",
    "subject_of_lane",
]
