"""What the operator's values are looked up in: the catalogue, and the folder of config.yaml."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import PlainValidator, ValidationInfo

from newsletter.preferences import Surroundings, text


@dataclass(frozen=True, slots=True)
class Place(Surroundings):
    """Surroundings, and the folder at which relative paths start."""

    folder: Path = Path()


def folder_of(info: ValidationInfo) -> Path:
    """Return the folder at which relative paths start."""
    return info.context.folder if isinstance(info.context, Place) else Path()


def _path(value: object, info: ValidationInfo) -> Path:
    written = value if isinstance(value, Path) else Path(text(1_000)(value))
    return folder_of(info) / written


ConfigPath = Annotated[Path, PlainValidator(_path)]
"""A path as the operator writes it, made absolute."""
