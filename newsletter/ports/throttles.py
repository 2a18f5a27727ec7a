"""Where it is kept how fast letters may leave, and the time by which they do."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from newsletter.model import DnsAnswer, Lane, LaneName, MailHosts

Lanes = Mapping[LaneName, Lane]

DecideLanes = Callable[[Lanes], Lanes]
"""Takes the lanes asked for as they are and returns those that change; pure."""


class Throttles(Protocol):
    """The lanes of all workers. A lane never heard of is an empty Lane."""

    def lanes(self) -> Lanes:
        """Return every lane that is kept."""
        ...

    def change(self, names: Collection[LaneName], decide: DecideLanes) -> Lanes:
        """Change lanes while nobody else can; return them as they are now.

        A lane that becomes an empty one is forgotten.
        """
        ...


class MailHostBook(Protocol):
    """What the DNS said of the mail servers of our subscribers' domains; all workers share it."""

    def due(self, *, now: datetime, limit: int) -> Sequence[str]:
        """Return domains of confirmed subscribers to ask the DNS for, those of most people first.

        Those never asked for, and those whose answer is over (`rules.throttle.is_due`).
        """
        ...

    def keep(self, found: Collection[MailHosts], *, now: datetime) -> None:
        """Keep answers in place of earlier ones; of one with `trouble` the earlier hosts stay.

        What nobody asked for again within a week is forgotten: nobody subscribes from there now.
        """
        ...

    def known(self) -> Sequence[MailHosts]:
        """Return all that have hosts, in the order of domains."""
        ...

    def version(self) -> int:
        """Return a number that grows whenever anything is kept: quicker to read than all."""
        ...


class AskForMailHosts(Protocol):
    """Asks the DNS for the MX records of a domain."""

    async def __call__(self, domain: str, /) -> DnsAnswer:
        """Return its records, as `10 mx.example.org.`, within seconds. Never raises."""
        ...


class PaceClock(Protocol):
    """The machine's time, which letters are paced by: it goes on also under `--now`."""

    def now(self) -> datetime:
        """Return now as aware UTC."""
        ...

    async def sleep(self, time: timedelta) -> None:
        """Let time pass."""
        ...
