"""The vectors of the entries of one index, and of texts beside them, as long as the model can be run."""

import logging
from collections.abc import Sequence

from newsletter.errors import MeaningError
from newsletter.indexing.meaning import Meaning, entry_text
from newsletter.model import Entry
from newsletter.ports import Vectors

_log = logging.getLogger("newsletter.matching")


class EntryVectors:
    """Asks a model of meaning, and goes without one from the first time on that it cannot be run.

    That is said in the log, once. The vectors of the entries are asked for when somebody wants them first.
    """

    def __init__(self, entries: Sequence[Entry], meaning: Meaning | None) -> None:
        self._entries = entries
        self._meaning = meaning
        self._known: Vectors | None = None

    def of_entries(self) -> "Vectors | None":
        """Return a row for each entry, in their order; None without a model."""
        if self._meaning is not None and self._known is None:
            self._known = self.of([entry_text(one) for one in self._entries])
        return None if self._meaning is None else self._known

    def of(self, texts: Sequence[str]) -> "Vectors | None":
        """Return a row for each of `texts`; None without a model."""
        meaning = self._meaning
        if meaning is None:
            return None
        try:
            return meaning.vectors(texts)
        except MeaningError as error:
            self._meaning = None
            _log.warning("Topics and likes are matched by words alone: %s", error)
            return None
