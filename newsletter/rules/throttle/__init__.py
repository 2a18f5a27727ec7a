"""How fast may letters leave, and where not at all? Pure: lanes in, lanes out."""

from newsletter.rules.throttle.breaking import (
    ENOUGH_REFUSALS,
    close,
    is_open,
    must_tell,
    note_probe,
    open_lanes,
    refuse,
    shut_relays,
    slow_down,
    tell,
)
from newsletter.rules.throttle.naming import (
    EVERYTHING,
    domain_lane,
    domain_of_lane,
    domains_of,
    is_relay_lane,
    place_of,
    relay_lane,
    subject_of_lane,
)
from newsletter.rules.throttle.pacing import (
    LOOK_AHEAD,
    Booking,
    book,
    book_lane,
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
    "book_lane",
    "close",
    "configured_lanes",
    "domain_lane",
    "domain_of_lane",
    "domains_of",
    "find_room",
    "forget_idle",
    "halvings_left",
    "is_open",
    "is_relay_lane",
    "must_tell",
    "note_probe",
    "open_lanes",
    "place_of",
    "rate_of",
    "refuse",
    "relay_lane",
    "shut_relays",
    "slow_down",
    "subject_of_lane",
    "tell",
]
