"""Both state machines, whole: every state meets every event."""

from itertools import product

import pytest

from newsletter.errors import IllegalTransitionError
from newsletter.model import (
    OUTBOX_TRANSITIONS,
    SUBSCRIPTION_TRANSITIONS,
    WAITING,
    Accounting,
    OutboxEvent,
    OutboxState,
    SubscriptionEvent,
    SubscriptionState,
    next_outbox_state,
    next_subscription_state,
)

S = OutboxState
_WAITS_ALONE = "claim:claimed expire:failed poison:failed cancel:cancelled retry:queued"

OUTBOX = {
    S.QUEUED: _WAITS_ALONE,
    S.DEFERRED: _WAITS_ALONE,
    S.CLAIMED: (
        "begin-data:in-data defer:deferred reject:failed lease-expired:deferred "
        "expire:failed poison:failed cancel:cancelled"
    ),
    S.IN_DATA: "accept:sent defer:deferred reject:failed lose-reply:uncertain lease-expired:uncertain",
    S.UNCERTAIN: "claim:claimed accept:sent reject:failed cancel:cancelled retry:queued",
    S.FAILED: "retry:queued",
    S.SENT: "",
    S.CANCELLED: "",
}

SUBSCRIPTION = {
    None: "subscribe:pending vouch:confirmed",
    SubscriptionState.PENDING: (
        "subscribe:pending confirm:confirmed vouch:confirmed unsubscribe:unsubscribed "
        "expire:none erase:none"
    ),
    SubscriptionState.CONFIRMED: (
        "subscribe:confirmed confirm:confirmed vouch:confirmed unsubscribe:unsubscribed erase:none"
    ),
    SubscriptionState.UNSUBSCRIBED: (
        "subscribe:pending unsubscribe:unsubscribed undo:confirmed erase:none"
    ),
}


def moves(row: str) -> dict[str, str]:
    return dict(move.split(":") for move in row.split())


@pytest.mark.parametrize(("state", "event"), list(product(OutboxState, OutboxEvent)))
def test_a_message_moves_as_the_design_says_or_not_at_all(
    state: OutboxState, event: OutboxEvent
) -> None:
    expected = moves(OUTBOX[state]).get(event)
    if expected is None:
        with pytest.raises(IllegalTransitionError, match=f"{state} cannot take {event}"):
            next_outbox_state(state, event)
    else:
        assert next_outbox_state(state, event) == expected


@pytest.mark.parametrize(
    ("state", "event"), list(product([None, *SubscriptionState], SubscriptionEvent))
)
def test_a_consent_moves_as_the_design_says_or_not_at_all(
    state: SubscriptionState | None, event: SubscriptionEvent
) -> None:
    expected = moves(SUBSCRIPTION[state]).get(event)
    if expected is None:
        with pytest.raises(IllegalTransitionError, match=f"cannot take {event}"):
            next_subscription_state(state, event)
    else:
        assert str(next_subscription_state(state, event)).lower() == expected


def test_the_tables_hold_nothing_that_the_design_does_not_say() -> None:
    assert len(OUTBOX_TRANSITIONS) == sum(len(moves(row)) for row in OUTBOX.values())
    assert len(SUBSCRIPTION_TRANSITIONS) == sum(len(moves(row)) for row in SUBSCRIPTION.values())


def test_only_a_person_or_a_token_reopens_what_was_unsubscribed() -> None:
    reopening = {
        event
        for (state, event), after in SUBSCRIPTION_TRANSITIONS.items()
        if state is SubscriptionState.UNSUBSCRIBED and after is SubscriptionState.CONFIRMED
    }
    assert reopening == {SubscriptionEvent.UNDO}


def test_what_waits_and_what_ended_make_up_all_messages() -> None:
    ended = {S.SENT, S.FAILED, S.CANCELLED, S.UNCERTAIN}
    assert WAITING | ended == set(OutboxState)
    assert not WAITING & ended
    assert Accounting(sent=1, failed=2, cancelled=3, uncertain=4, waiting=5).planned == 15
