"""The operator's desk over a real newsroom: its numbers, and what its deeds do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from newsletter.bootstrap import Controls, Newsroom, OperatorDesk, open_newsroom, receiving
from newsletter.errors import StorageError
from newsletter.model import (
    Beginning,
    EmailAddress,
    Lane,
    LaneName,
    OutboxEvent,
    OutboxId,
    OutboxState,
    Settlement,
    SourceName,
    SubscriptionEvent,
)
from newsletter.rules.addresses import address_key
from newsletter.rules.planning import Schedule
from newsletter.workflows import Action, Order, publish, take_stock
from tests.end_to_end.house import House

ADA, PIA = EmailAddress("ada@example.org"), EmailAddress("pia@example.org")
MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def room(ready: House) -> Iterator[Newsroom]:
    """A newsroom in which the letters of three readers wait."""
    with open_newsroom(ready.folder / "config.yaml", now=MONDAY) as room:
        order = room.order(Schedule.IGNORE)
        publish(list(room.subscribers.all()), order, room.publishing())
        yield room


@pytest.fixture
def desk(room: Newsroom) -> OperatorDesk:
    return OperatorDesk(
        room, receiving(room), Controls(), seconds=iter(range(0, 10_000, 100)).__next__
    )


def do(desk: OperatorDesk, action: Action, subject: object = "") -> tuple[str, str]:
    """Do something and return what the log says: to what, and how it ended."""
    line = desk.audit_line(desk.carry_out(Order(action, str(subject), "ada")))
    assert line
    assert (line.deed.actor, line.deed.action) == ("ada", action)
    return line.deed.subject, line.deed.detail


def a_letter(room: Newsroom, state: OutboxState) -> OutboxId:
    """Bring one of the letters that wait into a state, as a worker does, and return its number."""
    (turn, *_) = room.outbox.claim(now=MONDAY, limit=1)
    begun = [Beginning(turn.id, "<x@example.org>", "0" * 64)]
    if state is not OutboxState.CLAIMED:
        room.outbox.record(begun=begun, now=MONDAY)
        event = {
            OutboxState.UNCERTAIN: OutboxEvent.LOSE_REPLY,
            OutboxState.FAILED: OutboxEvent.REJECT,
            OutboxState.DEFERRED: OutboxEvent.DEFER,
        }[state]
        end = Settlement(turn.id, event, "451 later", not_before=MONDAY + timedelta(hours=1))
        room.outbox.record(ended=[end], now=MONDAY)
    return turn.id


def state_of(room: Newsroom, number: OutboxId) -> OutboxState:
    (item,) = room.outbox.get([number])
    return item.state


def test_the_overview_says_what_status_says(room: Newsroom, desk: OperatorDesk) -> None:
    for state in (OutboxState.UNCERTAIN, OutboxState.FAILED):
        a_letter(room, state)
    status, overview = take_stock(room.reporting(), room.figures), desk.overview()
    assert overview.accounting == status.accounting
    assert overview.adds_up
    assert overview.people == status.subscribers
    told = {str(worry.alarm) for worry in overview.worries}
    assert {str(alarm) for alarm in status.alarms} <= told
    assert [line.report for line in overview.sources] == list(status.sources)
    assert overview.today.letters == {"uncertain": 1, "failed": 1, "queued": 1}
    assert overview.oldest_waiting == MONDAY
    assert sum(overview.letters_by_day[-1].counts.values()) == 3
    assert overview.people_by_day[-1].counts == {"joined": 3}
    assert overview.entries_by_day[-1].counts["samples"] > 0


def test_an_overview_is_kept_for_a_minute_and_made_anew_after_a_deed(room: Newsroom) -> None:
    first_count, second_count, third_count = (0.0, 0.0), (60.0, 60.0), (62.0, 62.0)
    moments = iter([*first_count, 59.0, *second_count, 61.0, *third_count])
    desk = OperatorDesk(room, receiving(room), Controls(), seconds=moments.__next__)
    first = desk.overview()
    assert desk.overview() is first
    second = desk.overview()
    assert second is not first
    assert desk.overview() is second
    do(desk, Action.PULL, "samples")
    assert desk.overview() is not second


def test_an_overview_that_took_long_to_count_is_kept_for_long(room: Newsroom) -> None:
    moments = iter([0.0, 30.0, 629.0, 630.0, 660.0])
    desk = OperatorDesk(room, receiving(room), Controls(), seconds=moments.__next__)
    first = desk.overview()  # in half a minute
    assert desk.overview() is first
    assert desk.overview() is not first, "a twentieth of the time was spent on it"


def test_a_letter_that_failed_is_queued_again(room: Newsroom, desk: OperatorDesk) -> None:
    number = a_letter(room, OutboxState.FAILED)
    assert do(desk, Action.RETRY, number) == (f"message {number}", "queued again")
    assert state_of(room, number) is OutboxState.QUEUED


def test_to_what_is_no_message_nothing_is_done(desk: OperatorDesk) -> None:
    for subject in ("0", "999999", "x", "", "9" * 60, "-1"):
        for action in (Action.RETRY, Action.COUNT_AS_SENT, Action.CANCEL):
            assert do(desk, action, subject)[1].startswith("not done: ")


def test_all_that_failed_or_waits_is_queued_again(room: Newsroom, desk: OperatorDesk) -> None:
    failed, deferred = (a_letter(room, one) for one in (OutboxState.FAILED, OutboxState.DEFERRED))
    assert do(desk, Action.RETRY_ALL) == ("messages", "2 queued again")
    assert {state_of(room, one) for one in (failed, deferred)} == {OutboxState.QUEUED}


@pytest.mark.parametrize(
    ("action", "state"),
    [
        (Action.COUNT_AS_SENT, OutboxState.SENT),
        (Action.COUNT_AS_FAILED, OutboxState.FAILED),
        (Action.SEND_AGAIN, OutboxState.QUEUED),
        (Action.CANCEL, OutboxState.CANCELLED),
    ],
)
def test_an_uncertain_letter_is_resolved(
    room: Newsroom, desk: OperatorDesk, action: Action, state: OutboxState
) -> None:
    number = a_letter(room, OutboxState.UNCERTAIN)
    assert not do(desk, action, number)[1].startswith("not done")
    assert state_of(room, number) is state


def test_what_a_worker_holds_is_not_cancelled(room: Newsroom, desk: OperatorDesk) -> None:
    number = a_letter(room, OutboxState.CLAIMED)
    assert "only what waits is cancelled" in do(desk, Action.CANCEL, number)[1]
    assert "only an uncertain message" in do(desk, Action.COUNT_AS_SENT, number)[1]
    assert state_of(room, number) is OutboxState.CLAIMED


def test_a_worker_goes_on_after_a_letter_was_cancelled_beneath_it(
    room: Newsroom, desk: OperatorDesk
) -> None:
    (item, *_) = room.outbox.claim(now=MONDAY, limit=1)
    room.outbox.record(ended=[Settlement(item.id, OutboxEvent.DEFER, "451 later")], now=MONDAY)
    (again, *_) = room.outbox.claim(now=MONDAY, limit=3)
    do(desk, Action.CANCEL, again.id)
    room.outbox.record(ended=[Settlement(again.id, OutboxEvent.DEFER, "451 later")], now=MONDAY)


def test_an_address_is_suppressed_and_let_go_without_standing_in_the_log(
    room: Newsroom, desk: OperatorDesk
) -> None:
    person = room.subscribers.find(address_key(ADA))
    assert person
    assert do(desk, Action.SUPPRESS, "Ada@example.org") == (
        f"person {person.id}",
        "gets no mail any more",
    )
    assert room.subscribers.suppression(address_key(ADA))
    (theirs,) = room.outbox.find(subscriber=person.id)
    assert theirs.state is OutboxState.CANCELLED
    assert "can be written to again" in do(desk, Action.UNSUPPRESS, ADA)[1]
    assert "is not suppressed" in do(desk, Action.UNSUPPRESS, ADA)[1]
    assert desk.names(desk.audit(None, 9)) == {f"person {person.id}": ADA}
    subject, _ = do(desk, Action.SUPPRESS, "eve@example.org")
    assert subject.startswith("address hmac:")
    subject, detail = do(desk, Action.SUPPRESS, "no address")
    assert (subject, detail.startswith("not done")) == ("address", True)
    assert "@" not in str([line.deed for line in desk.audit(None, 99)])


def test_somebody_is_asked_to_confirm_again_once_a_day(room: Newsroom, desk: OperatorDesk) -> None:
    person = room.subscribers.apply(
        PIA, SubscriptionEvent.SUBSCRIBE, now=MONDAY, statement="a test"
    )
    assert person
    assert do(desk, Action.ASK_AGAIN, person.id)[1] == "was asked once more"
    (question,) = room.outbox.find(subscriber=person.id)
    assert question.recipient == PIA
    assert "nobody is asked more often" in do(desk, Action.ASK_AGAIN, person.id)[1]
    confirmed = room.subscribers.find(address_key(ADA))
    assert confirmed
    assert "nothing to confirm" in do(desk, Action.ASK_AGAIN, confirmed.id)[1]
    assert do(desk, Action.ASK_AGAIN, "nobody")[1] == "not done: nobody has this id"


def test_held_entries_are_released_and_dropped(room: Newsroom, desk: OperatorDesk) -> None:
    with room.database.writing() as connection:
        connection.execute(
            text(
                "UPDATE entries SET admission = 'held', release_no = -release_no WHERE release_no < 4"
            )
        )
    assert len(desk.held_titles("samples")) == 3
    assert desk.overview().sources[0].held == 3
    assert do(desk, Action.RELEASE, "samples") == (
        "source samples",
        "3 released: the next letters can show them",
    )
    assert do(desk, Action.DROP, "samples")[1].startswith("0 dropped")


def test_a_source_is_pulled_where_the_clock_runs_here(room: Newsroom) -> None:
    wanted: list[SourceName] = []

    def pull_soon(source: SourceName) -> bool:
        wanted.append(source)
        return source == "samples"

    controls = Controls()
    desk = OperatorDesk(room, receiving(room), controls)
    assert not desk.can_pull
    assert "another process" in do(desk, Action.PULL, "samples")[1]
    controls.pull_soon = pull_soon
    assert desk.can_pull
    assert do(desk, Action.PULL, "samples") == ("source samples", "is pulled now")
    assert "no such source" in do(desk, Action.PULL, "nowhere")[1]
    assert wanted == ["samples", "nowhere"]


def test_a_lane_is_tried_or_takes_its_pace_again(room: Newsroom, desk: OperatorDesk) -> None:
    now = datetime.now(UTC)
    shut, slow = LaneName("domain example.net"), LaneName("domain example.com")
    lanes = {
        shut: Lane(opened_at=now, probe_at=now + timedelta(hours=2), reason="421 no"),
        slow: Lane(halvings=3, slowed_at=now, reason="450 too fast"),
    }
    room.throttles.change([shut, slow], lambda _: lanes)
    assert {line.name for line in desk.overview().lanes if line.is_open or line.is_slowed} == {
        shut,
        slow,
    }
    assert "one letter tries it" in do(desk, Action.TRY_LANE, shut)[1]
    assert "usual pace" in do(desk, Action.TRY_LANE, slow)[1]
    after = room.throttles.lanes()
    probe_at = after[shut].probe_at
    assert probe_at
    assert probe_at < now + timedelta(minutes=1)
    assert slow not in after
    assert "nothing stands against it" in do(desk, Action.TRY_LANE, "domain nowhere")[1]
    assert "domain nowhere" not in room.throttles.lanes()


def test_a_person_is_found_and_known(desk: OperatorDesk) -> None:
    (found,) = desk.find("ADA@")
    file = desk.person(found.id, None)
    assert file
    assert file.person
    assert file.person.address == ADA
    assert len(file.messages) == 1
    assert file.consents
    assert file.answer
    assert file.answer.date == MONDAY.date()
    assert file.coming
    assert all(slot.begins_at > MONDAY for slot in file.coming)
    assert desk.person("nobody", None) is None
    assert desk.stranger("eve@example.org") is None
    assert desk.stranger("no address") is None
    do(desk, Action.SUPPRESS, "eve@example.org")
    stranger = desk.stranger("Eve@example.org")
    assert stranger
    assert stranger.suppression


def test_it_is_ready_until_something_is_wrong(room: Newsroom) -> None:
    controls = Controls()
    desk = OperatorDesk(room, receiving(room), controls)
    assert desk.reasons_not_ready() == ()
    controls.is_alive = lambda: False
    assert desk.reasons_not_ready() == ("scheduler: does not run",)
    with room.database.writing() as connection:
        connection.execute(text("INSERT INTO schema_version VALUES (9999, 'x', 'y')"))
    assert "database: has schema 9999" in desk.reasons_not_ready()[0]
    with room.database.writing() as connection:
        connection.execute(text("DROP TABLE schema_version"))
    reasons = desk.reasons_not_ready()
    assert reasons[0] == "database: cannot be read now"
    assert str(room.config.data) not in str(reasons)


def test_a_deed_that_breaks_off_is_noted(room: Newsroom) -> None:
    class Broken:
        def held(self) -> dict[SourceName, int]:
            return {}

        def release(self, _: SourceName) -> int:
            message = "the disk is full"
            raise StorageError(message)

        def drop(self, _: SourceName) -> int:
            return 0

    broken = OperatorDesk(replace(room, held=Broken()), receiving(room), Controls())
    assert do(broken, Action.RELEASE, "samples") == ("source samples", "not done: the disk is full")


def test_the_command_line_shows_the_log(ready: House) -> None:
    assert "Nothing was done yet" in ready.run("audit").out
    with open_newsroom(ready.folder / "config.yaml") as room:
        desk = OperatorDesk(room, receiving(room), Controls())
        person = room.subscribers.find(address_key(ADA))
        do(desk, Action.SUPPRESS, ADA)
        do(desk, Action.PULL, "samples")
    assert person
    lines = ready.run("--json", "audit", "--limit", "9").json["lines"]
    assert [line["action"] for line in lines] == ["pull source", "suppress"]
    assert (lines[1]["subject"], lines[1]["address"]) == (f"person {person.id}", ADA)
    assert lines[0]["address"] is None
    (earlier,) = ready.run("--json", "audit", "--before", "2").json["lines"]
    assert earlier["line"] == 1
    assert ready.run("subscribers", "erase", ADA, "--yes").code == 0
    assert ADA not in ready.run("audit").out
    told = ready.run("--json", "audit").json["lines"]
    assert [line["subject"] for line in told] == ["source samples", "erased"]
