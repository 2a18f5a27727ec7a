"""What was worked out lately is not worked out again."""

from typing import Final, Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

_SHARE: Final = 8
"""So many parts a full memory has of which the oldest is forgotten."""


class Recent(Generic[Key, Value]):
    """Keeps the latest `limit` values by their keys; those that came first go first, some at a time.

    For values that are a function of their key, so that forgetting one costs time and nothing else. A
    plain dict: one that knows its order otherwise takes three times the room for each key.
    """

    __slots__ = ("_limit", "_values", "get")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: dict[Key, Value] = {}
        self.get = self._values.get
        """Return the value of a key, None when it is not kept."""

    def __len__(self) -> int:
        return len(self._values)

    def keep(self, key: Key, value: Value) -> Value:
        """Keep `value`, forget the oldest where there are too many, and return it."""
        if len(self._values) >= self._limit:
            self._forget()
        self._values[key] = value
        return value

    def _forget(self) -> None:
        # One at a time would pass over the places of all that went before, again and again.
        for key in list(self._values)[: max(1, self._limit // _SHARE)]:
            self._values.pop(key, None)  # another thread may have been faster
