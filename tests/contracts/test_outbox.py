from datetime import timedelta

import pytest

from newsletter.errors import IllegalTransitionError
from newsletter.model import (
    Accounting,
    OutboxEvent,
    OutboxId,
    OutboxState,
    Settlement,
    SubscriberId,
)
from newsletter.ports import Outbox
from newsletter.testing.office import (
    Office,
    begin,
    claim_one,
    crash,
    lose_reply,
    only_message,
    settle,
)
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan, make_slot

NOW = FIRST_SLOT_AT
ADA = SubscriberId("ada")
S = OutboxState
E = OutboxEvent


def test_a_letter_that_is_taken_is_sent(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"])])

    item = claim_one(outbox)
    assert (item.state, item.attempts) == (S.CLAIMED, 1)
    assert begin(outbox, item)
    assert only_message(outbox).state is S.IN_DATA
    settle(outbox, item, E.ACCEPT, "250 ok")

    sent = only_message(outbox)
    assert (sent.state, sent.last_reply) == (S.SENT, "250 ok")
    assert (sent.message_id, sent.message_sha256, sent.updated_at) == ("<1@example.org>", "ab", NOW)
    assert outbox.accounting() == Accounting(sent=1)
    assert list(outbox.claim(now=NOW, limit=1)) == []


def test_the_oldest_slot_goes_first_and_no_more_than_asked(office: Office, outbox: Outbox) -> None:
    days = {"new": 2, "old": 0, "mid": 1}
    office.ledger.plan(
        [make_plan(name, ["a"], slot=make_slot(day=day)) for name, day in days.items()]
    )

    assert [item.subscriber for item in outbox.claim(now=NOW, limit=2)] == ["old", "mid"]
    assert [item.subscriber for item in outbox.claim(now=NOW, limit=2)] == ["new"]
    assert [item.subscriber for item in outbox.find(limit=2)] == ["new", "mid"]


def test_what_one_worker_holds_no_other_can_claim_or_begin(office: Office) -> None:
    one, two = office.worker("one"), office.worker("two")
    office.ledger.plan([make_plan("ada", ["a"])])

    item = claim_one(one)

    assert list(two.claim(now=NOW, limit=5)) == []
    assert not begin(two, item)
    assert begin(one, item)
    assert not begin(one, item)


def test_a_deferred_letter_waits_for_its_time(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"])])
    later = NOW + timedelta(minutes=10)
    item = claim_one(outbox)
    outbox.record(ended=[Settlement(item.id, E.DEFER, "451 later", not_before=later)], now=NOW)

    assert list(outbox.claim(now=NOW, limit=1)) == []
    (again,) = outbox.claim(now=later, limit=1)
    assert (again.attempts, again.last_reply) == (2, "451 later")


def test_a_refused_letter_gives_its_entries_back(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"])])
    settle(outbox, claim_one(outbox), E.REJECT, "550 5.1.1 no such user")
    assert only_message(outbox).state is S.FAILED
    assert office.given_back() == {"a"}


def test_an_uncertain_letter_is_sent_again_once_and_then_held(
    office: Office, outbox: Outbox
) -> None:
    office.ledger.plan([make_plan("ada", ["a"])])
    assert lose_reply(outbox).id == only_message(outbox).id
    lose_reply(outbox)
    again = only_message(outbox)
    assert (again.state, again.resends, again.attempts) == (S.UNCERTAIN, 1, 2)

    assert list(outbox.claim(now=NOW, limit=1)) == []
    assert office.given_back() == set()
    assert outbox.accounting() == Accounting(uncertain=1)


def test_what_may_have_arrived_is_sent_again_after_the_rest(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"]), make_plan("bob", ["b"], slot=make_slot(day=1))])
    lose_reply(outbox)
    claimed = outbox.claim(now=NOW, limit=2)
    assert [item.subscriber for item in claimed] == ["bob", "ada"]


def test_an_uncertain_letter_is_held_where_the_policy_says_so(office: Office) -> None:
    outbox = office.worker(resend_limit=0)
    office.ledger.plan([make_plan("ada", ["a"])])
    lose_reply(outbox)
    assert list(outbox.claim(now=NOW, limit=1)) == []


def test_the_operator_can_say_what_became_of_an_uncertain_letter(
    office: Office, outbox: Outbox
) -> None:
    office.ledger.plan([make_plan("ada", ["a"]), make_plan("bob", ["b"])])
    settle(outbox, lose_reply(outbox), E.ACCEPT, "seen in the log")
    settle(outbox, lose_reply(outbox), E.REJECT, "not in the log")
    assert outbox.accounting() == Accounting(sent=1, failed=1)
    assert office.given_back("bob") == {"b"}


def test_a_letter_that_may_have_arrived_never_gives_back(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"])])
    lose_reply(outbox)
    settle(outbox, claim_one(outbox), E.REJECT, "550 spam")
    assert only_message(outbox).state is S.FAILED
    assert office.given_back() == set()


def test_a_worker_that_dies_loses_its_leases(office: Office) -> None:
    one, two = office.worker("one"), office.worker("two")
    office.ledger.plan([make_plan("ada", ["a"]), make_plan("bob", ["b"])])
    first, second = one.claim(now=NOW, limit=2)
    begin(one, first)

    assert two.recover(now=NOW) == 0
    office.dead.add("one")
    assert two.recover(now=NOW) == 2

    states = {item.id: item.state for item in two.find()}
    assert states == {first.id: S.UNCERTAIN, second.id: S.DEFERRED}
    assert not begin(one, second)


def test_a_worker_taken_for_dead_cannot_disturb_its_heir(office: Office) -> None:
    one, two = office.worker("one"), office.worker("two")
    office.ledger.plan([make_plan("ada", ["a"])])
    item = claim_one(one)
    office.dead.add("one")
    two.recover(now=NOW)
    claim_one(two)

    settle(one, item, E.REJECT, "550 late news")

    assert only_message(two).state is S.CLAIMED
    assert begin(two, item)


def test_a_late_answer_about_an_uncertain_letter_still_counts(office: Office) -> None:
    one, two = office.worker("one"), office.worker("two")
    office.ledger.plan([make_plan("ada", ["a"])])
    item = claim_one(one)
    begin(one, item)
    office.dead.add("one")
    two.recover(now=NOW)

    settle(one, item, E.ACCEPT, "250 ok")

    assert only_message(two).state is S.SENT


def test_three_crashes_end_a_letter_and_the_others_go_first(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"]), make_plan("bob", ["b"])])
    ada = claim_one(outbox)
    crash(outbox, ada)
    bob = claim_one(outbox)
    assert bob.subscriber == "bob"
    settle(outbox, bob, E.REJECT, "550")

    crash(outbox, claim_one(outbox))
    assert outbox.find(subscriber=ADA)[0].state is S.DEFERRED
    crash(outbox, claim_one(outbox))

    failed = outbox.find(subscriber=ADA)[0]
    assert (failed.state, failed.crashes) == (S.FAILED, 3)
    assert failed.last_reply == "given up after 3 crashes; last: KeyError: 'x'"
    assert office.given_back() == {"a"}


def test_a_crash_in_data_is_uncertain(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"])])
    item = claim_one(outbox)
    begin(outbox, item)
    crash(outbox, item)
    assert only_message(outbox).state is S.UNCERTAIN


def test_an_illegal_end_changes_nothing(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"]), make_plan("bob", ["b"])])
    first, second = outbox.claim(now=NOW, limit=2)
    ends = [
        Settlement(first.id, E.DEFER, "451"),
        Settlement(second.id, E.ACCEPT, "250"),
    ]
    with pytest.raises(IllegalTransitionError):
        outbox.record(ended=ends, now=NOW)
    assert {item.state for item in outbox.find()} == {S.CLAIMED}


def test_the_end_of_a_message_that_was_erased_comes_to_nothing(outbox: Outbox) -> None:
    outbox.record(ended=[Settlement(OutboxId(7), E.ACCEPT, "250")], now=NOW)
    assert outbox.accounting().planned == 0


def test_messages_are_found_by_state_and_subscriber(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"]), make_plan("bob", ["b"])])
    claim_one(outbox)
    assert [item.subscriber for item in outbox.find(states=frozenset({S.QUEUED}))] == ["bob"]
    assert [item.state for item in outbox.find(subscriber=ADA)] == [S.CLAIMED]
    assert list(outbox.find(states=frozenset())) == []
