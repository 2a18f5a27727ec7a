"""Learning from likes, evaluated: texts as letters see them, with the model that letters would use."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.bootstrap.evaluating import TellPhase, open_meaning, open_workroom
from newsletter.indexing import Meaning, entry_text
from newsletter.judged import read_liked
from newsletter.model import Entry
from newsletter.rules.evaluation import Scores
from newsletter.rules.liking import Texts, Vocabulary, default_method, telling_words
from newsletter.workflows import LikesEvaluation, LikesPorts, evaluate_likes


@dataclass(frozen=True, slots=True)
class LikesResult:
    """What was measured, with which model; `model` None: by words alone. `remark` may be empty."""

    collection: str
    method: str
    model: str | None
    evaluation: LikesEvaluation
    remark: str


def evaluate_likes_in(folder: Path, config_path: Path, *, tell: TellPhase) -> LikesResult:
    """Return how well the likes in `folder` foretell later ones.

    Raises JudgedError where it cannot be read, ConfigError for a config that cannot be used.
    """
    tell("Reading", 0, 0)
    collection = read_liked(folder)
    workroom = open_workroom(config_path)
    embedder = workroom.embedder()
    with open_meaning(embedder, workroom, tell) as (meaning, remark):

        def learn(entries: Sequence[Entry]) -> Callable[[Sequence[int]], Scores]:
            return default_method(_texts(entries, meaning))

        evaluation = evaluate_likes(collection, LikesPorts(learn, tell))
    model = embedder.model if embedder else None
    return LikesResult(collection.name, "default", model, evaluation, remark)


def _texts(entries: Sequence[Entry], meaning: Meaning | None) -> Texts:
    read = [entry_text(entry) for entry in entries]
    counted = list(map(telling_words, read))
    vectors = meaning.vectors(read) if meaning else None
    return Texts(Vocabulary.of(counted).weigh(counted), vectors)
