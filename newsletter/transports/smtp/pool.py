"""Connections to one relay, opened when needed, kept for the next message, closed when idle."""

import asyncio
import ssl
from collections import deque

from newsletter.transports.smtp.handshake import open_session
from newsletter.transports.smtp.relay import Relay, Timeouts
from newsletter.transports.smtp.session import Session


class Pool:
    """At most `connections` sessions at once; those who come later wait in line."""

    def __init__(
        self, relay: Relay, timeouts: Timeouts, connections: int, context: ssl.SSLContext | None
    ) -> None:
        self._relay = relay
        self._timeouts = timeouts
        self._context = context
        self._connections = connections
        self._turns = asyncio.Semaphore(connections)
        self._idle: deque[tuple[float, Session]] = deque()
        self._epoch = 0
        self._reaper: asyncio.TimerHandle | None = None

    def turn(self) -> asyncio.Semaphore:
        """Return what to hold during a conversation: it waits until one more is allowed."""
        return self._turns

    def take(self) -> Session | None:
        """Return a session that was used before; None: open one.

        Only within a turn; it goes back with `give`.
        """
        while self._idle:
            _, session = self._idle.pop()
            if session.is_usable:
                return session
            session.wire.abort()
        return None

    async def open(self) -> Session:
        """Return a new session, as `take` does. Raises RefusedError when none can be opened."""
        session = await open_session(self._relay, self._timeouts, self._context)
        session.epoch = self._epoch
        return session

    def give(self, session: Session) -> None:
        """Take a session back for the next message, or end it."""
        is_spent = session.deliveries >= self._relay.messages_per_connection
        if session.epoch != self._epoch or (is_spent and session.is_usable):
            session.leave()
        if not session.is_usable:
            session.wire.abort()
            return
        loop = asyncio.get_running_loop()
        self._idle.append((loop.time(), session))
        if self._reaper is None:
            self._reaper = loop.call_later(self._timeouts.idle.total_seconds(), self._reap)

    async def close(self) -> None:
        """Say goodbye on every idle session; one that is in use ends when it is given back."""
        self._epoch += 1
        if self._reaper is not None:
            self._reaper.cancel()
            self._reaper = None
        sessions = [session for _, session in self._idle]
        self._idle.clear()
        self._turns = asyncio.Semaphore(self._connections)  # the next user may be another loop
        await asyncio.gather(*(session.quit(self._timeouts.quit) for session in sessions))

    def _reap(self) -> None:
        """End the sessions that nobody used for `idle`; the longest unused stand first."""
        loop = asyncio.get_running_loop()
        self._reaper = None
        oldest = loop.time() - self._timeouts.idle.total_seconds()
        while self._idle and self._idle[0][0] <= oldest:
            _, session = self._idle.popleft()
            session.leave()
        if self._idle:
            self._reaper = loop.call_at(
                self._idle[0][0] + self._timeouts.idle.total_seconds(), self._reap
            )
