"""From topics to matches: which entries answer one subscriber, how well, and why. The door of this room."""

from newsletter.rules.matching.answers import (
    AnswersMany,
    AnswerTable,
    Spots,
    TabledAnswer,
    TellsMany,
    numbers_of,
)
from newsletter.rules.matching.columns import Column, Ranker
from newsletter.rules.matching.deciding import Matching, match, select
from newsletter.rules.matching.gate import (
    BUDGETS,
    asked_by,
    budget_of,
    graded,
    in_daily_letters,
    let_through,
    share_of,
    sureness_of,
)
from newsletter.rules.matching.liking import liked_alone, with_likings
from newsletter.rules.matching.merging import Merged, Ranked, newest_first
from newsletter.rules.matching.scoring import (
    FURTHER_TOPIC_SHARE,
    prior_terms,
    source_name,
    topic_name,
)
from newsletter.rules.matching.silence import silence

__all__ = [
    "BUDGETS",
    "FURTHER_TOPIC_SHARE",
    "AnswerTable",
    "AnswersMany",
    "Column",
    "Matching",
    "Merged",
    "Ranked",
    "Ranker",
    "Spots",
    "TabledAnswer",
    "TellsMany",
    "asked_by",
    "budget_of",
    "graded",
    "in_daily_letters",
    "let_through",
    "liked_alone",
    "match",
    "newest_first",
    "numbers_of",
    "prior_terms",
    "select",
    "share_of",
    "silence",
    "source_name",
    "sureness_of",
    "topic_name",
    "with_likings",
]
