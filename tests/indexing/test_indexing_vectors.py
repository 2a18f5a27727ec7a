"""Vectors are made once, whoever wants them, and are the same ever after."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import MeaningError
from newsletter.indexing import Meaning, entry_text, text_key
from newsletter.model import Entry, EntryContent, EntryId, ReleaseNo, RevisionId
from newsletter.ports import ModelId, TellProgress, Vectors
from newsletter.testing import FakeClock
from newsletter.testing.meaning import WordEmbedder
from newsletter.testing.vectors import MemoryVectors

NOW: Final = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
DAY: Final = timedelta(days=1)
TEXTS: Final = tuple(f"proof number {number} about lattices" for number in range(10))


class Desk:
    """A model, a store that outlives it, and a clock."""

    def __init__(self) -> None:
        self.embedder = WordEmbedder()
        self.store = MemoryVectors()
        self.clock = FakeClock(NOW)

    def meaning(self, batch: int = 4) -> Meaning:
        """Return a new one, as a process that starts has it: nothing is remembered but in the store."""
        return Meaning(self.embedder, self.store, self.clock, batch=batch)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def entry(title: str, abstract: str | None = None, tldr: str | None = None) -> Entry:
    content = EntryContent(title=title, abstract=abstract, tldr=tldr)
    return Entry(EntryId(title), RevisionId("r"), content, (), NOW, ReleaseNo(1))


# What is read of an entry.


def test_an_entry_is_read_by_its_title_and_abstract() -> None:
    assert (
        entry_text(entry("On Lattices", "We show\n  a bound.")) == "On Lattices. We show a bound."
    )


def test_a_summary_stands_in_for_an_abstract() -> None:
    assert entry_text(entry("On Lattices", tldr="A bound.")) == "On Lattices. A bound."
    assert entry_text(entry("On Lattices", "We show it.", "No.")) == "On Lattices. We show it."


@pytest.mark.parametrize(
    ("title", "abstract", "text"),
    [
        ("On Lattices", None, "On Lattices"),
        ("", "We show it.", "We show it."),
        ("", None, ""),
        ("Why Lattices?", "We show it.", "Why Lattices? We show it."),
        (r"$\mathcal{B}$-Coder", r"Schr\"odinger in $O(n^2)$", "B-Coder. Schrodinger in O(n2)"),
    ],
)
def test_titles_and_abstracts_are_joined_as_they_read(
    title: str, abstract: str | None, text: str
) -> None:
    assert entry_text(entry(title, abstract)) == text


def test_of_a_very_long_text_only_the_beginning_is_read() -> None:
    text = entry_text(entry("Title", "word " * 500_000))
    assert text.startswith("Title. word word")
    assert len(text) <= 2_500


def test_two_ways_to_break_lines_are_one_text() -> None:
    first, second = entry("A\nb", "c d\n e"), entry("A b", "c\td e")
    assert text_key(entry_text(first)) == text_key(entry_text(second))


def test_a_key_has_sixteen_bytes_whatever_the_text() -> None:
    keys = {text_key(text) for text in ("", "a", "\ud800", "☃" * 9_999)}
    assert {len(key) for key in keys} == {16}
    assert len(keys) == 4


# What is made, and what is not made again.


def test_there_is_a_row_for_each_text_in_their_order(desk: Desk) -> None:
    rows = desk.meaning().vectors(TEXTS)
    assert rows.shape == (10, 64)
    assert rows.dtype == np.dtype(np.float32)
    assert np.allclose(rows, WordEmbedder().embed(TEXTS), atol=1e-3)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-3)


def test_no_text_has_no_row(desk: Desk) -> None:
    assert desk.meaning().vectors([]).shape == (0, 64)
    assert not desk.embedder.embedded
    assert not desk.store.sizes


def test_a_text_without_a_word_has_a_row_of_zeros(desk: Desk) -> None:
    rows = desk.meaning().vectors(["", "lattice", "?!"])
    assert [bool(row.any()) for row in rows] == [False, True, False]


def test_equal_texts_are_made_once_and_have_equal_rows(desk: Desk) -> None:
    rows = desk.meaning().vectors(["a proof", "the lattice", "a proof"])
    assert (rows[0] == rows[2]).all()
    assert desk.embedder.embedded == ["a proof", "the lattice"]


def test_what_was_made_is_the_same_to_the_last_bit_wherever_it_is_found(desk: Desk) -> None:
    meaning = desk.meaning()
    made, remembered = meaning.vectors(TEXTS), meaning.vectors(TEXTS)
    found = desk.meaning().vectors(TEXTS)
    assert (made == remembered).all()
    assert (made == found).all()
    assert sorted(desk.embedder.embedded) == sorted(TEXTS)


def test_more_than_are_remembered_are_found_in_the_store(desk: Desk) -> None:
    many = [f"lattice {number}" for number in range(4_200)]
    meaning = desk.meaning(batch=1_000)
    made = meaning.vectors(many)
    assert (meaning.vectors(many) == made).all()
    assert len(desk.embedder.embedded) == 4_200


def test_only_what_is_missing_is_made(desk: Desk) -> None:
    desk.meaning().vectors(TEXTS[:4])
    desk.meaning().vectors(TEXTS[2:7])
    assert desk.embedder.embedded == list(TEXTS[:7])


def test_each_batch_is_kept_before_the_next_is_made(desk: Desk) -> None:
    desk.meaning(batch=4).vectors(TEXTS)
    assert desk.store.sizes == [4, 4, 2]


def test_another_model_has_vectors_of_its_own(desk: Desk) -> None:
    desk.meaning().vectors(TEXTS)
    other = WordEmbedder("others")
    Meaning(other, desk.store, desk.clock).vectors(TEXTS)
    assert other.embedded == list(TEXTS)


def test_a_vector_of_the_wrong_size_is_made_again(desk: Desk) -> None:
    desk.store.keep(desk.embedder.model, {text_key(TEXTS[0]): b"short"}, now=NOW)
    rows = desk.meaning().vectors(TEXTS[:1])
    assert np.allclose(rows, WordEmbedder().embed(TEXTS[:1]), atol=1e-3)


def test_vectors_of_entries_are_there_before_they_are_asked_for(desk: Desk) -> None:
    entries = [entry(text, "We prove it.") for text in TEXTS]
    assert desk.meaning().make([*entries, entries[0]]) == 10
    assert desk.meaning().make(entries) == 0
    made = list(desk.embedder.embedded)
    desk.meaning().vectors([entry_text(one) for one in entries])
    assert desk.embedder.embedded == made


def test_an_entry_that_is_told_anew_is_read_anew(desk: Desk) -> None:
    first = entry("On Lattices", "We guess it.")
    second = replace(first, content=replace(first.content, abstract="We prove it."))
    assert desk.meaning().make([first]) == desk.meaning().make([second]) == 1


# Progress.


def told(desk: Desk, texts: Sequence[str], **options: int) -> list[tuple[int, int]]:
    heard: list[tuple[int, int]] = []
    desk.meaning(**options).vectors(texts, lambda done, total: heard.append((done, total)))
    return heard


def test_progress_is_told_over_all_that_must_be_made(desk: Desk) -> None:
    desk.meaning().vectors(TEXTS[:3])
    heard = told(desk, TEXTS)
    assert {total for _, total in heard} == {7}
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == ((1, 7), (7, 7))


def test_where_nothing_is_to_be_made_nothing_is_told(desk: Desk) -> None:
    desk.meaning().vectors(TEXTS)
    assert told(desk, TEXTS) == []


def test_whoever_opened_it_may_listen_to_all(desk: Desk) -> None:
    heard: list[tuple[int, int]] = []
    meaning = Meaning(
        desk.embedder, desk.store, desk.clock, lambda done, total: heard.append((done, total))
    )
    meaning.vectors(TEXTS)
    meaning.make([entry("Another")])
    assert (10, 10) in heard
    assert heard[-1] == (1, 1)


# Trouble.


class TiredEmbedder(WordEmbedder):
    """Can be run so many times, then no more."""

    def __init__(self, runs: int) -> None:
        super().__init__()
        self.runs = runs

    def embed(self, texts: Sequence[str], tell: TellProgress | None = None) -> Vectors:
        if not self.runs:
            message = "model.onnx: cannot be run"
            raise MeaningError(message)
        self.runs -= 1
        return super().embed(texts, tell)


def test_a_model_that_fails_loses_one_batch_at_most(desk: Desk) -> None:
    desk.embedder = tired = TiredEmbedder(2)
    meaning = desk.meaning(batch=4)
    with pytest.raises(MeaningError, match="cannot be run"):
        meaning.vectors(TEXTS)
    assert len(desk.store.kept) == 8
    tired.runs = 1
    meaning.vectors(TEXTS)
    assert sorted(tired.embedded) == sorted(TEXTS), "nothing is made twice, nothing stays taken"


# In use, and forgotten.


def test_what_is_looked_up_now_and_then_is_never_forgotten(desk: Desk) -> None:
    texts = [f"lattice {number}" for number in range(40)]
    desk.meaning().vectors(texts)
    for _ in range(40):
        desk.clock.move(7 * DAY)
        desk.meaning().vectors(texts)
        desk.store.forget(unused_since=desk.clock.now() - 120 * DAY)
    assert sorted(desk.embedder.embedded) == sorted(texts)


def test_on_one_day_only_some_are_written_down_as_used(desk: Desk) -> None:
    texts = [f"lattice {number}" for number in range(200)]
    desk.meaning().vectors(texts)
    desk.store.sizes.clear()
    desk.clock.move(DAY)
    desk.meaning().vectors(texts)
    assert 0 < sum(desk.store.sizes) < 60


# Threads.


class WatchedEmbedder(WordEmbedder):
    """Waits within a run until another thread is in a run as well, as far as there are two."""

    def __init__(self) -> None:
        super().__init__()
        self.met = threading.Barrier(2)
        self.guard = threading.Lock()

    def embed(self, texts: Sequence[str], tell: TellProgress | None = None) -> Vectors:
        self.met.wait(timeout=20)
        with self.guard:
            return super().embed(texts, tell)


def in_two_threads(meaning: Meaning, *wanted: Sequence[str]) -> list[Vectors]:
    found: dict[int, Vectors] = {}

    def work(number: int) -> None:
        found[number] = meaning.vectors(wanted[number])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return [found[number] for number in range(2)]


def test_two_threads_that_want_the_same_share_the_work(desk: Desk) -> None:
    desk.embedder = watched = WatchedEmbedder()
    texts = TEXTS[:8]
    first, second = in_two_threads(desk.meaning(batch=4), texts, texts)
    assert sorted(watched.embedded) == sorted(texts), "both were at work, on different batches"
    assert (first == second).all()


def test_who_wants_a_single_text_does_not_wait_for_all_others(desk: Desk) -> None:
    desk.embedder = WatchedEmbedder()
    in_two_threads(desk.meaning(batch=10), TEXTS, ["an urgent question"])


def test_one_who_waits_takes_over_when_the_other_fails(desk: Desk) -> None:
    class FirstFails(WordEmbedder):
        def __init__(self) -> None:
            super().__init__()
            self.begun, self.runs = threading.Event(), 0

        def embed(self, texts: Sequence[str], tell: TellProgress | None = None) -> Vectors:
            self.runs += 1
            if self.runs == 1:
                self.begun.wait(timeout=20)
                message = "cannot be run"
                raise MeaningError(message)
            return super().embed(texts, tell)

    desk.embedder = embedder = FirstFails()
    meaning, rows = desk.meaning(), list[Vectors]()

    def fail() -> None:
        with pytest.raises(MeaningError):
            meaning.vectors(TEXTS[:4])

    threads = [threading.Thread(target=fail)]
    threads[0].start()
    while not embedder.runs:
        threads[0].join(timeout=0.001)
    threads.append(threading.Thread(target=lambda: rows.append(meaning.vectors(TEXTS[:4]))))
    threads[1].start()
    embedder.begun.set()
    for thread in threads:
        thread.join(timeout=30)
    assert embedder.embedded == list(TEXTS[:4])
    assert rows[0].any(axis=1).all()


@given(st.lists(st.lists(st.integers(0, 12), max_size=9), max_size=6), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_rows_are_those_of_the_model_whatever_was_asked_before(
    calls: list[list[int]], batch: int
) -> None:
    desk = Desk()
    meaning = desk.meaning(batch)
    for numbers in calls:
        texts = [f"lattice{number} theory" for number in numbers]
        rows = meaning.vectors(texts)
        for row, text in zip(rows, texts, strict=True):
            assert np.allclose(row, WordEmbedder().embed([text])[0], atol=1e-3)
    assert len(desk.embedder.embedded) == len(set(desk.embedder.embedded))
    assert {model for model, _ in desk.store.kept} <= {ModelId("words-64")}
