"""A loop of its own in a thread of its own, which listens on a port."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol
from weakref import WeakSet

from newsletter.errors import ConfigError

START_LIMIT_S: Final = 10
STOP_LIMIT_S: Final = 2


class Conversation(Protocol):
    """What the loop must be able to end: a protocol that knows its transport."""

    transport: asyncio.BaseTransport | None


class Listener:
    """Listens from `start` to `stop`, and answers each connection with what `begin` makes.

    `begin` is called in the loop; `end_with` is told of each conversation, to be ended with it.
    """

    def __init__(
        self,
        begin: Callable[["Listener"], asyncio.BaseProtocol],
        *,
        host: str,
        port: int,
        name: str,
    ) -> None:
        self._begin = begin
        self._host = host
        self._port = port
        self._name = name
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._failure: OSError | None = None
        self._conversations: WeakSet[Conversation] = WeakSet()

    def start(self) -> int:
        """Listen and return the port, which for port 0 the system has chosen.

        Raises ConfigError when the port cannot be had.
        """
        if self._thread is not None:
            return self._port
        self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
        self._ready.clear()
        self._thread.start()
        self._ready.wait(START_LIMIT_S)
        if self._failure is not None:
            failure, self._failure, self._thread = self._failure, None, None
            reason = failure.strerror or failure
            raise ConfigError(
                f"the {self._name} cannot listen at {self._host}:{self._port}: {reason}"
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

    def end_with(self, conversation: Conversation) -> None:
        """End this conversation when listening ends."""
        self._conversations.add(conversation)

    def _work(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        server = await self._loop.create_server(lambda: self._begin(self), self._host, self._port)
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()
        for conversation in self._conversations:
            if isinstance(conversation.transport, asyncio.WriteTransport):
                conversation.transport.abort()
        # One turn of the loop: the ends of the connections are told to whoever waits on them.
        await asyncio.sleep(0)
