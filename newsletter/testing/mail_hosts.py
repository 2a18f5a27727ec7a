"""What the DNS said of mail servers, in memory, and a DNS that answers as a test says."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from newsletter.model import DnsAnswer, MailHosts, SubscriptionState
from newsletter.ports import SubscriberStore
from newsletter.rules.addresses import domain_of
from newsletter.rules.throttle import is_due

_FORGOTTEN_AFTER: Final = timedelta(days=7)


class MemoryMailHosts:
    """The MailHostBook port, beside the people of a store."""

    def __init__(self, people: SubscriberStore) -> None:
        self._people = people
        self._kept: dict[str, MailHosts] = {}
        self._version = 0

    def due(self, *, now: datetime, limit: int) -> Sequence[str]:
        """Return domains of confirmed subscribers to ask for, those of most people first."""
        confirmed = (one for one in self._people.all() if one.state is SubscriptionState.CONFIRMED)
        people = Counter(domain_of(one.address) for one in confirmed)
        fresh = {domain for domain, one in self._kept.items() if not is_due(one, now)}
        wanted = sorted(people.keys() - fresh, key=lambda one: (-people[one], one))
        return wanted[:limit]

    def keep(self, found: Collection[MailHosts], *, now: datetime) -> None:
        """Keep answers; of one with `trouble` the earlier hosts stay."""
        self._version += 1
        for one in found:
            former = self._kept.get(one.domain)
            hosts = former.hosts if former and one.trouble else one.hosts
            self._kept[one.domain] = replace(one, hosts=hosts)
        self._kept = {
            domain: one
            for domain, one in self._kept.items()
            if one.asked_at >= now - _FORGOTTEN_AFTER
        }

    def known(self) -> Sequence[MailHosts]:
        """Return all that have hosts."""
        return [one for _, one in sorted(self._kept.items()) if one.hosts]

    def version(self) -> int:
        """Return a number that grows whenever anything is kept."""
        return self._version


class FakeMailDns:
    """The AskForMailHosts port: answers from `zones`, else that there are no such records.

    `asked` are the domains in order, `most_at_once` how many questions were open together.
    """

    def __init__(self, zones: Mapping[str, DnsAnswer] | None = None) -> None:
        self.zones = dict(zones or {})
        self.asked: list[str] = []
        self.most_at_once = 0
        self._open = 0

    async def __call__(self, domain: str) -> DnsAnswer:
        """Return what the zones say, a little later."""
        self.asked.append(domain)
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        await asyncio.sleep(0)
        self._open -= 1
        return self.zones.get(domain, DnsAnswer())
