"""An office of jobs: errands that are noted, and a desk at which they are asked for and worked off."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from procrastinate import App
from procrastinate.jobs import Job, Status
from procrastinate.testing import InMemoryConnector

from newsletter.model import SourceName, Work
from newsletter.workers import Board, Errands, Share
from newsletter.workers.jobs.tasks import Tasks, make_apps

BLOG = SourceName("blog")
FIRST, REST = Share("", "m "), Share("m", None)
LOOK_WITHOUT_LETTERS, LOOK_AT_LETTERS = 3, 9


@dataclass
class Office:
    """Errands that note what was asked of them."""

    shares: Sequence[Share] = ()
    due: Sequence[SourceName] = ()
    new: int = 0
    rounds: list[bool] = field(default_factory=list)
    answers: int = 0
    much: list[bool] = field(default_factory=list)
    trouble: Exception | None = None
    meanwhile: Callable[[], object] | None = None
    """Done while a source is pulled."""
    calls: Counter[object] = field(default_factory=Counter)

    def errands(self) -> Errands:
        def noted(name: str, result: Any) -> Callable[..., Any]:
            def call(*words: object) -> Any:
                if self.trouble:
                    raise self.trouble
                self.calls[(name, *(one for one in words if not callable(one)))] += 1
                return result() if callable(result) else result

            return call

        return Errands(
            shares=lambda: self.shares,
            publish=noted("publish", 1),
            deliver=noted("deliver", lambda: bool(self.rounds and self.rounds.pop(0))),
            waits_for_more=lambda: bool(self.much and self.much.pop(0)),
            receive=noted("receive", lambda: self.answers),
            due_sources=lambda: self.due,
            collect=noted("collect", self._pull),
            embed=noted("embed", None),
            adopt=None,
            archive=noted("archive", 0),
            purge=noted("purge", None),
        )

    def _pull(self) -> int:
        if self.meanwhile:
            self.meanwhile()
        return self.new


@dataclass
class Desk:
    """Where jobs are asked for and worked off; a connector of a server sees those of all desks there."""

    office: Office
    connector: Any = field(default_factory=InMemoryConnector)
    clock: App = field(init=False)

    def __post_init__(self) -> None:
        tasks = Tasks(self.office.errands(), Board(), lambda: False)
        self.clock, _ = make_apps(self.connector, tasks)

    def waiting(self) -> list[str]:
        """Return the names of the jobs that wait."""
        return self.found(Status.TODO)

    def found(self, status: Status) -> list[str]:
        """Return the names of the jobs of which that is so."""
        return sorted(job.task_name for job in asyncio.run(self._list(status)))

    def ask(self, work: Work, **words: Any) -> None:
        asyncio.run(self._ask(work, words))

    def work_off(self, *queues: str) -> None:
        asyncio.run(self._work_off(list(queues)))

    def look(self, timestamp: int = LOOK_WITHOUT_LETTERS) -> None:
        """Do one look, and nothing that it asks for."""
        self.ask(Work.LOOK, timestamp=timestamp)
        self.work_off("clock")

    async def _list(self, status: Status) -> Iterable[Job]:
        async with self.clock.open_async():
            return await self.clock.job_manager.list_jobs_async(status=status.value)

    async def _ask(self, work: Work, words: dict[str, Any]) -> None:
        async with self.clock.open_async():
            await self.clock.configure_task(work).defer_async(**words)

    async def _work_off(self, queues: list[str]) -> None:
        self.clock.periodic_registry.periodic_tasks.clear()  # its times are the library's own
        async with self.clock.open_async():
            await self.clock.run_worker_async(
                queues=queues, wait=False, install_signal_handlers=False,
                delete_jobs="successful", listen_notify=False,
            )  # fmt: skip
