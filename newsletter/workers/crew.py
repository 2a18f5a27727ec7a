"""A crew of worker processes that work side by side, and the one who looks after them."""

import asyncio
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from newsletter.errors import ExitCode, NewsletterError

_LOOK_EVERY_S: Final = 0.1
_LONGEST_LINE: Final = 1 << 20
_HOPELESS: Final = (ExitCode.USAGE, ExitCode.CONFIG)
"""Another worker would end in the same way."""
_PAUSE: Final = timedelta(seconds=1)
"""Before a worker that died is replaced; doubled each time."""


class CrewError(NewsletterError):
    """Workers keep dying: what waits still waits. It ends the program as the last one ended."""

    def __init__(self, code: int, last_words: str) -> None:
        super().__init__(f"workers keep ending early (exit code {code}): {last_words}")
        self.exit_code = (
            ExitCode(code) if code in set(ExitCode) - {ExitCode.OK} else ExitCode.SOFTWARE
        )


Hear = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Crew:
    """A process of each of `commands`, which works until nothing is left.

    A worker writes lines of what it did (see `lines`), ends with 0 when nothing is left
    to do, within `grace` after SIGTERM, and when its standard input ends: so none outlives the
    process that started it, however that one ended. One that died in another way is replaced, unless
    it cannot use what it was told; what it held is freed by whoever claims next, and what it planned
    stays planned.
    """

    commands: Sequence[Sequence[str]]
    replacements: int = 5
    """How often workers may die before the crew gives up."""
    grace: timedelta = timedelta(seconds=10)

    async def work(self, hear: Hear, is_stopping: Callable[[], bool]) -> None:
        """Work until nothing is left or `is_stopping` says so; `hear` is called with each line.

        Raises CrewError, with the last words of a worker, when too many died.
        """
        shift = _Shift(self, hear, is_stopping, self.replacements)
        watch = asyncio.create_task(shift.stop_in_time())
        try:
            async with asyncio.TaskGroup() as group:
                for command in self.commands:
                    group.create_task(shift.keep_one_working(command))
        except* CrewError as errors:
            raise errors.exceptions[0] from None
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch


@dataclass(slots=True)
class _Shift:
    """One round of a crew."""

    crew: Crew
    hear: Hear
    is_stopping: Callable[[], bool]
    replacements: int
    working: set[Process] = field(default_factory=set)
    last_signal: signal.Signals | None = None
    """What all were told; a worker that was being started meanwhile hears it once it is there."""

    async def keep_one_working(self, command: Sequence[str]) -> None:
        """Start a worker, and another one for each that dies."""
        pause = _PAUSE
        while not self.is_stopping():
            code, last_words = await self._work(command)
            if code == 0 or self.is_stopping():
                return
            if self.replacements <= 0 or code in _HOPELESS:
                raise CrewError(code, last_words)
            self.replacements -= 1
            await asyncio.sleep(pause.total_seconds())
            pause *= 2

    async def stop_in_time(self) -> None:
        """Tell all workers to end once the program is stopping, and end those that do not."""
        while not self.is_stopping():  # noqa: ASYNC110 - a signal sets no event of this loop
            await asyncio.sleep(_LOOK_EVERY_S)
        self._signal(signal.SIGTERM)
        await asyncio.sleep(self.crew.grace.total_seconds())
        self._signal(signal.SIGKILL)

    async def _work(self, command: Sequence[str]) -> tuple[int, str]:
        """Run one worker to its end; return its exit code and the last line of its complaints."""
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=_LONGEST_LINE
        )
        self.working.add(process)
        if self.last_signal is not None:
            _tell(process, self.last_signal)
        try:
            _, last_words, code = await asyncio.gather(
                self._listen(process), _last_line(process), process.wait()
            )
        finally:
            self.working.discard(process)
            await _end(process)
        return code, last_words

    async def _listen(self, process: Process) -> None:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        async for line in process.stdout:
            self.hear(line)

    def _signal(self, number: signal.Signals) -> None:
        self.last_signal = number
        for process in self.working:
            _tell(process, number)


def _tell(process: Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(number)


async def _last_line(process: Process) -> str:
    assert process.stderr is not None  # noqa: S101 - it was asked for
    last = b""
    async for line in process.stderr:
        last = line.strip() or last
    return last.decode(errors="replace")


async def _end(process: Process) -> None:
    """Make sure that a worker is gone, also when the round is broken off."""
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
