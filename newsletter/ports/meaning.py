"""How texts become vectors that are near each other when they mean the same, and where these are kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NewType, Protocol, TypeAlias

if (
    TYPE_CHECKING
):  # who only delivers letters does without arrays, and without the time to load them
    import numpy as np
    from numpy.typing import NDArray

Vectors: TypeAlias = "NDArray[np.float32]"
"""Of n texts n rows, each of length 1, so that the product of two rows is their cosine."""

ModelId = NewType("ModelId", str)
"""Names a model and the bytes of it: equal texts have equal vectors under one id."""

TextKey = NewType("TextKey", bytes)
"""16 bytes that stand for one text (BLAKE2b): what a stored vector is found by."""

TellProgress: TypeAlias = Callable[[int, int], None]
"""Is told how many texts of how many are done, at most a few times a second."""


class Embedder(Protocol):
    """A model of meaning, in memory."""

    @property
    def model(self) -> ModelId:
        """The model, by its name and its bytes."""
        ...

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        ...

    def embed(self, texts: Sequence[str], tell: TellProgress | None = None) -> Vectors:
        """Return one row for each of `texts`; a text without a word has a row of zeros.

        Long texts are cut where the model ends. The row of a text does not depend on the texts beside it
        but for rounding. Raises MeaningError when the model cannot be run.
        """
        ...


class VectorStore(Protocol):
    """Vectors that were made before. Losing one costs the time to make it again, nothing else."""

    def find(self, model: ModelId, keys: Iterable[TextKey]) -> Mapping[TextKey, bytes]:
        """Return the vectors that are known of `keys`: float16, little-endian."""
        ...

    def keep(self, model: ModelId, vectors: Mapping[TextKey, bytes], *, now: datetime) -> None:
        """Keep vectors; one that is there already stays and counts as used now."""
        ...

    def forget(self, *, unused_since: datetime) -> int:
        """Forget what was kept before that moment and not again since; return how many."""
        ...
