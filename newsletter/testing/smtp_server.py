"""An SMTP server for tests that goes wrong on request, in a thread of its own.

What it does wrong is chosen by the addresses of an envelope, see `testing.faults`.
"""

import asyncio
import threading
from pathlib import Path
from typing import Final, Self

from newsletter.model import Envelope
from newsletter.testing.smtp_dialogue import Dialogue
from newsletter.testing.smtp_manners import Manners, Record

START_LIMIT_S: Final = 10


class ScriptedSmtpServer:
    """A server on a loopback port chosen by the system, from `with` until its end.

    With `socket_path` it listens on that Unix socket instead, and its port stays 0.
    """

    def __init__(self, manners: Manners | None = None, *, socket_path: Path | None = None) -> None:
        self._manners = manners or Manners()
        self._socket_path = socket_path
        self.record = Record()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self.host = "127.0.0.1"
        self.port = 0

    @property
    def envelopes(self) -> tuple[Envelope, ...]:
        """Return the messages that were taken, dots unstuffed, in order; one per recipient."""
        return tuple(self.record.envelopes)

    def behave(self, manners: Manners) -> None:
        """Behave like this to everybody who connects from now on."""
        self._manners = manners

    def __enter__(self) -> Self:
        """Start to listen."""
        self._thread.start()
        if not self._ready.wait(START_LIMIT_S):
            message = "the test server did not start"
            raise TimeoutError(message)
        return self

    def __exit__(self, *_: object) -> None:
        """End all connections and wait for the thread."""
        if self._loop and self._stopping:
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        dialogues: set[asyncio.Task[None]] = set()

        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            dialogue = Dialogue(reader, writer, self._manners, self.record)
            task = asyncio.ensure_future(dialogue.hold())
            dialogues.add(task)
            task.add_done_callback(dialogues.discard)

        is_wrapped = not any(word.startswith("STARTTLS") for word in self._manners.extensions)
        if self._socket_path:
            server = await asyncio.start_unix_server(begin, self._socket_path)
        else:
            tls = self._manners.tls if is_wrapped else None
            server = await asyncio.start_server(begin, self.host, 0, ssl=tls, backlog=1000)
            self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()
        for task in tuple(dialogues):
            task.cancel()
        await asyncio.gather(*dialogues, return_exceptions=True)
