"""Many wishes are looked up at once: who can be chosen for on arrays, and whose letters are the same."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from newsletter.model import (
    Entry,
    EntryContent,
    EntryId,
    Order,
    ReleaseNo,
    RevisionId,
    Strictness,
    Topic,
    TopicHit,
)
from newsletter.rules.choosing import MOST_TOPICS, Columns, Crowd, Wish, make_shelf
from newsletter.rules.twins import Twins

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ENTRIES = [
    Entry(
        EntryId(f"e{place}"),
        RevisionId("r"),
        EntryContent(f"Paper {place} on subject {place * 7 % 11} of many"),
        (),
        NOW,
        ReleaseNo(place + 1),
    )
    for place in range(12)
]
TWINS = Twins({one.id: one for one in ENTRIES})
TOPICS = [Topic(f"t{place}", f"T{place}", query=f"q{place}") for place in range(MOST_TOPICS + 1)]
UNREADABLE = Topic("broken", "Broken", query="(")


class Answers:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, topics: Sequence[Topic]) -> Iterator[tuple[Topic, dict[EntryId, TopicHit]]]:
        for topic in topics:
            self.asked.append(topic.name)
            if topic != UNREADABLE:
                place = int(topic.name[1:]) % 10
                yield topic, {one.id: TopicHit(0.5, ("word",)) for one in ENTRIES[place:]}


def wish(*topics: Topic, at_most: int = 5, order: Order = Order.RELEVANCE) -> Wish:
    return topics, Strictness.NORMAL, at_most, order


def test_who_cannot_be_chosen_for_on_arrays_is_left_to_others() -> None:
    answers = Answers()
    crowd = Crowd(ENTRIES, TWINS, {}, answers)
    same_name = replace(TOPICS[1], name="t0")

    found = crowd.choose(
        [
            wish(TOPICS[0]),
            wish(),
            wish(*TOPICS),
            wish(TOPICS[0], same_name),
            wish(TOPICS[0], UNREADABLE),
            wish(*TOPICS[:-1]),
        ]
    )

    assert [choice is not None for choice in found] == [True, False, False, False, False, True]
    assert TOPICS[-1].name not in answers.asked


def test_who_asks_for_nobody_gets_nothing() -> None:
    assert list(Crowd(ENTRIES, TWINS, {}, Answers()).choose([])) == []


def test_letters_that_are_the_same_are_chosen_once_and_again_in_the_next_batch() -> None:
    crowd = Crowd(ENTRIES, TWINS, {}, Answers())
    first, other = wish(*TOPICS[:2]), wish(*TOPICS[:2], at_most=1)

    one, two, three = crowd.choose([first, other, first])
    (later, _) = crowd.choose([first, wish(*TOPICS[:5])])

    assert one is three is later
    assert one is not None
    assert two is not None
    assert len(one.chosen) == 5
    assert len(two.chosen) == 1


def test_the_order_of_the_letter_is_that_of_its_reader() -> None:
    crowd = Crowd(ENTRIES, TWINS, {}, Answers())
    newest, best = crowd.choose(
        [wish(TOPICS[0], TOPICS[9], order=Order.NEWEST), wish(TOPICS[0], TOPICS[9])]
    )
    assert newest is not None
    assert best is not None
    assert {one.entry for one in newest.chosen} == {one.entry for one in best.chosen}
    assert [one.entry for one in newest.chosen] == [f"e{place}" for place in (11, 10, 9, 8, 7)]


def test_equal_topics_have_one_column_whichever_of_them_is_asked_for() -> None:
    columns = Columns(make_shelf(ENTRIES, TWINS))
    hits = {ENTRIES[0].id: TopicHit(0.5, ("word",))}
    learned = [replace(topic) for topic in TOPICS]
    for topic in learned:
        columns.add(topic, hits)
    wanted = list(range(len(TOPICS)))

    for _ in range(3):
        copies = [replace(topic) for topic in TOPICS]  # perhaps where the last ones stood in memory
        assert columns.numbers(copies).tolist() == wanted
        assert columns.numbers(copies[::-1]).tolist() == wanted[::-1]
        del copies

    again = columns.add(replace(TOPICS[3]), hits)
    assert columns.numbers([TOPICS[3], learned[3], replace(TOPICS[3])]).tolist() == [again] * 3
    assert columns.numbers([UNREADABLE]).tolist() == [-1]
