"""What one planner learned of topics another takes over, and its letters are the same."""

import logging
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.indexing import FolderExchange, LexicalIndex, build_index
from newsletter.model import (
    Entry,
    EntryContent,
    EntryId,
    Order,
    ReleaseNo,
    RevisionId,
    Strictness,
    Topic,
)
from newsletter.rules.choosing import Columns, Crowd, Exchange, Stretch, learning, make_shelf
from newsletter.rules.matching import AnswerTable
from newsletter.rules.twins import Twins
from newsletter.workflows.questions import Questions

WORDS = (
    *("guard", "policy", "robot", "learning", "jailbreak", "graph", "cell", "image", "speech"),
    *("study", "privacy", "protein", "weather", "climate", "kernel", "agent", "reward", "soil"),
)
MOMENT = datetime(2026, 5, 1, tzinfo=UTC)
OLD, ALL = 600, 640


def entry(number: int, dice: random.Random) -> Entry:
    title, abstract = (" ".join(dice.choices(WORDS, k=size)) for size in (5, 9))
    content = EntryContent(f"{title} {number}", abstract)
    return Entry(EntryId(f"e{number}"), RevisionId("r"), content, (), MOMENT, ReleaseNo(number + 1))


DICE = random.Random(7)  # noqa: S311 - entries, not secrets
ENTRIES = [entry(number, DICE) for number in range(ALL)]


@pytest.fixture(autouse=True)
def everything_is_worth_telling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "_WORTH_TELLING", 1)


FRESH = ENTRIES[OLD:]
INDEX = build_index(ENTRIES, {one.id for one in ENTRIES[:OLD]})
ABOUTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map(" ".join)
TOPICS = st.lists(
    st.builds(
        lambda about, weight: Topic(about, about, about=about, weight=weight),
        ABOUTS,
        st.sampled_from([1.0, 2.0]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda topic: topic.name,
)
ASKED = st.tuples(TOPICS, st.sampled_from(Strictness))


class Listening:
    """The index, and what it was asked to tell."""

    def __init__(self, index: LexicalIndex) -> None:
        self._index = index
        self.fingerprint = index.fingerprint
        self.words_at = index.words_at
        self.told: list[Topic] = []

    def tell(
        self, topics: Sequence[Topic], among: Iterable[EntryId] | None = None
    ) -> Iterator[tuple[Sequence[Topic], AnswerTable]]:
        self.told += topics
        return self._index.tell(topics, among)


def crowd_of(teller: Listening, exchange: Exchange | None, fresh: Sequence[Entry] = FRESH) -> Crowd:
    twins = Twins({one.id: one for one in ENTRIES})
    return Crowd(fresh, twins, {}, Questions(INDEX).answer_all, teller, exchange)


def letter_of(crowd: Crowd, asked: tuple[Sequence[Topic], Strictness]) -> object:
    (letter,) = crowd.choose([(*asked, 5, Order.RELEVANCE)])
    assert letter is not None
    return letter


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(ASKED, st.booleans()), min_size=1, max_size=6))
def test_letters_are_the_same_whoever_learned_their_topics(
    tmp_path_factory: pytest.TempPathFactory,
    letters: list[tuple[tuple[list[Topic], Strictness], bool]],
) -> None:
    folder = tmp_path_factory.mktemp("exchange")
    alone = crowd_of(Listening(INDEX), None)
    crew = [crowd_of(Listening(INDEX), FolderExchange(folder, name)) for name in "ab"]

    for asked, turn in letters:
        assert letter_of(crew[turn], asked) == letter_of(alone, asked)


def test_what_another_learned_is_not_learned_again(tmp_path: Path) -> None:
    first, second = Listening(INDEX), Listening(INDEX)
    asked = [Topic(about, about, about=about) for about in ("robot policy", "speech")]
    before = crowd_of(first, FolderExchange(tmp_path, "a"))
    after = crowd_of(second, FolderExchange(tmp_path, "b"))

    wanted = letter_of(before, (asked, Strictness.RELAXED))

    assert letter_of(after, (asked, Strictness.RELAXED)) == wanted
    assert first.told == asked
    assert second.told == []
    assert letter_of(after, (asked[:1], Strictness.RELAXED))  # a wider gate for one topic alone
    assert second.told == asked[:1]


def reworded(place: int) -> list[Entry]:
    """Return the entries, one of which says other words."""
    entries = list(ENTRIES)
    said = replace(entries[place].content, abstract="soil climate")
    entries[place] = replace(entries[place], content=said)
    return entries


