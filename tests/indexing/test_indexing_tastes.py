"""What somebody liked tells which other entries they want."""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import pytest

from newsletter.errors import MeaningError
from newsletter.indexing import LexicalIndex, Meaning
from newsletter.indexing.entry_vectors import EntryVectors
from newsletter.model import (
    Entry,
    EntryContent,
    EntryId,
    Liking,
    Rating,
    ReleaseNo,
    RevisionId,
    Topic,
)
from newsletter.ports import TellProgress, Vectors
from newsletter.testing import FakeClock
from newsletter.testing.meaning import WordEmbedder
from newsletter.testing.vectors import MemoryVectors

NOW: Final = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
BREAD: Final = "sourdough crust oven flour yeast"
ICE: Final = "glacier melting arctic floes meltwater"
BEETLES: Final = "beetle larvae bark forest elytra"
_WORDS: Final = """
    account bridge candle desert engine fabric garden hammer island jacket kettle ladder market needle
    orchard pillow quarry ribbon saddle tunnel umbrella valley window yard zipper anchor basket copper
    dragon feather goblet
"""
USUAL: Final = _WORDS.split()
ABOUT_ICE: Final = Topic("ice", "Ice", about="melting arctic ice")


class Tired(WordEmbedder):
    """A model that can be run a few times."""

    def __init__(self, runs: int) -> None:
        super().__init__()
        self.runs = runs
        self.refused = 0

    def embed(self, texts: Sequence[str], tell: TellProgress | None = None) -> Vectors:
        if self.runs <= 0:
            self.refused += 1
            message = "model.onnx: cannot be run"
            raise MeaningError(message)
        self.runs -= 1
        return super().embed(texts, tell)


def entry(name: str, text: str) -> Entry:
    content = EntryContent(title=f"{name}: {text}", abstract=f"We look at {text} again.")
    return Entry(EntryId(name), RevisionId("r"), content, (), NOW, ReleaseNo(1))


def some_of(field: str, place: int) -> str:
    """Return four of the five words of a field, and one that nobody else says."""
    said = field.split()
    said.pop(place % len(said))
    return " ".join([*said, f"case{place}"])


def usual(place: int) -> str:
    """Return five words, hardly ever the same ones: 31 is a prime."""
    return " ".join(USUAL[(place * 7 + step * (1 + place % 30)) % 31] for step in range(5))


def entries(count: int = 60) -> list[Entry]:
    """Return entries on this and that, of which the first few tens are four each on three fields."""
    few = [
        entry(f"{name}{place}", some_of(field, place))
        for place in range(4)
        for name, field in (("bread", BREAD), ("ice", ICE), ("beetle", BEETLES))
    ]
    others = (entry(f"e{place}", usual(place)) for place in range(count - len(few)))
    return [*few, *others][:count]


def ids_of(name: str) -> set[EntryId]:
    return {EntryId(f"{name}{place}") for place in range(4)}


def meaning_of(embedder: WordEmbedder) -> Meaning:
    return Meaning(embedder, MemoryVectors(), FakeClock(NOW))


def like(one: Entry, age_days: float = 1.0) -> Rating:
    return Rating(one, is_liked=True, age_days=age_days)


def dislike(one: Entry) -> Rating:
    return Rating(one, is_liked=False, age_days=1.0)


ABOUT_BREAD: Final = entry("liked bread", some_of(BREAD, 4))
ABOUT_ICE_TOO: Final = entry("liked ice", some_of(ICE, 4))
ABOUT_BEETLES: Final = entry("beetles", some_of(BEETLES, 4))


@pytest.fixture(params=["words and meaning", "words"])
def index(request: pytest.FixtureRequest) -> LexicalIndex:
    meaning = meaning_of(WordEmbedder()) if request.param == "words and meaning" else None
    return LexicalIndex(entries(), meaning=meaning)


def best_first(likings: dict[EntryId, Liking]) -> list[EntryId]:
    return sorted(likings, key=lambda id_: -likings[id_].score)


# What likes tell.


def test_entries_like_the_liked_one_are_above_all_others(index: LexicalIndex) -> None:
    found = dict(index.likings([like(ABOUT_BREAD)]))

    assert found.keys() == {one.id for one in entries()}
    assert set(best_first(found)[:4]) == ids_of("bread")
    assert {(one.nearest, one.title) for one in found.values()} == {
        (ABOUT_BREAD.id, ABOUT_BREAD.content.title)
    }


def test_the_same_text_scores_one(index: LexicalIndex) -> None:
    (first, *_) = entries()

    assert index.likings([like(first)])[first.id].score == pytest.approx(1, abs=0.01)


def test_each_is_told_by_the_like_that_is_nearest(index: LexicalIndex) -> None:
    found = index.likings([like(ABOUT_BREAD), like(ABOUT_ICE_TOO), dislike(ABOUT_BEETLES)])

    assert {found[one].nearest for one in ids_of("bread")} == {ABOUT_BREAD.id}
    assert {found[one].nearest for one in ids_of("ice")} == {ABOUT_ICE_TOO.id}
    assert {one.nearest for one in found.values()} == {ABOUT_BREAD.id, ABOUT_ICE_TOO.id}


def test_what_is_disliked_is_unwanted_and_below_nearly_all_others(index: LexicalIndex) -> None:
    found = dict(index.likings([like(ABOUT_BREAD), dislike(ABOUT_BEETLES)]))

    assert all(found[id_].score < 0 for id_ in ids_of("beetle"))
    assert len(ids_of("beetle").intersection(best_first(found)[-4:])) >= 3


def test_dislikes_alone_want_nothing(index: LexicalIndex) -> None:
    assert index.likings([dislike(ABOUT_BEETLES)]) == {}
    assert index.likings([]) == {}


