"""How envelopes are handed over."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from newsletter.model import Envelope, Receipt

BeginData = Callable[[], Awaitable[bool]]
"""Called once, just before the final dot; False forbids it."""


class Transport(Protocol):
    """Hands envelopes to the next hop."""

    async def deliver(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
        """Hand one envelope over and say what came of it; never raises for what the other side does.

        May be awaited many times at once: the transport keeps to its number of connections.
        """
        ...

    async def close(self) -> None:
        """End all connections politely."""
        ...
