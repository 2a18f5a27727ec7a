"""EMBED: read the meaning of what was collected, so that no letter waits for that."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from newsletter.errors import MeaningError
from newsletter.model import Entry
from newsletter.ports import EntryStore, TellProgress
from newsletter.rules.topicality import USUAL, Topicality, as_topics_see

EMBEDDED_WINDOW: Final = timedelta(days=15)
"""How old an entry may be: what letters choose from or are measured by, also tomorrow. Of older ones
vectors are made when somebody needs them."""


class MakeVectors(Protocol):
    """A model of meaning with a store of vectors."""

    def make(self, entries: Iterable[Entry], tell: TellProgress | None = None) -> int:
        """Make and keep the vectors of `entries` that are not kept yet; return how many.

        What is made is kept batch by batch, whatever ends the call. Raises MeaningError when the
        model cannot be run.
        """
        ...


@dataclass(frozen=True, slots=True)
class Embedded:
    """How many vectors were made. `trouble` says why none could be; None: all are there.

    Of a call that was stopped or in trouble the number is not known, and 0.
    """

    made: int = 0
    trouble: str | None = None


def embed_new(
    entries: EntryStore,
    meaning: MakeVectors,
    *,
    now: datetime,
    topicality: Topicality = USUAL,
    tell: TellProgress = lambda _done, _total: None,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Embedded:
    """Make the vectors that entries of the last two weeks lack, of what topics see of them.

    So what an earlier call left, or was too late for, is made as well. A model that cannot be run
    is a `trouble`, never an error: letters go by words alone then. When `is_stopping` says so, it
    ends within a moment. Raises StorageError.
    """

    def tell_or_stop(done: int, total: int) -> None:
        if is_stopping():
            raise _StoppedError
        tell(done, total)

    found = entries.find(since=now - EMBEDDED_WINDOW)
    try:
        made = meaning.make((as_topics_see(one, topicality) for one in found), tell_or_stop)
    except MeaningError as error:
        return Embedded(trouble=str(error))
    except _StoppedError:
        return Embedded()  # the next call goes on where this one ended
    return Embedded(made)


class _StoppedError(Exception):
    """Leads out of a model that is at work."""