def test_the_order_of_votes_does_not_matter(index: LexicalIndex) -> None:
    votes = [like(one, age_days=place) for place, one in enumerate(entries(8))]

    assert index.likings(votes) == index.likings(votes[::-1])


def test_a_vote_that_seems_to_come_from_tomorrow_counts_as_one_of_now(index: LexicalIndex) -> None:
    now, tomorrow = (index.likings([like(ABOUT_BREAD, age_days=age)]) for age in (0, -1))

    assert now == tomorrow


@pytest.mark.parametrize("count", [1, 2, 7])
def test_few_entries_are_enough_for_scores(count: int) -> None:
    index = LexicalIndex(entries(count), meaning=meaning_of(WordEmbedder()))

    found = index.likings([like(ABOUT_BREAD)])

    assert len(found) == count
    assert all(one.chance is None for one in found.values())


def test_an_empty_index_says_nothing() -> None:
    assert LexicalIndex([], meaning=meaning_of(WordEmbedder())).likings([like(ABOUT_BREAD)]) == {}


def test_a_liked_entry_without_a_word_is_like_no_other(index: LexicalIndex) -> None:
    empty = Entry(EntryId("x"), RevisionId("r"), EntryContent(title=""), (), NOW, ReleaseNo(1))

    scores = {round(one.score, 6) for one in index.likings([like(empty)]).values()}

    assert len(scores) == 1


def test_with_many_recent_entries_chances_are_told() -> None:
    index = LexicalIndex(entries(700))
    found = index.likings([like(ABOUT_BREAD)])

    chances = {id_: one.chance or 0 for id_, one in found.items()}
    assert all(0 < one <= 1 for one in chances.values())
    assert max(chances[one] for one in ids_of("bread")) < 1e-4
    assert sum(one < 1e-4 for one in chances.values()) == 4


# Bounds, and what must not matter.


def test_of_very_many_votes_the_newest_are_heard() -> None:
    index = LexicalIndex(entries(20))
    old = [like(ABOUT_ICE_TOO, age_days=100 + number) for number in range(500)]
    new = [like(ABOUT_BREAD, age_days=number / 100) for number in range(1_000)]

    assert index.likings([*old, *new]) == index.likings(new)


def test_likings_do_not_depend_on_older_entries_that_others_wait_for() -> None:
    recent = entries(40)
    typical = {one.id for one in recent}
    old = [entry(f"old {number}", f"sourdough oven relic{number}") for number in range(30)]
    votes = [like(ABOUT_BREAD), dislike(ABOUT_BEETLES)]

    alone = LexicalIndex(recent, typical).likings(votes)
    beside = LexicalIndex([*old, *recent], typical).likings(votes)

    for id_, one in alone.items():
        assert beside[id_].score == pytest.approx(one.score, abs=1e-5)


def test_rare_words_of_older_entries_count_as_well() -> None:
    typical = {one.id for one in entries(40)}
    old = [entry("same", "quokka habitats"), entry("other", "numbat habitats")]
    index = LexicalIndex([*old, *entries(40)], typical)

    found = index.likings([like(entry("liked", "quokka habitats"))])

    assert found[EntryId("same")].score > found[EntryId("other")].score + 0.1


# When the model cannot be run.


def test_topics_and_likes_ask_for_the_vectors_of_the_entries_together() -> None:
    embedder = WordEmbedder()
    index = LexicalIndex(entries(), meaning=meaning_of(embedder))

    index.answer(ABOUT_ICE)
    index.likings([like(ABOUT_BREAD)])
    index.likings([like(ABOUT_BREAD)])

    assert len(embedder.embedded) == len(set(embedder.embedded)) == 62


@pytest.mark.parametrize("runs", [0, 1], ids=["never", "for the entries alone"])
def test_without_the_model_likes_go_on_with_words_alone(
    runs: int, caplog: pytest.LogCaptureFixture
) -> None:
    embedder = Tired(runs)
    index = LexicalIndex(entries(), meaning=meaning_of(embedder))

    with caplog.at_level(logging.WARNING, "newsletter"):
        found = [index.likings([like(ABOUT_BREAD)]) for _ in range(3)]

    assert found == [LexicalIndex(entries()).likings([like(ABOUT_BREAD)])] * 3
    assert caplog.messages == [
        "Topics and likes are matched by words alone: model.onnx: cannot be run"
    ]
    assert embedder.refused == 1


def test_when_the_model_fails_for_a_topic_likes_go_without_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    index = LexicalIndex(entries(), meaning=meaning_of(Tired(1)))
    by_words = LexicalIndex(entries())

    assert index.answer(ABOUT_ICE) == by_words.answer(ABOUT_ICE)
    assert index.likings([like(ABOUT_BREAD)]) == by_words.likings([like(ABOUT_BREAD)])
    assert len(caplog.messages) == 1


def test_what_was_learned_with_the_model_stays_when_it_fails_later() -> None:
    embedder = Tired(2)
    index = LexicalIndex(entries(), meaning=meaning_of(embedder))
    whole = LexicalIndex(entries(), meaning=meaning_of(WordEmbedder()))
    votes = [like(ABOUT_BREAD)]

    assert index.likings(votes) == whole.likings(votes)
    ice = [like(ABOUT_ICE_TOO)]
    assert index.likings(ice) == LexicalIndex(entries()).likings(ice)


def test_without_a_model_nothing_is_read_for_it() -> None:
    class Unreadable(tuple[Entry, ...]):
        __slots__ = ()

        def __iter__(self) -> Iterator[Entry]:
            message = "nobody needs these"
            raise AssertionError(message)

    vectors = EntryVectors(Unreadable(), None)

    assert vectors.of_entries() is None
