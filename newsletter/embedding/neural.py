"""A model that reads a text as a whole."""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np

from newsletter.embedding.sessions import Network
from newsletter.embedding.telling import Teller
from newsletter.embedding.tokens import Tokens, load_tokens
from newsletter.errors import MeaningError
from newsletter.ports import ModelId, TellProgress, Vectors

_WINDOW: Final = 256
"""Texts that are sorted by length at once, so that many texts need no more memory than few."""
_TOKENS_A_RUN: Final = 256
"""Measured, texts a second of one core: of 8 tokens 122 alone and 300 in sixteens; of 256 tokens 8
alone and 8 in eights. More at once costs memory and gains nothing."""
_TRIAL: Final = "A quiet sea."

_Numbered = tuple[int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class NeuralFiles:
    """Where a model lies, and what is known of it. `dimensions` None: it is asked.

    `texts_a_run` is more than 1 only where the row of a text is the same whatever stands beside it.
    In networks that choose the scale of their numbers by all they are given (dynamic quantisation)
    it is not.
    """

    model: ModelId
    weights: Path
    tokenizer: Path
    max_tokens: int
    dimensions: int | None
    texts_a_run: int


@dataclass(frozen=True, slots=True)
class _Loaded:
    network: Network
    tokens: Tokens
    dimensions: int


class NeuralEmbedder:
    """Implements `ports.Embedder` by a network that is loaded when it is first used.

    Loaded, it takes about ten times the memory of its file: 220 MB for that of 22 MB.
    """

    def __init__(self, files: NeuralFiles, *, threads: int | None = None) -> None:
        """Take `threads` for embedding; None: one for each core that this process may use."""
        self._files = files
        self._threads = threads or _usable_cores()
        self._guard = Lock()
        self._loaded: _Loaded | None = None

    @property
    def model(self) -> ModelId:
        """The model, by its name and its bytes."""
        return self._files.model

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        return self._files.dimensions or self._load().dimensions

    def embed(self, texts: Sequence[str], tell: TellProgress | None = None) -> Vectors:
        """Return one row for each of `texts`; a text without a word has a row of zeros.

        Raises MeaningError when the model cannot be loaded or run.
        """
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        if not texts:
            return rows
        loaded, teller = self._load(), Teller(tell, len(texts))
        pool = ThreadPoolExecutor(self._threads, "embedding")
        try:
            for first in range(0, len(texts), _WINDOW):
                window = texts[first : first + _WINDOW]
                known = [(first + at, loaded.tokens.of(text)) for at, text in enumerate(window)]
                batches = list(_batches(known, self._files.texts_a_run))
                found = pool.map(loaded.network.rows, map(_tokens_of, batches))
                teller.add(sum(not tokens for _, tokens in known))
                for batch, made in zip(batches, found, strict=True):
                    rows[[number for number, _ in batch]] = made
                    teller.add(len(batch))
        finally:
            pool.shutdown(cancel_futures=True)
        return rows

    def _load(self) -> _Loaded:
        with self._guard:
            if self._loaded is None:
                self._loaded = _load(self._files)
            return self._loaded


def _load(files: NeuralFiles) -> _Loaded:
    tokens = load_tokens(files.tokenizer, max_tokens=files.max_tokens, takes_special=True)
    network = Network(files.weights)
    dimensions = network.rows([tokens.of(_TRIAL) or (0,)]).shape[1]
    if files.dimensions not in {None, dimensions}:
        message = f"{files.weights}: gives {dimensions} dimensions, not {files.dimensions}"
        raise MeaningError(message)
    return _Loaded(network, tokens, dimensions)


def _batches(texts: Iterable[_Numbered], most: int) -> Iterator[list[_Numbered]]:
    """Yield texts of about one length together, the longest first: the last to end are short."""
    ordered = sorted(texts, key=lambda text: len(text[1]), reverse=True)
    batch: list[_Numbered] = []
    for text in ordered:
        if not text[1]:
            break
        tokens = (len(batch) + 1) * len(batch[0][1] if batch else text[1])
        if batch and (tokens > _TOKENS_A_RUN or len(batch) == most):
            yield batch
            batch = []
        batch.append(text)
    if batch:
        yield batch


def _tokens_of(batch: Sequence[_Numbered]) -> list[Sequence[int]]:
    return [tokens for _, tokens in batch]


def _usable_cores() -> int:
    """Return how many cores this process may use; not every system can say."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
