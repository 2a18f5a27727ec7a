"""The embedded SMTP server of the demo: takes every letter and keeps it in a folder."""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session

from newsletter.errors import ConfigError
from newsletter.mailboxes.trial.letters import keep

MAX_MESSAGE_BYTES: Final = 10_000_000
START_LIMIT_S: Final = 10
STOP_LIMIT_S: Final = 5

log = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TrialServer:
    """Listens in a thread of its own from `start` to `stop`; nothing ever leaves it.

    `now` gives the time of arrival, aware.
    """

    def __init__(
        self,
        folder: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._folder = folder
        self._host = host
        self._port = port
        self._now = now
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._failure: OSError | None = None

    def start(self) -> int:
        """Listen and return the port, which for port 0 the system has chosen.

        Creates the folder. Raises ConfigError when the folder or the port cannot be had.
        """
        if self._thread is not None:
            return self._port
        self._thread = threading.Thread(target=self._work, name="trial-server", daemon=True)
        self._ready.clear()
        self._thread.start()
        self._ready.wait(START_LIMIT_S)
        if self._failure is not None:
            failure, self._failure, self._thread = self._failure, None, None
            raise ConfigError(
                f"the trial server cannot listen at {self._host}:{self._port} "
                f"or keep letters in {self._folder}: {failure.strerror or failure}"
            ) from failure
        return self._port

    def stop(self) -> None:
        """Stop to listen and end every connection. Harmless when it does not run."""
        thread, self._thread = self._thread, None
        if thread is None or self._loop is None or self._stopping is None:
            return
        with suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._stopping.set)
        thread.join(STOP_LIMIT_S)

    def _work(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        conversations: WeakSet[SMTP] = WeakSet()

        def begin() -> SMTP:
            conversation = _conversation(_Keeper(self._folder, self._now))
            conversations.add(conversation)
            return conversation

        server = await self._loop.create_server(begin, self._host, self._port)
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()
        for conversation in conversations:
            if isinstance(conversation.transport, asyncio.WriteTransport):
                conversation.transport.abort()
        # One turn of the loop: the ends of the connections are told to whoever waits on them.
        await asyncio.sleep(0)


class _Keeper:
    """What aiosmtpd asks when a message was heard."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._now = now

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the message, then take it."""
        octets = envelope.content
        if not isinstance(octets, bytes):
            return "554 5.6.0 no message"
        # aiosmtpd writes the empty sender of answers with its brackets.
        sender = (envelope.mail_from or "").removeprefix("<>")
        try:
            letter = keep(self._folder, sender, envelope.rcpt_tos, octets, now=self._now())
        except OSError as error:
            log.warning("trial server: letter not kept: %s", error.strerror or error)
            return "451 4.3.0 cannot keep the letter now"
        return f"250 2.0.0 kept as {letter.name}"


def _conversation(keeper: _Keeper) -> SMTP:
    return SMTP(
        keeper,
        data_size_limit=MAX_MESSAGE_BYTES,
        enable_SMTPUTF8=True,
        # Without a name it asks the DNS for one, which can take seconds.
        hostname="localhost",
        ident="newsletter trial server",
        loop=asyncio.get_running_loop(),
    )
