"""A crew of real processes: what they tell, what happens when they die, how they end."""

import asyncio
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.errors import ExitCode
from newsletter.model import EditionId, OutboxEvent, OutboxId
from newsletter.workers import Crew, CrewError, read_line, write_line
from newsletter.workflows import Delivered

LINE = '{"item": %d, "edition": "abc", "event": "accept", "reply": "250 ok"}'


def worker(script: str) -> list[str]:
    return [sys.executable, "-c", f"import os, sys, time, signal\n{script}"]


def work(crew: Crew, stopped: threading.Event | None = None) -> list[Delivered]:
    told: list[Delivered] = []
    is_stopping = stopped.is_set if stopped else lambda: False
    asyncio.run(crew.work(hearing(told.append), is_stopping))
    return told


def hearing(tell: Callable[[Delivered], None]) -> Callable[[bytes], None]:
    def hear(line: bytes) -> None:
        outcome = read_line(line)
        if outcome:
            tell(outcome)

    return hear


def test_a_line_says_how_a_try_ended_and_is_read_as_it_was_written() -> None:
    outcome = Delivered(OutboxId(7), EditionId("abc"), OutboxEvent.DEFER, "451 später\nmehr")
    assert read_line(write_line(outcome).encode()) == outcome
    withheld = Delivered(OutboxId(7), None, None, "")
    assert read_line(write_line(withheld).encode()) == withheld


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b'{"item": "x"}', b"Warning: \xff", b"null"])
def test_what_is_no_line_of_ours_is_passed_over(line: bytes) -> None:
    assert read_line(line) is None


def test_every_worker_is_heard() -> None:
    told = work(Crew([worker(f"print('{LINE}' % os.getpid())")] * 3))
    assert len({one.item for one in told}) == 3
    assert {one.event for one in told} == {OutboxEvent.ACCEPT}


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    mark = tmp_path / "died"
    script = f"""
if not os.path.exists({str(mark)!r}):
    open({str(mark)!r}, "w").close()
    os.kill(os.getpid(), signal.SIGKILL)
print('{LINE}' % 1)
"""
    assert [one.item for one in work(Crew([worker(script)]))] == [1]


def test_workers_that_keep_dying_are_given_up_with_their_last_words() -> None:
    crew = Crew([worker("sys.exit('data/news.db: disk is full')")] * 2, replacements=0)
    with pytest.raises(CrewError, match=r"exit code 1.*disk is full"):
        work(crew)


def test_a_worker_that_cannot_use_its_config_is_not_replaced() -> None:
    crew = Crew([worker("print('config.yaml: no relay', file=sys.stderr); sys.exit(78)")])
    begun = time.monotonic()
    with pytest.raises(CrewError, match=r"exit code 78.*no relay") as error:
        work(crew)
    assert error.value.exit_code is ExitCode.CONFIG
    assert time.monotonic() - begun < 10


def test_told_to_stop_the_workers_get_their_time_and_no_more() -> None:
    stopped = threading.Event()
    stubborn = (
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('x', flush=True)\ntime.sleep(60)"
    )
    crew = Crew([worker(stubborn)] * 2, grace=timedelta(seconds=0.2))
    threading.Timer(0.5, stopped.set).start()
    begun = time.monotonic()
    assert work(crew, stopped) == []
    assert time.monotonic() - begun < 20


def test_a_worker_that_ends_on_sigterm_is_not_replaced() -> None:
    stopped = threading.Event()
    crew = Crew([worker("time.sleep(60)")] * 2)
    threading.Timer(0.3, stopped.set).start()
    begun = time.monotonic()
    work(crew, stopped)
    assert time.monotonic() - begun < 8


def test_a_worker_that_was_being_started_when_the_stop_came_is_told_too() -> None:
    """The crew looks, and tells those that are there: nobody; only then the worker is there."""
    looks = iter([True, False])

    def is_stopping() -> bool:
        return next(looks, True)

    crew = Crew([worker("time.sleep(60)")], grace=timedelta(seconds=30))
    begun = time.monotonic()
    asyncio.run(crew.work(lambda _: None, is_stopping))
    assert time.monotonic() - begun < 15


def test_the_worker_s_standard_input_ends_with_the_crew() -> None:
    """So that a worker does not outlive a process that was killed."""
    script = f"""
import threading
threading.Thread(target=lambda: (time.sleep(.1), print('{LINE}' % 1, flush=True)), daemon=True).start()
sys.stdin.buffer.read()
"""
    stopped = threading.Event()
    told: list[Delivered] = []

    def tell(outcome: Delivered) -> None:
        told.append(outcome)
        stopped.set()

    crew = Crew([worker(script)], grace=timedelta(seconds=5))
    begun = time.monotonic()
    asyncio.run(crew.work(hearing(tell), stopped.is_set))
    assert told
    assert time.monotonic() - begun < 5
