"""Records that are made by the million, one for each reader of a run."""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True)
def record(cls: type[_T]) -> type[_T]:
    """Make a slotted dataclass that is compared and hashed by its fields; nobody changes one.

    As with `frozen=True`, and for the type checker it is that. Python's own lock on each field would make
    an object of ten fields take five times as long as this, and planning makes ten such for a letter.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
