"""What threads that want vectors share: those that were wanted lately, and who makes which now."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice

from newsletter.ports import TextKey


class Remembered:
    """The vectors that were wanted last, a fixed number of them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._vectors: OrderedDict[TextKey, bytes] = OrderedDict()
        self._guard = threading.Lock()

    def find(self, keys: Iterable[TextKey]) -> dict[TextKey, bytes]:
        """Return those of `keys` that are known."""
        with self._guard:
            found = {key: self._vectors[key] for key in keys if key in self._vectors}
            for key in found:
                self._vectors.move_to_end(key)
            return found

    def put(self, vectors: Mapping[TextKey, bytes]) -> None:
        """Remember `vectors`; those that were wanted longest ago go where there are too many."""
        with self._guard:
            for key, vector in vectors.items():
                self._vectors[key] = vector
                self._vectors.move_to_end(key)
            while len(self._vectors) > self.limit:
                self._vectors.popitem(last=False)


class Claims:
    """Which texts some thread is making vectors of, so that no other thread makes the same."""

    def __init__(self) -> None:
        self._taken: set[TextKey] = set()
        self._changed = threading.Condition()

    @contextmanager
    def take(self, wanted: Iterable[TextKey], limit: int) -> Iterator[list[TextKey]]:
        """Give the first of `wanted` that nobody has, at most `limit`; wait while others have all."""
        with self._changed:
            while not (mine := self._free(wanted, limit)):
                self._changed.wait()
            self._taken.update(mine)
        try:
            yield mine
        finally:
            with self._changed:
                self._taken.difference_update(mine)
                self._changed.notify_all()

    def _free(self, wanted: Iterable[TextKey], limit: int) -> list[TextKey]:
        return list(islice((key for key in wanted if key not in self._taken), limit))
