from dataclasses import replace

import pytest

from newsletter.model import EntryId, OutboxEvent, Settlement, Standing, SubscriberId
from newsletter.ports import Outbox
from newsletter.testing.office import Office
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan, make_slot

NOW = FIRST_SLOT_AT
ADA = SubscriberId("ada")
BOB = SubscriberId("bob")


def named(office: Office) -> set[str]:
    """Return what was named by title alone."""
    return set(office.standing().named)


def shares(office: Office) -> tuple[set[str], set[str]]:
    """Return what appeared and what was given back."""
    return set(office.standing().appeared), office.given_back()


def fail(outbox: Outbox) -> None:
    """Let everything that waits be refused."""
    items = outbox.claim(now=NOW, limit=100)
    outbox.record(
        ended=[Settlement(one.id, OutboxEvent.REJECT, "554 no") for one in items], now=NOW
    )


def test_titles_that_a_failed_letter_named_are_given_back(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"], also=["b", "c", "d", "e"])])
    assert (named(office), shares(office)) == ({"b", "c", "d", "e"}, ({"a"}, set()))
    fail(outbox)
    assert (named(office), shares(office)) == (set(), (set(), {"a", "b", "c", "d", "e"}))

    office.ledger.plan([make_plan("ada", ["b"], also=["c"], slot=make_slot(day=1))])
    assert (named(office), shares(office)) == ({"c"}, ({"b"}, {"a", "d", "e"}))

    fail(outbox)
    assert shares(office) == (set(), {"a", "b", "c", "d", "e"})


def test_what_was_shown_once_does_not_count_as_named(office: Office) -> None:
    office.ledger.plan([make_plan("ada", ["a"], also=["b"])])
    office.ledger.plan([make_plan("ada", ["b"], also=["a"], slot=make_slot(day=1))])
    assert (named(office), shares(office)) == (set(), ({"a", "b"}, set()))


def test_marks_are_a_standing_without_what_appeared(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"], also=["b"])])
    fail(outbox)
    office.ledger.plan([make_plan("ada", ["a", "c"], slot=make_slot(day=1))])

    whole, marks = office.standing(), office.ledger.marks([ADA, BOB])

    assert marks == {ADA: replace(whole, appeared=frozenset()), BOB: Standing(BOB)}
    assert marks[ADA].given_back == {"b"}


@pytest.mark.parametrize("others", [0, 500])
def test_appearances_are_filled_in_as_far_as_asked(office: Office, others: int) -> None:
    office.ledger.plan([make_plan("ada", ["a", "b"], also=["c", "d"]), make_plan("bob", ["b"])])
    marks = office.ledger.marks([ADA, BOB])
    asked = [EntryId(entry) for entry in ("b", "d", "x", *(f"x{one}" for one in range(others)))]

    filled = office.ledger.with_appearances(marks.values(), asked)

    assert filled == {
        ADA: replace(marks[ADA], appeared=frozenset(asked[:1]), named=frozenset(asked[1:2])),
        BOB: replace(marks[BOB], appeared=frozenset(asked[:1])),
    }
    assert office.ledger.with_appearances(marks.values(), ()) == marks
