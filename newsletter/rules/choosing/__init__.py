"""Choosing for many subscribers at once, on arrays: the same letters as `rules.ranking` makes one by one.

The door of this room. It loads numpy: who plans nothing does not go through it.
"""

from newsletter.rules.choosing.arrays import Picked, choose_many
from newsletter.rules.choosing.columns import UNSAID, Columns
from newsletter.rules.choosing.crowd import Crowd
from newsletter.rules.choosing.finding import MOST_TOPICS, Asked
from newsletter.rules.choosing.gating import passing
from newsletter.rules.choosing.shelf import NOTHING, Shelf, make_shelf
from newsletter.rules.choosing.stretches import Exchange, Stretch, Talk
from newsletter.rules.choosing.wishes import Wish

__all__ = [
    "MOST_TOPICS",
    "NOTHING",
    "UNSAID",
    "Asked",
    "Columns",
    "Crowd",
    "Exchange",
    "Picked",
    "Shelf",
    "Stretch",
    "Talk",
    "Wish",
    "choose_many",
    "make_shelf",
    "passing",
]
