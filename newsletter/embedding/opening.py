"""From files that were found to a model that can be used."""

import hashlib
import json
import re
from pathlib import Path
from typing import Final

from newsletter.embedding.finding import FoundModel, missing_libraries
from newsletter.embedding.fingerprints import sha256_of, verify
from newsletter.embedding.known import KnownModel, ModelKind
from newsletter.embedding.tokens import missing_library
from newsletter.ports import Embedder, ModelId

_WAY: Final = "1"
"""Counts how this program makes a vector of a text. Another way gives models another id."""
_ID_DIGITS: Final = 12
_MAX_TOKENS: Final = 256
_TEXTS_A_RUN: Final = 16
"""Of the known network, whose numbers have the scales that stand in its file."""
_MOST_TOKENS: Final = 8_192
_LENGTH_FILE: Final = "sentence_bert_config.json"
_LARGEST_LENGTH_FILE: Final = 10_000
_NO_NAME: Final = re.compile(r"[^a-z0-9._-]+")


def open_model(found: FoundModel, *, threads: int | None = None) -> Embedder:
    """Return the model; a known one is verified by its SHA-256 first. It is loaded when it is used.

    `threads` is how many it takes to embed; None: as many as there are cores for this process.
    Raises MeaningError when a file is not what it should be, or a library is missing.
    """
    for name in missing_libraries(found.kind):
        raise missing_library(name)
    if found.known:
        _verify(found, found.known)
    if found.known and found.kind is ModelKind.STATIC:
        return _open_static(found, found.known)
    return _open_neural(found, threads)


def _verify(found: FoundModel, known: KnownModel) -> None:
    remedy = f"Bring it anew: newsletter models pull {known.name}"
    for path, file in zip((found.weights, found.tokenizer), known.files, strict=True):
        verify(path, file, remedy)


def _open_neural(found: FoundModel, threads: int | None) -> Embedder:
    # Late: whoever only asks what there is does without arrays.
    from newsletter.embedding.neural import NeuralEmbedder, NeuralFiles  # noqa: PLC0415

    longest = _longest(found)
    files = NeuralFiles(
        _id_of(found, longest),
        found.weights,
        found.tokenizer,
        longest,
        found.known.dimensions if found.known else None,
        _TEXTS_A_RUN if found.known else 1,
    )
    return NeuralEmbedder(files, threads=threads)


def _open_static(found: FoundModel, known: KnownModel) -> Embedder:
    from newsletter.embedding.word_vectors import StaticEmbedder, StaticFiles  # noqa: PLC0415

    model = _id_of(found, known.max_tokens)
    files = StaticFiles(model, found.weights, found.tokenizer, known.max_tokens, known.dimensions)
    return StaticEmbedder(files)


def _id_of(found: FoundModel, max_tokens: int) -> ModelId:
    parts = (_WAY, str(max_tokens), sha256_of(found.weights), sha256_of(found.tokenizer))
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    name = _NO_NAME.sub("-", found.name.lower()).strip("-")[:40] or "model"
    return ModelId(f"{name}-{digest[:_ID_DIGITS]}")


def _longest(found: FoundModel) -> int:
    """Return how many tokens the model reads: of the operator's own, what stands beside it."""
    if found.known:
        return found.known.max_tokens
    told = _told_length(found.weights.with_name(_LENGTH_FILE))
    return told if isinstance(told, int) and 0 < told <= _MOST_TOKENS else _MAX_TOKENS


def _told_length(path: Path) -> object:
    """Return `max_seq_length` as such models name it in a file beside them; None: not told."""
    try:
        with path.open("rb") as file:
            told = json.loads(file.read(_LARGEST_LENGTH_FILE))
    except (OSError, ValueError):
        return None
    return told.get("max_seq_length") if isinstance(told, dict) else None
