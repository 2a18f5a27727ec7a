"""An IMAP server for tests that goes wrong on request, in a thread of its own."""

import asyncio
import ssl
import threading
from contextlib import suppress
from typing import Final, Self

from newsletter.testing.imap_dialogue import ImapDialogue
from newsletter.testing.imap_script import MailboxScript

START_LIMIT_S: Final = 10


class ScriptedImapServer:
    """A server over TLS on a loopback port chosen by the system, from `with` until its end."""

    def __init__(self, tls: ssl.SSLContext, script: MailboxScript | None = None) -> None:
        self.script = script or MailboxScript()
        self._tls = tls
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._dialogues: set[ImapDialogue] = set()
        self.connections = 0
        self.port = 0

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

    def deliver(self, raw: bytes) -> None:
        """Put a message into the mailbox and tell whoever idles."""
        self.script.put(raw)
        if self._loop:
            self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        for dialogue in self._dialogues:
            dialogue.tell()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        tasks: set[asyncio.Task[None]] = set()

        async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            dialogue = ImapDialogue(reader, writer, self.script)
            self._dialogues.add(dialogue)
            self.connections += 1
            try:
                await dialogue.hold()
            finally:
                self._dialogues.discard(dialogue)

        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(hold(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        server = await asyncio.start_server(begin, "127.0.0.1", 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()
        for task in tuple(tasks):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)
