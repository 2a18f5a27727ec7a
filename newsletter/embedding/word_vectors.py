"""A model that knows a vector for each word, and nothing of the words beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from newsletter.embedding.lengths import of_length_one
from newsletter.embedding.safetensors import map_matrix
from newsletter.embedding.telling import Teller
from newsletter.embedding.tokens import Tokens, load_tokens
from newsletter.errors import MeaningError
from newsletter.ports import ModelId, TellProgress, Vectors


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """Where the vectors lie, and the tokenizer that numbers them."""

    model: ModelId
    weights: Path
    tokenizer: Path
    max_tokens: int
    dimensions: int


class StaticEmbedder:
    """Implements `ports.Embedder` by the mean of the vectors of a text's tokens."""

    def __init__(self, files: StaticFiles) -> None:
        self._files = files

    @property
    def model(self) -> ModelId:
        """The model, by its name and its bytes."""
        return self._files.model

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        return self._files.dimensions

    def embed(self, texts: Sequence[str], tell: TellProgress | None = None) -> Vectors:
        """Return one row for each of `texts`; a text without a word has a row of zeros.

        Raises MeaningError when the files cannot be loaded.
        """
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        teller = Teller(tell, len(texts))
        for number, text in enumerate(texts):
            if tokens := self._tokens.of(text):
                rows[number] = self._matrix[tokens].mean(axis=0, dtype=np.float32)
            teller.add(1)
        return of_length_one(rows)

    @cached_property
    def _matrix(self) -> NDArray[np.floating]:
        matrix = map_matrix(self._files.weights)
        if matrix.shape[1] != self.dimensions:
            message = f"{self._files.weights}: has {matrix.shape[1]} columns, not {self.dimensions}"
            raise MeaningError(message)
        return matrix

    @cached_property
    def _tokens(self) -> Tokens:
        return load_tokens(
            self._files.tokenizer, max_tokens=self._files.max_tokens, takes_special=False
        )
