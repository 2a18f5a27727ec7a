"""One TCP or TLS connection: octets out, replies in."""

import asyncio
import ssl
from collections import deque
from datetime import timedelta
from typing import Final, cast

from newsletter.errors import NewsletterError
from newsletter.transports.smtp.replies import GarbledReplyError, Reply, ReplyReader

BLOCK_BYTES: Final = 64 * 1024

MAX_UNREAD_REPLIES: Final = 20
"""We never wait for more than three; a server that says more unasked is not listened to."""


class WireError(NewsletterError):
    """The conversation ended or stalled; the message says how."""


class Wire(asyncio.Protocol):
    """The asyncio side of one connection. Used by one delivery at a time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._reader = ReplyReader()
        self._replies: deque[Reply] = deque()
        self._end: str | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._deadline_s = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._is_blocked = False
        self._transport: asyncio.Transport | None = None
        self._gone: asyncio.Future[None] = self._loop.create_future()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; also called again with the encrypted transport after STARTTLS."""
        # create_connection promises it; but uvloop's is none by its class.
        self._transport = cast("asyncio.Transport", transport)
        # With no room in the buffer, a write is over when the kernel has everything. One octet,
        # because asyncio's TLS transport takes an empty buffer for full when there are none.
        self._transport.set_write_buffer_limits(high=1, low=0)

    def data_received(self, data: bytes) -> None:
        """Cut what came into replies."""
        try:
            self._replies.extend(self._reader.feed(data))
        except GarbledReplyError as error:
            self._stop(str(error))
        if len(self._replies) > MAX_UNREAD_REPLIES:
            self._stop("the server talks without being asked")
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Remember how it ended."""
        if self._end is None:
            self._end = f"the connection broke: {exc}" if exc else "the server hung up"
        if not self._gone.done():
            self._gone.set_result(None)
        if self._timer is not None:
            self._timer.cancel()
        self._wake()

    def pause_writing(self) -> None:
        """Note that the kernel's buffer is full."""
        self._is_blocked = True

    def resume_writing(self) -> None:
        """Note that everything was taken."""
        self._is_blocked = False
        self._wake()

    # What a session calls.

    @property
    def is_quiet(self) -> bool:
        """Whether the connection lives and the server has said nothing that was not read."""
        return self._end is None and not self._replies and self._reader.is_between_replies

    @property
    def has_spoken(self) -> bool:
        """Whether a reply is there to be read without waiting."""
        return bool(self._replies)

    @property
    def local_host(self) -> str:
        """Return the numeric address of our end."""
        name = self._open().get_extra_info("sockname")
        return str(name[0]) if isinstance(name, tuple) else "127.0.0.1"

    def write(self, octets: bytes) -> None:
        """Send `octets` without waiting; raises WireError when the connection is gone.

        A write that fails tells nobody but by closing the transport: then none of `octets` left us.
        """
        if self._end is not None:
            raise WireError(self._end)
        transport = self._open()
        transport.write(octets)
        if transport.is_closing():
            self._end = "the connection broke"
            raise WireError(self._end)

    async def write_blocks(self, octets: bytes, limit: timedelta) -> None:
        """Send much; `limit` is for each block of 64 kB. Stops early when the server speaks."""
        for start in range(0, len(octets), BLOCK_BYTES):
            if self.has_spoken:
                return
            self.write(octets[start : start + BLOCK_BYTES])
            await self._wait(limit, until_drained=True)

    async def write_out(self, octets: bytes, limit: timedelta) -> bool:
        """Send `octets` and say whether the kernel took them all; False: the server spoke or left before.

        Raises WireError when that takes longer than `limit`.
        """
        self.write(octets)
        if self._is_blocked:
            await self._wait(limit, until_drained=True)
        return not self._is_blocked

    def heard(self) -> Reply | None:
        """Return the next reply if it is there already."""
        return self._replies.popleft() if self._replies else None

    async def reply(self, limit: timedelta) -> Reply:
        """Return the next reply; raises WireError when none can come or `limit` passed."""
        if not self._replies:
            await self._wait(limit, until_drained=False)
        if not self._replies:
            raise WireError(self._end or "the server hung up")
        return self._replies.popleft()

    async def encrypt(self, context: ssl.SSLContext, host: str, limit: timedelta) -> None:
        """Begin TLS. Raises WireError when the server said more than its 220 in the clear.

        Otherwise somebody on the way could put words into the encrypted conversation. Raises
        ssl.SSLError and OSError as asyncio does.
        """
        if not self.is_quiet:
            message = "the server sent more than its consent before TLS began"
            raise WireError(message)
        encrypted = await self._loop.start_tls(
            self._open(),
            self,
            context,
            server_hostname=host,
            ssl_handshake_timeout=limit.total_seconds(),
        )
        if encrypted is None:
            message = "the connection ended while TLS began"
            raise WireError(message)
        self.connection_made(encrypted)

    def abort(self) -> None:
        """Drop the connection at once, with what was not sent."""
        self._end = self._end or "we hung up"
        if self._transport is not None:
            self._transport.abort()

    async def wait_gone(self, limit: timedelta) -> None:
        """Wait until the connection is closed, at most for `limit`."""
        await asyncio.wait({self._gone}, timeout=limit.total_seconds())

    def _open(self) -> asyncio.Transport:
        if self._transport is None:
            message = "there is no connection yet"
            raise WireError(message)
        return self._transport

    def _is_waiting(self, *, until_drained: bool) -> bool:
        if self._end is not None or self._replies:
            return False
        return self._is_blocked or not until_drained

    async def _wait(self, limit: timedelta, *, until_drained: bool) -> None:
        loop = self._loop
        if self._is_waiting(until_drained=until_drained):
            self._watch_until(loop.time() + limit.total_seconds())
        try:
            while self._is_waiting(until_drained=until_drained):
                self._waiter = loop.create_future()
                await self._waiter
        except TimeoutError:
            seconds = f"{limit.total_seconds():g}"
            raise WireError(f"the server kept us waiting for {seconds} s") from None
        finally:
            self._waiter = None

    def _watch_until(self, deadline_s: float) -> None:
        """Let the wait that begins now end at `deadline_s`.

        One timer serves many waits: it is made anew only where it would come too late, because making
        one for each costs a sixth of the time of a whole message.
        """
        self._deadline_s = deadline_s
        if self._timer is not None and self._timer.when() > deadline_s:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = self._loop.call_at(deadline_s, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._waiter is None or self._waiter.done():
            return
        if self._loop.time() < self._deadline_s:
            self._watch_until(self._deadline_s)
        else:
            self._waiter.set_exception(TimeoutError())

    def _stop(self, why: str) -> None:
        self._end = self._end or why
        self.abort()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
