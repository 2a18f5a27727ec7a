"""Vectors of texts, in memory."""

import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from newsletter.ports import ModelId, TextKey


class MemoryVectors:
    """Implements `ports.VectorStore` for the threads of one process.

    `kept` is all that there is; `used_on` when each was used last, to the day. `sizes` lists with how
    many vectors `keep` was called, one after the other.
    """

    def __init__(self) -> None:
        self.kept: dict[tuple[ModelId, TextKey], bytes] = {}
        self.used_on: dict[tuple[ModelId, TextKey], date] = {}
        self.sizes: list[int] = []
        self._guard = threading.Lock()

    def find(self, model: ModelId, keys: Iterable[TextKey]) -> Mapping[TextKey, bytes]:
        """Return the vectors that are known of `keys`."""
        with self._guard:
            return {key: self.kept[model, key] for key in keys if (model, key) in self.kept}

    def keep(self, model: ModelId, vectors: Mapping[TextKey, bytes], *, now: datetime) -> None:
        """Keep vectors; one that is there already stays and counts as used today."""
        today = now.astimezone(UTC).date()
        with self._guard:
            self.sizes.append(len(vectors))
            for key, vector in vectors.items():
                self.kept.setdefault((model, key), vector)
                self.used_on[model, key] = max(self.used_on.get((model, key), today), today)

    def forget(self, *, unused_since: datetime) -> int:
        """Forget those that were last used on a day before that of `unused_since`."""
        before = unused_since.astimezone(UTC).date()
        with self._guard:
            old = [name for name, day in self.used_on.items() if day < before]
            for name in old:
                del self.kept[name], self.used_on[name]
            return len(old)
