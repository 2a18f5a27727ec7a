"""Planning for `send`: in this process, or by several side by side where there are very many people."""

import asyncio
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from newsletter.bootstrap import Newsroom
from newsletter.cli.delivering import worker_command, workers_allowed
from newsletter.cli.tallying import Tally
from newsletter.errors import ConfigError
from newsletter.model import Subscriber
from newsletter.ports import TellProgress
from newsletter.rules.planning import Schedule
from newsletter.workers import (
    Crew,
    PlansMade,
    Share,
    cut_at,
    read_plans_line,
    write_plans_line,
)
from newsletter.workflows import publish_by_batches

WORTH_A_PLANNER: Final = 20_000
"""People: for fewer, starting another process takes longer than planning for them."""

_MOST_ON_A_FILE: Final = 4
"""A file has one writer at a time, and writing is a quarter of the work."""

_IDS: Final = 2**64
_BETWEEN: Final = ":"


class Planning:
    """The plans of one `send`. `tell` hears for how many people of how many it is decided."""

    def __init__(
        self,
        room: Newsroom,
        tally: Tally,
        tell: TellProgress,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._room = room
        self._tally = tally
        self._tell = tell
        self._is_stopping = is_stopping
        self._done = 0

    def run(self, schedule: Schedule, now: datetime | None = None) -> bool:
        """Plan for everybody, with as many processes as that is worth and the config allows.

        Ends early when `is_stopping` says so, and returns whether it did not: what is planned stays, and
        who is left is planned for by the next one. `now` is where the clock stands, None for real time.
        """
        people = self._room.subscribers.count()
        count = min(workers_allowed(self._room), 1 + people // WORTH_A_PLANNER)
        if self._room.database.is_one_writer:
            count = min(count, _MOST_ON_A_FILE)
        # A slot by hand begins when it is planned: processes that are replaced would plan it twice.
        if count == 1 or schedule is not Schedule.KEEP:
            known = self._room.subscribers
            everybody = known.by_id() if people >= WORTH_A_PLANNER else known.all()
            return self.plan(everybody, people, schedule)
        asyncio.run(self._with_crew(count, people, now))
        return not self._is_stopping()

    def plan(self, people: Iterable[Subscriber], count: int, schedule: Schedule) -> bool:
        """Plan in this process for `people`, who are so many; returns as `run` does."""
        room = self._room
        for batch in publish_by_batches(people, room.order(schedule), room.publishing()):
            self._note(self._tally.hear_of_plans(batch), count)
            if self._is_stopping():
                return False
        return True

    async def _with_crew(self, count: int, people: int, now: datetime | None) -> None:
        self._tally.is_long = True

        def hear(line: bytes) -> None:
            made = read_plans_line(line)
            if made:
                self._tally.hear_of_many(made)
                self._note(made, people)

        with _exchange() as exchange:
            beside = ("--exchange", exchange) if exchange else ()
            commands = [
                worker_command(self._room, now, "--plan", write_share(share), *beside)
                for share in shares(count)
            ]
            await Crew(commands).work(hear, self._is_stopping)

    def _note(self, made: PlansMade, count: int) -> None:
        self._done = min(self._done + made.people, count)
        self._tell(self._done, count)


@contextmanager
def _exchange() -> Iterator[str]:
    """Make the folder in which planners tell each other what they learned; empty: they do without."""
    try:
        folder = TemporaryDirectory(prefix="newsletter-planners-", ignore_cleanup_errors=True)
    except OSError:
        yield ""
        return
    with folder as name:
        yield name


def plan_share(
    room: Newsroom, share: Share, stopped: threading.Event, exchange: Path | None = None
) -> bool:
    """Plan for a share of the people as one of a crew; write a line for each batch.

    In the folder `exchange` the crew tell each other what they learned of topics. Returns whether it came to
    the end: nobody else plans for who is left.
    """
    people = room.subscribers.by_id(above=share.above, below=share.below)
    ports = room.publishing(exchange)
    for batch in publish_by_batches(people, room.order(Schedule.KEEP), ports):
        sys.stdout.write(write_plans_line(PlansMade.of(batch)) + "\n")
        sys.stdout.flush()
        if stopped.is_set():
            return False
    return True


def shares(count: int) -> Sequence[Share]:
    """Return so many shares of all people, about equal: ids are made by chance."""
    return cut_at(f"{number * _IDS // count:016x}" for number in range(1, count))


def write_share(share: Share) -> str:
    """Write a share as an option."""
    return f"{share.above}{_BETWEEN}{share.below or ''}"


def read_share(text: str) -> Share:
    """Read what `write_share` wrote. Raises ConfigError for what it did not write."""
    above, between, below = text.partition(_BETWEEN)
    if not between:
        message = f"--plan: {text!r} names nobody; write two ids, ABOVE:BELOW, or : for everybody"
        raise ConfigError(message)
    return Share(above, below or None)
