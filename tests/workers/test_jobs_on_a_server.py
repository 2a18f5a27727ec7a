"""Jobs as a server keeps them, which lets no two wait that are alike."""

import asyncio
from contextlib import closing

import pytest
from procrastinate import PsycopgConnector
from procrastinate.jobs import Status

from newsletter.model import Work
from newsletter.storage import open_database
from newsletter.workers import prepare_jobs
from tests.conftest import NewDatabase
from tests.workers.office import BLOG, Desk, Office


@pytest.fixture
def url(new_database: NewDatabase) -> str:
    url = new_database("postgresql migrated")
    with closing(open_database(url)) as database:
        prepare_jobs(database)
    return url


def desk(office: Office, url: str) -> Desk:
    return Desk(office, PsycopgConnector(conninfo=url))


def ask_again(url: str) -> None:
    """Ask for a pull as two looks at once can."""

    async def ask() -> None:
        app = desk(Office(), url).clock
        async with app.open_async():
            lock = f"{Work.COLLECT} {BLOG}"
            job = app.configure_task(Work.COLLECT, lock=lock, queueing_lock=lock)
            await job.defer_async(source=BLOG)

    asyncio.run(ask())


def test_a_job_that_breaks_off_while_one_like_it_waits_makes_room_for_that(url: str) -> None:
    # Given a source whose first pull breaks off, after somebody asked for the next one
    office = Office(due=[BLOG])

    def ask_and_break_off() -> None:
        office.meanwhile = None
        ask_again(url)
        message = "the disk is full"
        raise OSError(message)

    office.meanwhile = ask_and_break_off
    first = desk(office, url)
    first.look()

    # When a worker does what there is to do
    first.work_off("sources")

    # Then the one that waited was done too, and nothing is left that would be under way for ever
    assert office.calls == {("collect", BLOG): 2}
    assert [first.found(status) for status in (Status.DOING, Status.TODO)] == [[], []]
