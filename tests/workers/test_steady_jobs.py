"""What the library gives up, ours does again: ends of jobs, signs of life, listening."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.sql import queries
from procrastinate.testing import InMemoryConnector
from psycopg import OperationalError
from psycopg.errors import RaiseException
from psycopg_pool import PoolClosed

from newsletter.model import Work
from newsletter.workers.jobs import steady
from newsletter.workers.jobs.steady import SteadyManager
from tests.workers.office import Desk, Office


class Away(InMemoryConnector):
    """A server that does not answer some statements; `trouble` is what the driver says."""

    def __init__(self, times: int, trouble: Callable[[], Exception] = OperationalError) -> None:
        super().__init__()
        self.times = times
        self.listened = 0
        self._trouble = trouble

    async def execute_query_async(self, query: str, **arguments: Any) -> None:
        if query in {queries[one] for one in ("finish_job", "retry_job", "update_heartbeat")}:
            self._fail()
        await super().execute_query_async(query, **arguments)

    async def listen_notify(self, *_: object, **__: object) -> None:
        self.listened += 1
        self._fail()

    def _fail(self) -> None:
        if self.times:
            self.times -= 1
            raise ConnectorException from self._trouble()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "_PAUSE_S", 0)


@pytest.mark.parametrize(
    ("trouble", "left"), [(None, []), (ValueError("the disk is full"), ["todo"])]
)
def test_how_a_job_ended_is_written_once_the_server_is_there_again(
    trouble: Exception | None, left: list[str]
) -> None:
    office, server = Office(trouble=trouble), Away(3)
    desk = Desk(office, server)
    desk.ask(Work.DELIVER)
    desk.work_off("letters")

    assert server.times == 0
    assert [job["status"] for job in server.jobs.values()] == left


def try_to_finish(server: Away, *, is_stopping: bool) -> None:
    job = Job(id=1, queue="letters", lock=None, queueing_lock=None, task_name="x")
    manager = SteadyManager(server, lambda: is_stopping)
    with pytest.raises(ConnectorException):
        asyncio.run(manager.finish_job(job, Status.SUCCEEDED, delete_job=True))


@pytest.mark.parametrize("trouble", [PoolClosed, RaiseException])
def test_what_will_not_pass_is_not_tried_again(trouble: Callable[[], Exception]) -> None:
    server = Away(9, trouble)
    try_to_finish(server, is_stopping=False)

    assert server.times == 8


def test_who_is_to_end_leaves_the_end_of_a_job_to_others() -> None:
    server = Away(9)
    try_to_finish(server, is_stopping=True)

    assert server.times == 8


def test_a_sign_of_life_that_fails_is_given_the_next_time() -> None:
    server = Away(1)
    server.workers[7] = began = datetime(2026, 1, 1, tzinfo=UTC)
    manager = SteadyManager(server, lambda: False)

    asyncio.run(manager.update_heartbeat(7))
    assert server.workers[7] == began
    asyncio.run(manager.update_heartbeat(7))
    assert server.workers[7] > began


def test_who_listened_listens_again() -> None:
    server = Away(2)

    async def hear(**_: object) -> None: ...

    asyncio.run(SteadyManager(server, lambda: False).listen_for_jobs(on_notification=hear))

    assert server.listened == 3
