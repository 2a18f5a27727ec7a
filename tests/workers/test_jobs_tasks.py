"""Jobs as tasks: what each calls, and what it asks for next; in a library whose jobs are in memory."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model import PRIORITY_OF, QUEUE_OF, Work
from tests.workers.office import (
    BLOG,
    FIRST,
    LOOK_AT_LETTERS,
    LOOK_WITHOUT_LETTERS,
    REST,
    Desk,
    Office,
)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def test_a_look_asks_for_a_plan_of_each_share_and_a_pull_of_each_source(
    office: Office, desk: Desk
) -> None:
    office.shares, office.due = [FIRST, REST], [BLOG]
    desk.look()

    assert desk.waiting() == [Work.COLLECT, Work.PUBLISH, Work.PUBLISH]
    jobs = {one["queueing_lock"]: one for one in desk.connector.jobs.values()}
    assert jobs["publish-batch m"]["args"] == {"above": "m", "below": None}
    assert jobs["collect-source blog"]["lock"] == "collect-source blog", "one pulls it at a time"
    assert all(
        (one["queue_name"], one["priority"])
        == (QUEUE_OF[Work(one["task_name"])], PRIORITY_OF[Work(one["task_name"])])
        for one in jobs.values()
    )


def test_while_shares_are_planned_no_others_are_asked_for(office: Office, desk: Desk) -> None:
    office.shares = [FIRST]
    desk.look()
    office.shares = [FIRST, REST]
    desk.look()

    assert desk.waiting() == [Work.PUBLISH]


def test_a_share_that_fails_again_and_again_keeps_nobody_else_waiting(
    office: Office, desk: Desk
) -> None:
    office.shares = [FIRST]
    desk.look()
    (job,) = desk.connector.jobs.values()
    job["scheduled_at"] = datetime.now(UTC) + timedelta(minutes=5)
    office.shares = [FIRST, REST]
    desk.look()

    assert desk.waiting() == [Work.PUBLISH, Work.PUBLISH], "the other share, and once the first"


def test_every_third_look_asks_what_waits_that_nobody_announced(desk: Desk) -> None:
    desk.look(LOOK_WITHOUT_LETTERS)
    assert desk.waiting() == []
    desk.look(LOOK_AT_LETTERS)
    desk.look(2 * LOOK_AT_LETTERS)

    assert desk.waiting() == [Work.DELIVER, Work.RECEIVE], "once each"


def test_jobs_of_a_worker_that_is_gone_are_given_to_others(office: Office, desk: Desk) -> None:
    office.shares = [FIRST]
    desk.look()
    (job,) = desk.connector.jobs.values()
    job["status"], job["worker_id"] = "doing", 77
    desk.connector.workers[77] = datetime.now(UTC) - timedelta(minutes=1)
    desk.look()
    assert desk.waiting() == [Work.PUBLISH]
    desk.work_off("plans")

    assert office.calls == {("publish", FIRST): 1}
    assert desk.connector.jobs == {}


def test_what_a_source_brought_is_read_and_nothing_else_is(office: Office, desk: Desk) -> None:
    desk.ask(Work.COLLECT, source=BLOG)
    desk.work_off("sources")
    assert office.calls == {("collect", BLOG): 1}
    office.new = 3
    desk.ask(Work.COLLECT, source=BLOG)
    desk.work_off("sources")

    assert office.calls == {("collect", BLOG): 2, ("embed",): 1}


@pytest.mark.parametrize(("answers", "asked"), [(1, [Work.DELIVER]), (0, [])])
def test_an_answer_leaves_at_once(
    office: Office, desk: Desk, answers: int, asked: list[Work]
) -> None:
    office.answers = answers
    desk.ask(Work.RECEIVE)
    desk.work_off("people")

    assert desk.waiting() == asked


def test_who_delivered_for_a_while_asks_for_somebody_who_goes_on(
    office: Office, desk: Desk
) -> None:
    office.rounds = [True, True, False]
    desk.ask(Work.DELIVER)
    desk.work_off("letters")

    assert office.calls == {("deliver",): 3}


def test_who_sees_much_calls_another_who_comes_in_a_moment(office: Office, desk: Desk) -> None:
    # All that waits may have to wait for long: who came at once would find that out again and again
    office.much = [True] * 9
    desk.ask(Work.DELIVER)
    desk.work_off("letters")

    assert office.calls == {("deliver",): 1}
    (job,) = desk.connector.jobs.values()
    assert (job["task_name"], job["status"]) == (Work.DELIVER, "todo")
    assert job["scheduled_at"] > datetime.now(UTC)


def test_who_comes_in_a_moment_keeps_nobody_who_is_asked_at_once(
    office: Office, desk: Desk
) -> None:
    office.much = [True]
    desk.ask(Work.DELIVER)
    desk.work_off("letters")
    desk.look(LOOK_AT_LETTERS)
    desk.work_off("letters")

    assert office.calls == {("deliver",): 2}


def test_a_source_that_is_pulled_just_now_is_not_asked_for_again(
    office: Office, desk: Desk
) -> None:
    office.due = [BLOG]
    desk.look()
    (job,) = desk.connector.jobs.values()
    job["status"], job["worker_id"] = "doing", 77
    desk.connector.workers[77] = datetime.now(UTC)
    desk.look()

    assert desk.waiting() == []


def test_what_breaks_off_is_tried_again_later(office: Office, desk: Desk) -> None:
    office.trouble = RuntimeError("the disk is full")
    desk.ask(Work.PUBLISH, above="", below=None)
    desk.work_off("plans")

    (job,) = desk.connector.jobs.values()
    assert (job["status"], job["attempts"]) == ("todo", 1)
    assert job["scheduled_at"] > datetime.now(UTC)
