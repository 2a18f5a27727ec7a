"""How good are rankings, and how honest is the gate, on collections with judgements?"""

from newsletter.rules.evaluation.judged import (
    DocumentId,
    Grade,
    JudgedCollection,
    JudgedDocument,
    JudgedQuery,
    LikedCollection,
    QueryId,
    ReaderLikes,
)
from newsletter.rules.evaluation.letters import (
    BUDGET,
    LEAST_BACKGROUND,
    LETTER_SIZE,
    Gated,
    Parts,
    gate,
    part,
)
from newsletter.rules.evaluation.measures import (
    SEARCHED,
    SHOWN,
    Judged,
    Measures,
    Rows,
    Scores,
    best_rows,
    mean,
    measure,
)

__all__ = [
    "BUDGET",
    "LEAST_BACKGROUND",
    "LETTER_SIZE",
    "SEARCHED",
    "SHOWN",
    "DocumentId",
    "Gated",
    "Grade",
    "Judged",
    "JudgedCollection",
    "JudgedDocument",
    "JudgedQuery",
    "LikedCollection",
    "Measures",
    "Parts",
    "QueryId",
    "ReaderLikes",
    "Rows",
    "Scores",
    "best_rows",
    "gate",
    "mean",
    "measure",
    "part",
]
