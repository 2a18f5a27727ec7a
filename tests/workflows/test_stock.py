"""What a run has read, it keeps; what it could not read, it reads when it is asked again."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.errors import StorageError
from newsletter.indexing import build_index
from newsletter.model import (
    Entry,
    EntryContent,
    EntryId,
    NewEntry,
    ReleaseNo,
    RevisionId,
    SourceName,
)
from newsletter.rules.planning import Desk
from newsletter.testing.stores import MemoryEntryStore
from newsletter.workflows.stock import Stock

NOW = datetime(2026, 1, 10, tzinfo=UTC)
COUNT = 12
FEED = SourceName("feed")


class TroubledStore(MemoryEntryStore):
    """Its first read fails."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    def released(self, *, above: ReleaseNo) -> Sequence[Entry]:
        self.reads += 1
        if self.reads == 1:
            message = "the database is locked"
            raise StorageError(message)
        return super().released(above=above)


def test_what_could_not_be_read_is_read_when_it_is_asked_again() -> None:
    store = TroubledStore()
    papers = [
        NewEntry(EntryId(f"e{place}"), EntryContent(f"Paper {place}"), FEED, frozenset())
        for place in range(COUNT)
    ]
    store.change([], lambda _: papers, now=NOW - timedelta(hours=1))
    desk = Desk(now=NOW, release=ReleaseNo(COUNT), dressing=RevisionId(""), entries={})
    stock = Stock(desk, store, build_index)

    with pytest.raises(StorageError):
        stock.workbench((), ())

    assert len(stock.workbench((), ()).pool) == COUNT
    reads = store.reads
    assert len(stock.workbench((), ()).pool) == COUNT
    assert store.reads == reads
