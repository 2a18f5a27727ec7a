"""A newsletter with many readers, and the real processes that work for it."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Self

from newsletter.bootstrap import Newsroom, open_newsroom, read_documents
from newsletter.cli import main
from newsletter.config import copy_starter
from newsletter.rules.planning import Schedule
from newsletter.workflows import collect, publish, vouch
from tests.forks import FORKS, PATIENCE_S

READER = 'email: {address}\nsend: {{every: day, at: "{at}", timezone: UTC}}\n{topics}\n'
TOPICS = "topics: [{name: robots, query: robot*}]"
SLOW = 4
"""Of so many letters one is answered late, so that at any moment some are in data."""


class Readership:
    """A folder as `newsletter init` makes it, with a relay and `count` daily readers of its samples.

    Their slot of today began a moment ago, and what is in it was collected. Nothing is planned.
    """

    def __init__(self, folder: Path, url: str, port: int, count: int) -> None:
        self._stack = ExitStack()
        copy_starter(folder, timezone="UTC")
        for path in (folder / "subscribers").glob("*.yaml"):
            path.unlink()
        begun = datetime.now(UTC).replace(second=0, microsecond=0)
        people = (
            READER.format(address=self.address(number), at=f"{begun:%H:%M}", topics=TOPICS)
            for number in range(count)
        )
        (folder / "subscribers" / "all.yaml").write_text("---\n".join(people), encoding="utf-8")
        self.config = folder / "config.yaml"
        text = self.config.read_text(encoding="utf-8")
        relay = f"relays: [{{host: 127.0.0.1, port: {port}, tls: none}}]"
        text = text.replace("relays: embedded", relay, 1)
        text = text.replace("sqlite:///data/newsletter.db", url, 1)
        text = text.replace("\ndelivery:\n", '\nmatching: {semantic: "off"}\ndelivery:\n', 1)
        self.config.write_text(text, encoding="utf-8")
        earlier = begun - timedelta(hours=1)
        with open_newsroom(self.config, now=earlier) as room:
            collect(room.sources, room.collecting())
            documents = read_documents(room, [room.config.subscribers_path]).documents
            vouch(documents, room.subscribing(), statement="a test")

    @staticmethod
    def address(number: int) -> str:
        """Return who is reader `number`; what comes before the dot is heeded by the test server."""
        manner = "slow-ack" if number % SLOW == 0 else "reader"
        return f"{manner}.{number}@example.net"

    def plan(self) -> None:
        """Let every reader's letter wait."""
        with open_newsroom(self.config) as room:
            plan_all(room)

    def start(self, *words: str) -> "Hand":
        """Start `newsletter` with these words; it ends with the test at the latest."""
        hand = Hand("--config", str(self.config), *words)
        self._stack.callback(hand.kill)
        return hand

    def __enter__(self) -> Self:
        """Let them work."""
        return self

    def __exit__(self, *_: object) -> None:
        """End whoever still works."""
        self._stack.close()


def plan_all(room: Newsroom) -> int:
    """Plan what is due for everybody; return how many letters."""
    published = publish(room.subscribers.all(), room.order(Schedule.KEEP), room.publishing())
    return sum(plan.edition is not None for plan in published.plans)


class Hand:
    """A process of `newsletter`, and what it says; what it complains of may go to a file instead.

    Whoever starts one lets it be killed afterwards, also when it has ended by itself.
    """

    def __init__(self, *words: str, complaints: Path | None = None) -> None:
        self._voice, mouth = FORKS.Pipe(duplex=False)
        standard_input, self._parent = FORKS.Pipe(duplex=False)
        arguments = (words, standard_input, mouth, complaints)
        self.process = FORKS.Process(target=be_newsletter, args=arguments)
        self.process.start()
        mouth.close()
        standard_input.close()
        self.lines: Queue[str | None] = Queue()
        """What it says, and None at its end."""
        self._is_told = False
        self._ear = Thread(target=self._listen, daemon=True)
        self._ear.start()
        self.said: list[str] = []

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        assert self.process.pid
        return self.process.pid

    @property
    def is_at_work(self) -> bool:
        return self.process.is_alive()

    def await_line(self, pattern: str) -> str:
        """Wait until it says something like that."""
        while (line := self.lines.get(timeout=PATIENCE_S)) is not None:
            self.said.append(line)
            if re.search(pattern, line):
                return line
        message = f"it ended without a word of {pattern!r}: {self.said}"
        raise AssertionError(message)

    def end(self) -> int | None:
        """Ask it politely to end, once; return its exit code."""
        self.tell_to_end()
        return self.wait()

    def tell_to_end(self) -> None:
        """Ask it politely to end. A second time might meet it at its very end, when nobody listens."""
        if not self._is_told:
            self._is_told = True
            self.process.terminate()

    def wait(self) -> int | None:
        """Wait for it to end by itself; return its exit code."""
        self.process.join(PATIENCE_S)
        return self.process.exitcode

    def rest(self) -> list[str]:
        """Wait for its end; return what it said that nobody has heard yet."""
        return list(iter(lambda: self.lines.get(timeout=PATIENCE_S), None))

    def kill(self) -> None:
        """End it, if it has not ended, and all that is left of it."""
        self.process.kill()
        self.process.join()
        self._ear.join(PATIENCE_S)
        self._voice.close()
        self._parent.close()

    def _listen(self) -> None:
        with open(self._voice.fileno(), encoding="utf-8", closefd=False) as lines:
            for line in lines:
                self.lines.put(line)
        self.lines.put(None)


def be_newsletter(
    words: Sequence[str], standard_input: Connection, mouth: Connection, complaints: Path | None
) -> None:
    """Become `newsletter` with these words: in a process that was forked for it."""
    os.dup2(standard_input.fileno(), 0)
    for stream in (1, 2):
        os.dup2(mouth.fileno(), stream)
    if complaints:
        with complaints.open("w", encoding="utf-8") as file:
            os.dup2(file.fileno(), 2)
    standard_input.close()
    mouth.close()
    sys.argv = ["newsletter", *words]
    main()


@contextmanager
def at_work(*hands: Hand) -> Iterator[None]:
    """Let them work, and end them whatever happens; nobody may have ended before."""
    try:
        yield
        assert all(one.is_at_work for one in hands), [one.said for one in hands]
    finally:
        codes = [one.end() for one in hands]
    assert codes == [0] * len(hands)