@pytest.mark.parametrize(
    "other",
    [
        build_index(ENTRIES, {one.id for one in ENTRIES[: OLD - 1]}),
        build_index(reworded(3), {one.id for one in ENTRIES[:OLD]}),
    ],
    ids=["another background", "other words"],
)
def test_of_another_index_nothing_is_taken_over(tmp_path: Path, other: LexicalIndex) -> None:
    topics = [Topic("robot", "robot", about="robot")]
    letter_of(
        crowd_of(Listening(INDEX), FolderExchange(tmp_path, "a")), (topics, Strictness.NORMAL)
    )
    teller = Listening(other)

    letter_of(crowd_of(teller, FolderExchange(tmp_path, "b")), (topics, Strictness.NORMAL))

    assert teller.told == topics


def test_of_other_entries_of_the_index_nothing_is_taken_over(tmp_path: Path) -> None:
    topics = [Topic("robot", "robot", about="robot")]
    letter_of(
        crowd_of(Listening(INDEX), FolderExchange(tmp_path, "a")), (topics, Strictness.NORMAL)
    )
    teller = Listening(INDEX)
    some = crowd_of(teller, FolderExchange(tmp_path, "b"), FRESH[1:])

    letter_of(some, (topics, Strictness.NORMAL))

    assert teller.told == topics


def test_an_index_that_tells_nothing_takes_nothing_over() -> None:
    assert build_index(ENTRIES[:60]).fingerprint() == ""
    assert INDEX.fingerprint()


def stretch_of(topics: Sequence[Topic]) -> Stretch:
    columns = Columns(make_shelf(FRESH, Twins({one.id: one for one in ENTRIES})))
    for some, table in INDEX.tell(topics, [one.id for one in FRESH]):
        columns.add_table(some, table, [0.5] * len(some))
    return columns.since(0)


def same(mine: Stretch, other: Stretch) -> bool:
    return [list(one) for one in _parts(mine)] == [list(one) for one in _parts(other)]


def _parts(one: Stretch) -> tuple[Sequence[object], ...]:
    arrays = (one.sizes, one.places, one.values, one.chances, one.counts, one.spots)
    return (one.topics, one.budgets, *(array.tolist() for array in arrays))


@settings(deadline=None)
@given(TOPICS, st.data())
def test_a_part_of_what_was_learned_is_what_is_learned_of_these_topics(
    topics: list[Topic], data: st.DataObject
) -> None:
    places = data.draw(st.lists(st.sampled_from(range(len(topics))), unique=True).map(sorted))

    some = stretch_of(topics).part(places)

    assert same(some, stretch_of([topics[place] for place in places]))


def test_each_hears_once_what_others_gave_and_not_its_own(tmp_path: Path) -> None:
    given_away = stretch_of([Topic("robot", "Robots", about="robot", weight=2.0)])
    mine, other = (FolderExchange(tmp_path, name) for name in "ab")

    talk, heard_by = mine.about("this"), other.about("this")
    talk.give(given_away)

    assert not list(talk.take())
    assert not list(other.about("that").take())
    (heard,) = heard_by.take()
    assert heard.topics == given_away.topics
    assert same(heard, given_away)
    assert not list(heard_by.take())
    assert len(list(mine.about("this").take())) == 1  # who begins anew hears what was its own


@pytest.mark.parametrize("damage", [b"", b"no archive", None])
def test_a_damaged_file_is_told_and_everybody_learns_alone(
    tmp_path: Path, damage: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    mine, other = (FolderExchange(tmp_path, name) for name in "ab")
    whole = stretch_of([Topic("robot", "Robots", about="robot")])
    talk, heard_by = mine.about("this"), other.about("this")
    talk.give(whole if damage is not None else whole._replace(sizes=whole.sizes + 1))
    if damage is not None:
        (file,) = (tmp_path / "this").iterdir()
        file.write_bytes(damage)

    with caplog.at_level(logging.WARNING):
        assert not list(heard_by.take())

    assert "for themselves" in caplog.text
    talk.give(whole)
    assert not list(heard_by.take())


def test_without_a_folder_nothing_is_told_and_nothing_is_lost(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = FolderExchange(tmp_path / "gone", "a").about("this")

    with caplog.at_level(logging.WARNING):
        nowhere.give(stretch_of([Topic("robot", "Robots", about="robot")]))

    assert "gone" in caplog.text
    assert not list(nowhere.take())
