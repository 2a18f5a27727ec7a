"""What was worked out lately is not worked out again."""

from collections import OrderedDict
from contextlib import suppress
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
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self.get = self._values.get
        """Return the value of a key, None when it is not kept."""

    def __len__(self) -> int:
        return len(self._values)

    def keep(self, key: Key, value: Value) -> Value:
        """Keep `value`, forget the oldest where there are too many, and return it."""
        while len(self._values) >= self._limit:
            with suppress(KeyError):  # another thread was faster
                self._values.popitem(last=False)  # a dict passes over the places of all that went
        self._values[key] = value
        return value
