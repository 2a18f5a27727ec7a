"""Which answers to a topic a letter may show."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import EntryId, Strictness, Sureness, Topic, TopicHit
from newsletter.rules.matching import BUDGETS, budget_of, let_through

ABOUT = Topic("nets", "Nets", about="nets that catch nothing else")
QUERY = Topic("nets", "Nets", query="net")
BOTH = Topic("nets", "Nets", query="net", about="nets that catch nothing else")

NORMAL = BUDGETS[Strictness.NORMAL]


def answers(*chances: float | None) -> Mapping[EntryId, TopicHit]:
    return {
        EntryId(f"e{place}"): TopicHit(1 - place / 100, ("net",), chance=chance)
        for place, chance in enumerate(chances)
    }


def new(count: int) -> frozenset[EntryId]:
    return frozenset(EntryId(f"e{place}") for place in range(count))


def test_one_answer_passes_when_a_tenth_of_a_letter_would_have_it_by_accident() -> None:
    assert list(let_through(ABOUT, answers(0.0009), new(100), NORMAL)) == ["e0"]
    assert not let_through(ABOUT, answers(0.0011), new(100), NORMAL)


def test_the_more_answers_there_are_the_less_sure_each_has_to_be() -> None:
    assert len(let_through(ABOUT, answers(0.0029, 0.0029, 0.0029), new(100), NORMAL)) == 3


def test_a_query_alone_is_gated_by_its_query() -> None:
    assert len(let_through(QUERY, answers(None, None, None, None), new(100), NORMAL)) == 4


def test_with_a_query_only_the_entries_for_which_it_holds_were_asked() -> None:
    assert list(let_through(BOTH, answers(0.02, 0.9), new(100), NORMAL)) == ["e0"]


def test_while_too_few_entries_are_known_a_topic_shows_its_best_three() -> None:
    assert list(let_through(ABOUT, answers(None, None, None, None), new(9), NORMAL)) == [
        "e0",
        "e1",
        "e2",
    ]
    assert len(let_through(BOTH, answers(None, None, None, None), new(9), NORMAL)) == 4


def test_what_is_not_new_is_not_shown() -> None:
    assert not let_through(ABOUT, answers(1e-9), frozenset({EntryId("other")}), NORMAL)


@pytest.mark.parametrize(
    ("chance", "sureness"),
    [(0.00009, Sureness.STRONG), (0.0009, Sureness.GOOD), (0.004, Sureness.POSSIBLE)],
)
def test_the_reader_hears_how_sure_it_is(chance: float, sureness: Sureness) -> None:
    (hit,) = let_through(ABOUT, answers(chance), new(100), 0.5).values()

    assert hit.sureness is sureness


def test_topics_with_a_free_text_share_the_budget() -> None:
    assert budget_of(Strictness.NORMAL, [ABOUT, QUERY, BOTH]) == pytest.approx(0.05)
    assert budget_of(Strictness.STRICT, [QUERY]) == pytest.approx(0.05)


@given(st.lists(st.floats(1e-9, 1)), st.integers(0, 60))
def test_stricter_readers_see_less_of_the_same(chances: list[float], others: int) -> None:
    hits = answers(*chances)
    among = new(len(chances) + others)
    shown = [let_through(ABOUT, hits, among, BUDGETS[one]).keys() for one in Strictness]

    relaxed, normal, strict = (
        shown[list(Strictness).index(one)]
        for one in (Strictness.RELAXED, Strictness.NORMAL, Strictness.STRICT)
    )
    assert strict <= normal <= relaxed


@given(st.lists(st.floats(1e-9, 1)))
def test_what_passes_is_less_of_an_accident_than_what_does_not(chances: list[float]) -> None:
    hits = answers(*chances)
    shown = let_through(ABOUT, hits, new(len(chances)), NORMAL)
    others = [hit.chance or 0 for one, hit in hits.items() if one not in shown]

    assert all(
        (hit.chance or 0) < least for hit in shown.values() for least in [min(others, default=2)]
    )


def test_what_the_operator_gave_to_a_topic_passes_and_vouches_for_nothing() -> None:
    shown = let_through(ABOUT, answers(*[0.0] * 9, 0.05), new(100), NORMAL)

    assert len(shown) == 9
    assert all(hit.sureness is None for hit in shown.values())
