"""The written world that the imitated services tell of: papers, people and posts that do not exist."""

from newsletter.testing.services.world.calendar import (
    EASTERN,
    announces,
    feed_day,
    has_batch,
    hub_day,
    hub_opens,
    midnight,
    next_midnight,
)
from newsletter.testing.services.world.dice import fraction, hex_of, pick
from newsletter.testing.services.world.making import World, make_world
from newsletter.testing.services.world.papers import (
    Hub,
    Listing,
    Paper,
    Person,
    Preprint,
    Version,
)
from newsletter.testing.services.world.posts import Post

__all__ = [
    "EASTERN",
    "Hub",
    "Listing",
    "Paper",
    "Person",
    "Post",
    "Preprint",
    "Version",
    "World",
    "announces",
    "feed_day",
    "fraction",
    "has_batch",
    "hex_of",
    "hub_day",
    "hub_opens",
    "make_world",
    "midnight",
    "next_midnight",
    "pick",
]
