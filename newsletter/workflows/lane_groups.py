"""Which domains share a lane because one provider takes their mail: found out ahead of the letters."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from newsletter.errors import StorageError
from newsletter.model import Limits, MailHosts
from newsletter.ports import AskForMailHosts, MailHostBook, PaceClock
from newsletter.rules.throttle import is_worth_asking, read_mail_hosts, with_providers

AT_ONCE: Final = 8
_MOST: Final = 10_000
"""Domains that are asked for before those with the most people are looked for anew."""
_KEPT_TOGETHER: Final = 64


@dataclass(slots=True)
class LaneGroups:
    """The operator's limits, with the groups that were found so far. One for each process.

    `limits` is replaced as a whole, by one thread at a time; any thread may read it.
    """

    written: Limits
    book: MailHostBook
    limits: Limits = field(init=False)
    _seen: int | None = None

    def __post_init__(self) -> None:
        self.limits = self.written

    def look(self) -> None:
        """Take over what all workers know now. Raises StorageError."""
        version = self.book.version()
        if version != self._seen:
            self.limits = with_providers(self.written, self.book.known())
            self._seen = version


@dataclass(frozen=True, slots=True)
class MailHostPorts:
    """What finding out needs of the world."""

    book: MailHostBook
    ask: AskForMailHosts
    clock: PaceClock


async def learn_mail_hosts(
    ports: MailHostPorts, on_learned: Callable[[], None] = lambda: None
) -> int:
    """Ask the DNS for every domain that is due, eight at once; return how many were asked for.

    Each few answers are kept as soon as they are there, and `on_learned` is called. What is there
    when this is cancelled is kept too, so that also many short runs come to an end of it. Raises
    StorageError.
    """
    asked = 0
    hands = asyncio.Semaphore(AT_ONCE)
    due = ports.book.due(now=ports.clock.now(), limit=_MOST)
    for first in range(0, len(due), _KEPT_TOGETHER):
        domains = due[first : first + _KEPT_TOGETHER]
        await _learn(domains, ports, hands)
        on_learned()
        asked += len(domains)
    return asked


async def _learn(domains: Sequence[str], ports: MailHostPorts, hands: asyncio.Semaphore) -> None:
    found: list[MailHosts] = []

    async def note(domain: str) -> None:
        found.append(await _find(ports, hands, domain))

    try:
        await asyncio.gather(*map(note, domains))
    except asyncio.CancelledError:
        with suppress(StorageError):  # the program ends: who comes next asks for the others alone
            ports.book.keep(found, now=ports.clock.now())
        raise
    ports.book.keep(found, now=ports.clock.now())


async def _find(ports: MailHostPorts, hands: asyncio.Semaphore, domain: str) -> MailHosts:
    if not is_worth_asking(domain):
        return MailHosts(domain, (), ports.clock.now())
    async with hands:
        answer = await ports.ask(domain)
    hosts = read_mail_hosts(answer.records)
    return MailHosts(domain, hosts, ports.clock.now(), answer.trouble or "")
