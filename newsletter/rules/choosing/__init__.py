"""Choosing for many subscribers at once, on arrays: the same letters as `rules.ranking` makes one by one.

The door of this room. It loads numpy: who plans nothing does not go through it.
"""

from newsletter.rules.choosing.arrays import Picked, choose_many
from newsletter.rules.choosing.columns import Columns, ScoredAnswer
from newsletter.rules.choosing.crowd import Crowd, Wish
from newsletter.rules.choosing.finding import MOST_TOPICS, Asked
from newsletter.rules.choosing.gating import lengths_within, passing
from newsletter.rules.choosing.shelf import NOTHING, Shelf, make_shelf

__all__ = [
    "MOST_TOPICS",
    "NOTHING",
    "Asked",
    "Columns",
    "Crowd",
    "Picked",
    "ScoredAnswer",
    "Shelf",
    "Wish",
    "choose_many",
    "lengths_within",
    "make_shelf",
    "passing",
]
