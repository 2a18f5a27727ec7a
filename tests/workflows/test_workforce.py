"""Of the work that does not go on the operator hears, with what to do about it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newsletter.model import Doing, Job, JobState, LeftBehind, Queue, WorkerKind, WorkerReport
from newsletter.testing import FakeClock
from newsletter.testing.workforce import MemoryJobs, MemoryWorkforce
from newsletter.workflows import WorkPorts, WorkView, look_at_work

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WORKER = WorkerReport(
    "one-12-ab",
    "one",
    12,
    WorkerKind.WORKER,
    "1.2",
    frozenset(map(str, Queue)),
    NOW - 60 * MINUTE,
    NOW,
)
SERVE = replace(WORKER, name="two-9-cd", host="two", kind=WorkerKind.SERVE, queues=frozenset())
WAITING = Job(31, "publish-batch", "plans", JobState.WAITING, "above=a", 0, NOW - 3 * MINUTE)


def look(
    workers: Iterable[WorkerReport] = (),
    jobs: Iterable[Job] | None = (),
    left: LeftBehind | None = None,
) -> WorkView:
    """Look at the work of these, each of whom reports when it was seen."""
    clock = FakeClock(NOW)
    workforce = MemoryWorkforce(clock.now, left)
    for worker in workers:
        clock.move(worker.seen_at - NOW)
        workforce.report(worker)
        clock.move(NOW - worker.seen_at)
    return look_at_work(WorkPorts(workforce, MemoryJobs(jobs)))


def facts(view: WorkView) -> list[str]:
    return [alarm.fact for alarm in view.stuck]


def silent(worker: WorkerReport, for_: timedelta) -> WorkerReport:
    return replace(worker, seen_at=NOW - for_)


def test_where_all_goes_on_nothing_is_stuck() -> None:
    young = replace(WAITING, since_at=NOW - MINUTE)
    view = look([WORKER, SERVE], [young])
    assert not view.stuck
    assert view.jobs
    assert dict(view.versions) == {"1.2": 2}
    assert look([], None).jobs is None


def test_versions_of_who_lives_are_counted() -> None:
    gone = silent(replace(WORKER, name="x", version="0.9"), 5 * MINUTE)
    view = look([WORKER, replace(SERVE, version="1.3"), gone])
    assert dict(view.versions) == {"1.2": 1, "1.3": 1}


def test_jobs_that_nobody_takes_are_told() -> None:
    view = look([], [WAITING])
    assert facts(view) == ["1 job waits since 2026-11-23 06:57 UTC, and no worker runs"]
    assert "newsletter worker" in view.stuck[0].remedy


def test_serve_does_the_work_of_jobs_that_nobody_takes() -> None:
    assert not look([SERVE], [WAITING]).stuck


def test_queues_that_no_worker_takes_are_named() -> None:
    choosy = replace(WORKER, queues=frozenset({"clock", "letters"}))
    view = look([choosy], [WAITING, replace(WAITING, id=32)])
    assert facts(view) == [
        "2 jobs wait since 2026-11-23 06:57 UTC in queues that no worker takes: plans"
    ]
    assert "--queues" in view.stuck[0].remedy


def test_jobs_that_wait_though_there_are_workers_are_told() -> None:
    (alarm,) = look([WORKER], [WAITING]).stuck
    assert alarm.fact == (
        "1 job publish-batch waits though 1 worker takes them, the first, 31,"
        " since 2026-11-23 06:57 UTC"
    )
    assert "look at their logs" in alarm.remedy
    busy = Job(33, "embed-entries", "sources", JobState.UNDER_WAY, "", 1, NOW - MINUTE)
    two = [WORKER, replace(WORKER, name="other", pid=13)]
    (alarm,) = look(two, [WAITING, replace(WAITING, id=34), busy]).stuck
    assert alarm.fact.startswith("2 jobs publish-batch wait though 2 workers take them")
    assert "--concurrency" in alarm.remedy


def test_a_job_that_is_under_way_for_long_is_told_with_its_place() -> None:
    job = Job(
        35, "collect-source", "sources", JobState.UNDER_WAY, "source=blog", 1, NOW - 14 * MINUTE
    )
    busy = replace(WORKER, doing=(Doing("collect-source", "source=blog", job.since_at, 35),))
    assert facts(look([busy], [job])) == [
        "job 35, collect-source source=blog, is under way for 14 minutes at one, process 12"
    ]
    (alarm,) = look([WORKER], [job]).stuck
    assert alarm.fact.endswith("for 14 minutes")
    assert "job=35" in alarm.remedy


def test_jobs_that_failed_for_good_are_told_with_the_way_to_try_them_again() -> None:
    failed = Job(36, "collect-source", "sources", JobState.FAILED, "source=blog", 8, NOW - MINUTE)
    (alarm,) = look([WORKER], [failed]).stuck
    assert alarm.fact == "1 job failed for good: 36 (collect-source source=blog)"
    assert "`newsletter jobs --retry ID`" in alarm.remedy
    many = [replace(failed, id=number) for number in range(40, 47)]
    assert facts(look([WORKER], many))[0].endswith(" and 2 more")


def test_letters_held_by_who_is_gone_are_told_unless_it_was_a_moment_ago() -> None:
    (alarm,) = look([WORKER], [], LeftBehind(3, NOW - 9 * MINUTE)).stuck
    assert alarm.fact == "3 letters are held since 2026-11-23 06:51 UTC by a process that is gone"
    assert facts(look([], [], LeftBehind(1, NOW - 9 * MINUTE)))[0].startswith("1 letter is held")
    assert not look([WORKER], [], LeftBehind(3, NOW - timedelta(seconds=20))).stuck


def test_who_went_without_a_word_is_missed_for_an_hour() -> None:
    for minutes, is_told in ((0.4, False), (1, True), (59, True), (61, False)):
        gone = silent(replace(WORKER, started_at=NOW - 90 * MINUTE), minutes * MINUTE)
        assert bool(look([gone, SERVE]).stuck) is is_told, minutes
    (alarm,) = look([silent(WORKER, 5 * MINUTE), SERVE]).stuck
    assert alarm.fact == "worker at one, process 12, was not heard of since 2026-11-23 06:55 UTC"
    assert alarm.remedy.startswith("others do its work")
    (alarm,) = look([silent(SERVE, 5 * MINUTE)]).stuck
    assert "start it again" in alarm.remedy


def test_who_was_replaced_on_the_same_machine_is_not_missed() -> None:
    gone = silent(WORKER, 5 * MINUTE)
    next_one = replace(WORKER, name="one-44-ef", pid=44, started_at=NOW - 4 * MINUTE)
    assert not look([gone, next_one]).stuck
