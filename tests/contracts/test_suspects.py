"""After a worker died: what it held goes in small groups, what was held twice goes alone."""

from datetime import timedelta

from newsletter.model import OutboxState
from newsletter.testing.office import Office, begin, claim_one, crash, lose_reply
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan

NOW = FIRST_SLOT_AT
LATER = NOW + timedelta(hours=1)
NAMES = ("ada", "bob", "eve", "a", "b", "c", "new", "old", "mid")


def die(office: Office, worker: str) -> None:
    office.dead.add(worker)
    office.worker("heir").recover(now=NOW)


def test_what_was_held_once_when_a_worker_died_is_tried_together(office: Office) -> None:
    office.ledger.plan([make_plan(name, ["x"]) for name in NAMES])
    office.worker("one").claim(now=NOW, limit=8)
    die(office, "one")

    heir = office.worker("heir")
    claimed = [len(heir.claim(now=NOW, limit=100)) for _ in range(3)]

    assert claimed == [1, 8, 0], "the one that nobody held, then all the others at once"


def test_what_was_held_twice_when_a_worker_died_is_tried_alone(office: Office) -> None:
    office.ledger.plan([make_plan(name, ["x"]) for name in NAMES[:3]])
    office.worker("one").claim(now=NOW, limit=3)
    die(office, "one")
    office.worker("two").claim(now=NOW, limit=2)
    die(office, "two")

    heir = office.worker("heir")
    claimed = [[item.subscriber for item in heir.claim(now=NOW, limit=100)] for _ in range(4)]

    assert claimed == [["eve"], ["ada"], ["bob"], []]


def test_the_third_death_still_ends_a_letter(office: Office) -> None:
    office.ledger.plan([make_plan("ada", ["x"])])
    for worker in ("one", "two", "three"):
        claim_one(office.worker(worker))
        die(office, worker)
    (item,) = office.worker("heir").find()
    assert (item.state, item.crashes) == (OutboxState.FAILED, 3)


def test_errors_count_like_deaths(office: Office) -> None:
    office.ledger.plan([make_plan(name, ["x"]) for name in NAMES[:3]])
    outbox = office.worker()
    for item in outbox.claim(now=NOW, limit=3):
        crash(outbox, item)
    first, *others = outbox.claim(now=NOW, limit=100)
    assert len(others) == 2
    for item in (first, *others):
        crash(outbox, item)
    assert len(outbox.claim(now=NOW, limit=100)) == 1


def test_what_was_in_data_when_a_session_ended_waits_for_an_answer_that_may_come(
    office: Office,
) -> None:
    office.ledger.plan([make_plan("ada", ["x"])])
    item = claim_one(office.worker("one"))
    begin(office.worker("one"), item)
    die(office, "one")
    heir = office.worker("heir")

    (uncertain,) = heir.find()
    assert uncertain.state is OutboxState.UNCERTAIN
    if uncertain.not_before:  # on a server, where the worker may live on
        assert uncertain.not_before == NOW + timedelta(minutes=10)
        assert list(heir.claim(now=NOW, limit=1)) == []
    later = NOW + timedelta(minutes=10)
    assert [one.id for one in heir.claim(now=later, limit=1)] == [item.id]


def test_a_lost_answer_of_our_own_waits_as_long_as_it_is_told_to(office: Office) -> None:
    office.ledger.plan([make_plan("ada", ["x"])])
    outbox = office.worker()
    assert lose_reply(outbox).id == claim_one(outbox).id


def test_two_deaths_in_data_leave_no_letter_behind(office: Office) -> None:
    """A lost answer is the other side's doing; that we died twice in a row is not."""
    office.ledger.plan([make_plan("ada", ["x"])])
    for worker in ("one", "two"):
        outbox = office.worker(worker)
        (item,) = outbox.claim(now=LATER, limit=1)
        begin(outbox, item)
        die(office, worker)

    (again,) = office.worker("heir").claim(now=LATER, limit=9)

    assert (again.state, again.crashes) == (OutboxState.CLAIMED, 2)


def test_the_third_death_in_data_holds_a_letter_for_the_operator(office: Office) -> None:
    office.ledger.plan([make_plan("ada", ["x"])])
    for worker in ("one", "two", "three"):
        outbox = office.worker(worker)
        (item,) = outbox.claim(now=LATER, limit=1)
        begin(outbox, item)
        die(office, worker)

    assert list(office.worker("heir").claim(now=LATER, limit=9)) == []
    (held,) = office.worker("heir").find()
    assert held.state is OutboxState.UNCERTAIN
