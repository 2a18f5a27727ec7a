"""What was worked out lately is not worked out again."""

from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Keeps the latest `limit` values by their keys; the one that came first goes first.

    For values that are a function of their key, so that forgetting one costs time and nothing else.
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
        while len(self._values) >= self._limit:
            self._values.pop(next(iter(self._values)), None)
        self._values[key] = value
        return value
