"""What was worked out lately is not worked out again."""

from collections.abc import Callable
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
        _forget_oldest(self._values, self._limit)


class WorkedOut(dict[Key, Value]):
    """What a function makes of its last `limit` arguments: `worked_out[argument]`.

    As `functools.lru_cache`, but those that came first go first, and what is known is found in half the time.
    """

    __slots__ = ("_limit", "_work_out")

    def __init__(self, limit: int, work_out: Callable[[Key], Value]) -> None:
        super().__init__()
        self._limit = limit
        self._work_out = work_out

    def __missing__(self, key: Key) -> Value:
        """Work out a value and keep it."""
        value = self._work_out(key)
        if len(self) >= self._limit:
            _forget_oldest(self, self._limit)
        self[key] = value
        return value


def _forget_oldest(values: dict[Key, Value], limit: int) -> None:
    # One at a time would pass over the places of all that went before, again and again.
    for key in list(values)[: max(1, limit // _SHARE)]:
        values.pop(key, None)  # another thread may have been faster
