"""After a pull the meaning of what is new is read, whatever the model does."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from newsletter.errors import MeaningError
from newsletter.indexing import Meaning, entry_text
from newsletter.model import (
    Admission,
    EntryContent,
    EntryId,
    IdentityKey,
    NewEntry,
    SourceName,
)
from newsletter.ports import TellProgress, Vectors
from newsletter.rules.topicality import EntryField, SourceTopicality
from newsletter.testing import FakeClock
from newsletter.testing.meaning import WordEmbedder
from newsletter.testing.stores import MemoryEntryStore
from newsletter.testing.vectors import MemoryVectors
from newsletter.workflows import Embedded, embed_new

NOW: Final = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
DAY: Final = timedelta(days=1)
PAGES: Final = SourceName("pages")


class Desk:
    """Stored entries, and a model with its store."""

    def __init__(self, embedder: WordEmbedder | None = None) -> None:
        self.entries = MemoryEntryStore()
        self.embedder = embedder or WordEmbedder()
        self.vectors = MemoryVectors()
        self.meaning = Meaning(self.embedder, self.vectors, FakeClock(NOW), batch=4)

    def collect(
        self,
        *names: str,
        at: datetime = NOW,
        admission: Admission = Admission.RELEASED,
    ) -> None:
        new = [
            NewEntry(
                EntryId(name),
                EntryContent(title=f"On {name}", abstract="We prove it."),
                PAGES,
                frozenset({IdentityKey(f"title:{name}")}),
                admission=admission,
            )
            for name in names
        ]
        self.entries.change((), lambda _: new, now=at)

    def embed(self) -> Embedded:
        return embed_new(self.entries, self.meaning, now=NOW)


def test_what_is_new_is_read_once() -> None:
    desk = Desk()
    desk.collect("rings", "groups")
    assert desk.embed() == Embedded(2)
    desk.collect("fields")
    assert desk.embed() == Embedded(1)
    assert desk.embed() == Embedded(0)
    assert desk.embedder.embedded == [
        f"On {one}. We prove it." for one in ("rings", "groups", "fields")
    ]


def test_what_no_letter_chooses_from_waits_until_somebody_needs_it() -> None:
    desk = Desk()
    desk.collect("old", at=NOW - 30 * DAY)
    desk.collect("held", admission=Admission.HELD)
    desk.collect("recent", at=NOW - 14 * DAY)
    assert desk.embed() == Embedded(1)
    assert desk.embedder.embedded == ["On recent. We prove it."]


def test_only_what_topics_see_of_an_entry_is_read() -> None:
    desk = Desk()
    desk.collect("rings")
    shown = {PAGES: SourceTopicality(fields=frozenset({EntryField.TITLE}))}
    embed_new(desk.entries, desk.meaning, now=NOW, topicality=shown)
    assert desk.embedder.embedded == ["On rings"]


def test_what_is_read_is_what_is_asked_for_later() -> None:
    desk = Desk()
    desk.collect("rings")
    desk.embed()
    desk.meaning.vectors([entry_text(one) for one in desk.entries.find()])
    assert len(desk.embedder.embedded) == 1


def test_progress_is_told() -> None:
    desk, heard = Desk(), list[tuple[int, int]]()
    desk.collect(*map(str, range(6)))
    embed_new(
        desk.entries, desk.meaning, now=NOW, tell=lambda done, total: heard.append((done, total))
    )
    assert heard[-1] == (6, 6)


class BrokenEmbedder(WordEmbedder):
    def embed(
        self,
        texts: Sequence[str],  # noqa: ARG002 - it never gets to them
        tell: TellProgress | None = None,  # noqa: ARG002 - nor to this
    ) -> Vectors:
        message = "model.onnx: cannot be run"
        raise MeaningError(message)


def test_a_model_that_cannot_be_run_is_told_and_stops_nothing() -> None:
    desk = Desk(BrokenEmbedder())
    desk.collect("rings")
    assert desk.embed() == Embedded(0, "model.onnx: cannot be run")


def test_a_program_that_ends_does_not_wait_and_goes_on_the_next_time() -> None:
    desk, heard = Desk(), list[int]()
    desk.collect(*map(str, range(10)))

    def is_stopping() -> bool:
        heard.append(1)
        return len(heard) > 6

    stopped = embed_new(desk.entries, desk.meaning, now=NOW, is_stopping=is_stopping)
    assert stopped == Embedded()
    assert len(desk.vectors.kept) == 4, "the batch that was whole"
    assert desk.embed() == Embedded(6)
