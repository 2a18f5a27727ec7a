"""Where a model lies: in the data folder, in an installed package, or in a folder of the operator's.

The packages are never imported: what their code does is not asked for, their files are.
"""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from newsletter.embedding.known import KNOWN, KnownModel, ModelFile, ModelKind, known_model
from newsletter.errors import MeaningError

WEIGHTS: Final = "model.onnx"
TOKENIZER: Final = "tokenizer.json"
_LIBRARIES: Final = {
    ModelKind.NEURAL: ("onnxruntime", "tokenizers"),
    ModelKind.STATIC: ("tokenizers",),
}


class Place(StrEnum):
    """Where the files of a model were found."""

    DATA = "data folder"
    PACKAGE = "package"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model whose files are there; nothing was read. `known` None: it is the operator's own."""

    name: str
    place: Place
    weights: Path
    tokenizer: Path
    known: KnownModel | None

    @property
    def kind(self) -> ModelKind:
        """How it makes a vector."""
        return self.known.kind if self.known else ModelKind.NEURAL


def find_known(model: KnownModel, folder: Path) -> FoundModel | None:
    """Return where the files of `model` lie: below `folder`, that of the models, or in packages.

    None: at least one of them is in neither.
    """
    found = [file_of(file, folder / model.name) for file in model.files]
    weights, tokenizer = found
    if weights is None or tokenizer is None:
        return None
    is_ours = weights.parent == folder / model.name
    return FoundModel(
        model.name, Place.DATA if is_ours else Place.PACKAGE, weights, tokenizer, model
    )


def file_of(file: ModelFile, folder: Path) -> Path | None:
    """Return where the file lies: in `folder` under its own name, else in its package."""
    of_ours = folder / file.name
    return of_ours if of_ours.is_file() else in_package(file)


def find_own(folder: Path) -> FoundModel:
    """Return the operator's own model in `folder`. Raises MeaningError when it is not whole."""
    missing = [name for name in (WEIGHTS, TOKENIZER) if not (folder / name).is_file()]
    if missing:
        message = (
            f"{folder}: there is no {' and no '.join(missing)} in it; a model is a folder with "
            f"{WEIGHTS} and {TOKENIZER}, or one of: {_names()}"
        )
        raise MeaningError(message)
    return FoundModel(folder.name, Place.FOLDER, folder / WEIGHTS, folder / TOKENIZER, None)


def find_named(written: str, base: Path, models: Path) -> FoundModel:
    """Return the model that `written` means: a known name, else a folder, relative to `base`.

    `models` is the folder of the models that were pulled. Raises MeaningError with the remedy when
    it is not there.
    """
    model = known_model(written)
    if model is None:
        return find_own(base / written)
    found = find_known(model, models)
    if found is None:
        raise MeaningError(f"{model.name}: its files are not here; {remedy_for(model)}")
    return found


def find_best(models: Path) -> FoundModel | None:
    """Return the best known model whose files and libraries are there; None: there is none."""
    return next(_ready(models), None)


def missing_libraries(kind: ModelKind) -> tuple[str, ...]:
    """Return the libraries that a model of this kind needs and that are not installed."""
    return tuple(name for name in _LIBRARIES[kind] if importlib.util.find_spec(name) is None)


def remedy_for(model: KnownModel) -> str:
    """Return how to get the files of a known model."""
    pull = f"newsletter models pull {model.name}"
    return f'pip install "newsletter[semantic]", or {pull}' if model == KNOWN[0] else pull


def _ready(models: Path) -> Iterator[FoundModel]:
    for model in KNOWN:
        found = find_known(model, models)
        if found and not missing_libraries(model.kind):
            yield found


def in_package(file: ModelFile) -> Path | None:
    """Return the file inside its installed package; to look for a package does not run it."""
    package, _, rest = file.member.partition("/")
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder, rest)
        if path.is_file():
            return path
    return None


def _names() -> str:
    return ", ".join(model.name for model in KNOWN)
