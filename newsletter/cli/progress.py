"""How far long work has come: a live bar for a person, a JSON line each second for a program."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from newsletter.cli.session import Session
from newsletter.model import OutboxEvent
from newsletter.ports import TellProgress
from newsletter.workflows import Delivered

_LINE_EVERY_S: Final = 1.0

_WORDS: Final = {
    OutboxEvent.ACCEPT: "sent",
    OutboxEvent.DEFER: "deferred",
    OutboxEvent.REJECT: "failed",
    OutboxEvent.LOSE_REPLY: "uncertain",
    None: "withheld",
}


@contextmanager
def show_progress(session: Session, total: int) -> Iterator[Callable[[Delivered], None]]:
    """Give the function that is to hear of each end of a try; `total` is how many wait.

    JSON lines go to standard error: standard output is for the one document at the end.
    """
    if session.wants_json:
        yield _Lines(total).tell
    else:
        with _bar(session) as bar:
            yield _Bar(bar, bar.add_task("Sending", total=total, states="")).tell


@contextmanager
def show_count(
    session: Session, title: str, line_every_s: float = _LINE_EVERY_S
) -> Iterator[TellProgress]:
    """Give the function that is to hear how many of how many are done; before that nothing is shown.

    `title` says what is done, "Reading …".
    """
    if session.wants_json:
        yield _CountLines(title, line_every_s).tell
        return
    with _bar(session) as bar:
        tasks: list[TaskID] = []

        def tell(done: int, total: int) -> None:
            if not tasks:
                tasks.append(bar.add_task(title, total=total, states=""))
            bar.update(tasks[0], completed=done, total=total)

        yield tell


class _CountLines:
    """At most one line in so many seconds: how many are done."""

    def __init__(self, title: str, every_s: float) -> None:
        self._title = title
        self._every_s = every_s
        self._begun_s = self._told_s = time.monotonic()

    def tell(self, done: int, total: int) -> None:
        now_s = time.monotonic()
        if not done or now_s - self._told_s < self._every_s:
            return
        self._told_s = now_s
        left_s = (total - done) * (now_s - self._begun_s) / done
        _write_line(
            {"work": self._title, "total": total, "done": done, "seconds_left": round(left_s)}
        )


class _Bar:
    """A bar with the number of tries, what became of them, their rate and the time left."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar = bar
        self._task = task
        self._begun_s = time.monotonic()
        self._counts: Counter[str] = Counter()

    def tell(self, outcome: Delivered) -> None:
        self._counts[_WORDS.get(outcome.event, str(outcome.event))] += 1
        elapsed_s = max(time.monotonic() - self._begun_s, 0.001)
        counts = ", ".join(f"{count:,} {word}" for word, count in self._counts.items())
        states = f"{counts}; {self._counts.total() / elapsed_s:,.0f} a second"
        self._bar.update(self._task, advance=1, states=states)


class _Lines:
    """At most one line each second: how many tries ended, and how."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._begun_s = self._told_s = time.monotonic()
        self._counts: Counter[str] = Counter()

    def tell(self, outcome: Delivered) -> None:
        self._counts[_WORDS.get(outcome.event, str(outcome.event))] += 1
        now_s = time.monotonic()
        if now_s - self._told_s < _LINE_EVERY_S:
            return
        self._told_s = now_s
        done, elapsed_s = self._counts.total(), now_s - self._begun_s
        line = {
            "total": self._total,
            "done": done,
            **self._counts,
            "per_second": round(done / elapsed_s, 1),
            "seconds_left": round(max(self._total - done, 0) * elapsed_s / done),
        }
        _write_line(line)


def _write_line(line: Mapping[str, object]) -> None:
    sys.stderr.write(json.dumps({"progress": line}) + "\n")
    sys.stderr.flush()


def _bar(session: Session) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[states]}"),
        TimeRemainingColumn(),
        console=session.err,
        transient=True,
        disable=session.is_quiet or not session.err.is_terminal,
    )
