"""What a reply means for one message, and when it is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import IllegalTransitionError
from newsletter.model import (
    EmailAddress,
    OutboxEvent,
    OutboxId,
    OutboxItem,
    OutboxKind,
    OutboxState,
    Receipt,
    ReceiptKind,
    SmtpPhase,
    SubscriberId,
    next_outbox_state,
)
from newsletter.rules.retry import classify, delay, is_bad_address, lost_connection, settle

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
K, P = ReceiptKind, SmtpPhase


def item(attempts: int = 1) -> OutboxItem:
    return OutboxItem(
        id=OutboxId(7),
        kind=OutboxKind.EDITION,
        subscriber=SubscriberId("ada"),
        recipient=EmailAddress("ada@example.org"),
        state=OutboxState.IN_DATA,
        begin_by=NOW + timedelta(hours=1),
        retry_until=NOW + timedelta(hours=2),
        attempts=attempts,
    )


@pytest.mark.parametrize(
    ("phase", "code", "text", "kind"),
    [
        (P.END_OF_DATA, 250, "2.0.0 queued as 42", K.ACCEPTED),
        (P.CONNECT, 554, "go away", K.DEFERRED),
        (P.GREETING, 421, "too busy", K.DEFERRED),
        (P.EHLO, 500, "what?", K.DEFERRED),
        (P.STARTTLS, 454, "TLS is not available", K.DEFERRED),
        (P.AUTH, 535, "5.7.8 wrong password", K.DEFERRED),
        (P.MAIL, 530, "5.7.0 log in first", K.DEFERRED),
        (P.MAIL, 550, "5.1.8 your domain is unknown", K.DEFERRED),
        (P.RCPT, 421, "4.3.2 going down", K.DEFERRED),
        (P.RCPT, 450, "4.2.1 mailbox busy", K.DEFERRED),
        (P.RCPT, 451, "4.7.1 greylisted", K.DEFERRED),
        (P.RCPT, 452, "4.5.3 too many recipients", K.DEFERRED),
        (P.RCPT, 552, "5.5.3 too many recipients", K.DEFERRED),
        (P.RCPT, 530, "log in first", K.DEFERRED),
        (P.RCPT, 550, "5.7.1 relaying denied", K.DEFERRED),
        (P.RCPT, 550, "5.1.7 your address is wrong", K.DEFERRED),
        (P.RCPT, 550, "5.1.1 no such user", K.REJECTED),
        (P.RCPT, 553, "5.1.3 strange address", K.REJECTED),
        (P.RCPT, 550, "mailbox unavailable", K.REJECTED),
        (P.DATA, 354, "go on", K.DEFERRED),
        (P.DATA, 554, "no valid recipients", K.REJECTED),
        (P.BODY, 552, "5.3.4 too large", K.REJECTED),
        (P.END_OF_DATA, 451, "4.3.0 disk full", K.DEFERRED),
        (P.END_OF_DATA, 552, "5.3.4 too large", K.REJECTED),
        (P.END_OF_DATA, 554, "5.7.1 blocked by policy", K.DEFERRED),
        (P.END_OF_DATA, 554, "5.6.0 broken message", K.REJECTED),
        (P.RCPT, 700, "no SMTP at all", K.DEFERRED),
    ],
)
def test_a_reply_blames_whom_it_speaks_of(
    phase: SmtpPhase, code: int, text: str, kind: ReceiptKind
) -> None:
    assert classify(phase, code, text).kind is kind


@pytest.mark.parametrize(
    ("code", "text", "status"),
    [
        (550, "5.1.1 no such user", "5.1.1"),
        (550, "5.1.1 no such user 5.7.1", "5.1.1"),
        (550, "<a@b>: 550-5.1.1 The account does not exist.", "5.1.1"),
        (550, "no such user (#5.1.1)", "5.1.1"),
        (550, "no such user 5.1.1.", "5.1.1"),
        (550, "4.2.2 the class is that of another reply", None),
        (550, "server 5.1.2.3 says no", None),
        (550, "mailer v5.1.2 says no", None),
        (550, "no", None),
    ],
)
def test_the_enhanced_status_is_read_where_it_agrees_with_the_code(
    code: int, text: str, status: str | None
) -> None:
    assert classify(P.RCPT, code, text).status == status


def test_only_a_rejection_of_the_address_makes_it_a_bad_one() -> None:
    assert is_bad_address(classify(P.RCPT, 550, "5.1.1 no such user"))
    assert not is_bad_address(classify(P.RCPT, 550, "5.2.1 disabled"))
    assert not is_bad_address(classify(P.RCPT, 550, "no such user"))
    assert not is_bad_address(classify(P.RCPT, 550, "5.1.8 your domain is unknown"))
    assert not is_bad_address(classify(P.RCPT, 450, "4.1.1 perhaps later"))


@given(st.sampled_from(SmtpPhase), st.integers(0, 999), st.text(max_size=1000))
def test_any_reply_gives_one_bounded_line(phase: SmtpPhase, code: int, text: str) -> None:
    receipt = classify(phase, code, text)
    assert receipt.text.isprintable()
    assert len(receipt.text) <= 500
    is_success = phase is P.END_OF_DATA and 200 <= code < 300
    assert (receipt.kind is K.ACCEPTED) == is_success


@pytest.mark.parametrize("phase", SmtpPhase)
def test_a_lost_connection_is_uncertain_only_after_the_final_dot(phase: SmtpPhase) -> None:
    expected = K.UNCERTAIN if phase is P.END_OF_DATA else K.DEFERRED
    receipt = lost_connection(phase, "timed\r\nout")
    assert (receipt.kind, receipt.code, receipt.text) == (expected, 0, "timed out")


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_waiting_grows_from_a_minute_to_four_hours_and_is_spread(
    attempts: int, dice: float
) -> None:
    waiting = delay(attempts, dice)
    assert timedelta(minutes=1) <= waiting <= timedelta(hours=4)
    assert waiting <= delay(attempts + 1, dice)
    assert delay(attempts, 0.0) * 2 == delay(attempts, 1.0)


def test_the_longest_waits_are_the_documented_ones() -> None:
    longest = [delay(attempts, 1.0) for attempts in range(1, 10)]
    assert longest == [timedelta(minutes=m) for m in (2, 4, 8, 16, 32, 64, 128, 240, 240)]


def test_dice_outside_their_range_do_no_harm() -> None:
    assert delay(1, -5.0) == delay(1, 0.0)
    assert delay(1, 5.0) == delay(1, 1.0)


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        (K.ACCEPTED, OutboxEvent.ACCEPT),
        (K.REJECTED, OutboxEvent.REJECT),
        (K.UNCERTAIN, OutboxEvent.LOSE_REPLY),
        (K.DEFERRED, OutboxEvent.DEFER),
    ],
)
def test_each_receipt_becomes_the_event_that_a_message_in_data_can_take(
    kind: ReceiptKind, event: OutboxEvent
) -> None:
    settlement = settle(item(), Receipt(kind, P.END_OF_DATA, 250, "so"), now=NOW, dice=0.5)
    assert (settlement.item, settlement.event) == (7, event)
    assert settlement.reply == "250 so (at end-of-data)"
    waits = {OutboxEvent.DEFER, OutboxEvent.LOSE_REPLY}
    assert (settlement.not_before is not None) == (event in waits)
    next_outbox_state(OutboxState.IN_DATA, settlement.event)


def test_a_deferred_message_waits_longer_each_time_and_giving_up_is_left_to_the_outbox() -> None:
    deferred = classify(P.RCPT, 451, "later")
    settlement = settle(item(attempts=9), deferred, now=NOW, dice=1.0)
    assert settlement.event is OutboxEvent.DEFER
    assert settlement.not_before == NOW + timedelta(hours=4)
    assert settlement.not_before > item().retry_until


def test_a_withheld_message_has_nothing_to_be_written_down() -> None:
    with pytest.raises(IllegalTransitionError, match="withheld"):
        settle(item(), Receipt(K.WITHHELD, P.DATA), now=NOW, dice=0.5)
