"""From topics to matches: which entries answer one subscriber, how well, and why. The door of this room."""

from newsletter.rules.matching.deciding import Matching, Ranked, match, rank, select
from newsletter.rules.matching.silence import silence

__all__ = ["Matching", "Ranked", "match", "rank", "select", "silence"]
