"""From topics to matches: which entries answer one subscriber, how well, and why. The door of this room."""

from newsletter.rules.matching.columns import Column, Ranker
from newsletter.rules.matching.deciding import Matching, match, match_by, select
from newsletter.rules.matching.merging import Merged, Ranked
from newsletter.rules.matching.silence import silence

__all__ = [
    "Column",
    "Matching",
    "Merged",
    "Ranked",
    "Ranker",
    "match",
    "match_by",
    "select",
    "silence",
]
