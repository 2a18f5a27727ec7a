"""Arrays that others are put behind."""

from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

_Kind = TypeVar("_Kind", bound=np.generic)

_FIRST_ROOM: Final = 4_096


class Growing(Generic[_Kind]):
    """An array that others are put behind."""

    __slots__ = ("_room", "size")

    def __init__(self, kind: type[_Kind]) -> None:
        self._room = np.empty(_FIRST_ROOM, kind)
        self.size = 0

    def extend(self, more: NDArray[np.generic]) -> None:
        """Put an array behind what is there."""
        size = self.size + len(more)
        if size > len(self._room):
            larger = np.empty(max(size, len(self._room) * 5 // 4), self._room.dtype)
            larger[: self.size] = self._room[: self.size]
            self._room = larger
        self._room[self.size : size] = more
        self.size = size

    def append(self, one: int) -> None:
        """Put one value behind what is there."""
        if self.size == len(self._room):
            self.extend(np.array([one]))
        else:
            self._room[self.size] = one
            self.size += 1

    def filled(self) -> NDArray[_Kind]:
        """Return all that was put there; of use until more comes."""
        return self._room[: self.size]
