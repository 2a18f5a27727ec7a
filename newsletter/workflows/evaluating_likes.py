"""Learning from likes put to the test: do the first likes of readers foretell their later ones?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from newsletter.errors import JudgedError
from newsletter.model import Entry
from newsletter.rules.evaluation import LikedCollection, Scores
from newsletter.rules.liking import SIZES, LikesFigures
from newsletter.rules.liking import evaluate_likes as foretell_likes
from newsletter.workflows.evaluating import TellPhase, as_entry

Foretell = Callable[[Sequence[int]], Scores]
"""Scores all entries for one who liked those at the given places, oldest first."""


@dataclass(frozen=True, slots=True)
class LikesPorts:
    """What it needs of the world. `learn` makes ready to foretell over fixed entries."""

    learn: Callable[[Sequence[Entry]], Foretell]
    tell: TellPhase


@dataclass(frozen=True, slots=True)
class LikesEvaluation:
    """The figures after so many likes. `unknown` likes are of documents that the collection lacks."""

    documents: int
    readers: int
    at: Mapping[int, LikesFigures]
    unknown: int


def evaluate_likes(collection: LikedCollection, ports: LikesPorts) -> LikesEvaluation:
    """Return how well the later likes of readers are foretold.

    Raises JudgedError where nobody liked two documents of the collection.
    """
    rows = {document.id: row for row, document in enumerate(collection.documents)}
    readers = [[rows[name] for name in one.liked if name in rows] for one in collection.readers]
    total = sum(len(liked) > size for liked in readers for size in SIZES)
    if not total:
        message = (
            f"{collection.name}: no reader liked two documents; readers name them by the ids of "
        )
        raise JudgedError(f"{message}docs.jsonl")
    ports.tell("Reading", 0, len(rows))
    foretell = ports.learn([as_entry(document) for document in collection.documents])
    counted = iter(range(total))

    def told(liked: Sequence[int]) -> Scores:
        ports.tell("Learning", next(counted), total)
        return foretell(liked)

    return LikesEvaluation(
        documents=len(rows),
        readers=len(readers),
        at=foretell_likes(readers, told),
        unknown=sum(name not in rows for one in collection.readers for name in one.liked),
    )
