"""What every book of mail servers keeps, and how every way of asking for them answers."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

import dns.message
import dns.rcode
import dns.rrset
import pytest

from newsletter.model import DnsAnswer, EmailAddress, MailHosts, SubscriptionEvent
from newsletter.ports import AskForMailHosts, MailHostBook, SubscriberStore
from newsletter.rules.addresses import Secrets
from newsletter.storage import Database, MailHostStore, Subscribers
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.mail_hosts import FakeMailDns, MemoryMailHosts
from newsletter.testing.plans import FIRST_SLOT_AT
from newsletter.testing.subscribers import MemorySubscriberStore
from newsletter.transports import MailDns

NOW = FIRST_SLOT_AT
HOUR = timedelta(hours=1)
GOOGLE = MailHosts("gmail.com", ("a.google.com", "b.google.com"), NOW)

OpenStored = Callable[[str], Database]


@dataclass
class House:
    book: MailHostBook
    people: SubscriberStore

    def admit(self, *addresses: str, event: SubscriptionEvent = SubscriptionEvent.VOUCH) -> None:
        for address in addresses:
            self.people.apply(EmailAddress(address), event, now=NOW, statement="a test")

    def due(self, limit: int = 100, after: timedelta = timedelta()) -> list[str]:
        return list(self.book.due(now=NOW + after, limit=limit))


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, open_stored: OpenStored) -> House:
    if request.param == "memory":
        people = MemorySubscriberStore(MemoryLedger())
        return House(MemoryMailHosts(people), people)
    database = open_stored(request.param)
    return House(MailHostStore(database), Subscribers(database, Secrets((b"k" * 16,))))


def test_domains_of_confirmed_people_are_due_those_of_most_first(house: House) -> None:
    house.admit("a@rare.org", "b@often.org", "c@OFTEN.org", "d@also.org")
    house.admit("e@pending.org", event=SubscriptionEvent.SUBSCRIBE)
    assert house.due() == ["often.org", "also.org", "rare.org"]
    assert house.due(limit=1) == ["often.org"]


def test_what_is_known_is_not_due_until_its_time_is_over(house: House) -> None:
    house.admit("a@gmail.com", "b@down.org")
    house.book.keep([GOOGLE, MailHosts("down.org", (), NOW, "timed out")], now=NOW)
    assert house.due() == []
    assert house.due(after=HOUR) == ["down.org"]
    assert house.due(after=24 * HOUR) == ["down.org", "gmail.com"]


def test_those_with_hosts_are_known_in_order(house: House) -> None:
    last = MailHosts("z.org", ("mx.z.net",), NOW)
    house.book.keep([last, GOOGLE, MailHosts("none.org", (), NOW)], now=NOW)
    assert list(house.book.known()) == [GOOGLE, last]


def test_the_version_grows_with_all_that_is_kept(house: House) -> None:
    before = house.book.version()
    house.book.keep([GOOGLE], now=NOW)
    after = house.book.version()
    house.book.keep([replace(GOOGLE, trouble="timed out")], now=NOW - HOUR)
    assert before < after < house.book.version()


def test_a_later_answer_counts_and_after_a_failure_the_former(house: House) -> None:
    moved = MailHosts("gmail.com", ("mx.moved.net",), NOW + HOUR)
    house.book.keep([GOOGLE], now=NOW)
    house.book.keep([moved], now=NOW + HOUR)
    failed = MailHosts("gmail.com", (), NOW + 2 * HOUR, "SERVFAIL \0 \udc00")
    house.book.keep([failed], now=NOW + 2 * HOUR)
    (known,) = house.book.known()
    assert (known.hosts, known.asked_at) == (moved.hosts, failed.asked_at)
    assert known.trouble.startswith("SERVFAIL")


def test_what_nobody_asks_for_any_more_is_forgotten(house: House) -> None:
    house.book.keep([GOOGLE], now=NOW)
    later = NOW + timedelta(days=8)
    other = replace(GOOGLE, domain="x.org", asked_at=later)
    house.book.keep([other], now=later)
    assert list(house.book.known()) == [other]


ZONES = {
    "example.org": DnsAnswer(("10 mx1.example.net.", "20 mx2.example.net.")),
    "null.example.org": DnsAnswer(("0 .",)),
    "none.example.org": DnsAnswer(),
}


class NameServer(asyncio.DatagramProtocol):
    """Answers with the zones; says SERVFAIL for `broken.example.org`, rubbish for `rubbish.…`."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text().removesuffix(".")
        if name.startswith("silent"):
            return
        if name.startswith("rubbish"):
            self.transport.sendto(data[:2] + b"\xff" * 40, addr)
            return
        answer = dns.message.make_response(query)
        if name.startswith("broken"):
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name not in ZONES:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif ZONES[name].records:
            found = dns.rrset.from_text(f"{name}.", 300, "IN", "MX", *ZONES[name].records)
            answer.answer.append(found)
        self.transport.sendto(answer.to_wire(), addr)


async def ask_a_server(domain: str) -> DnsAnswer:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(NameServer, ("127.0.0.1", 0))
    try:
        port = transport.get_extra_info("sockname")[1]
        return await MailDns(timedelta(seconds=0.3), ("127.0.0.1", port))(domain)
    finally:
        transport.close()


@pytest.fixture(params=["fake", "real"])
def ask(request: pytest.FixtureRequest) -> AskForMailHosts:
    if request.param == "real":
        return ask_a_server
    trouble = DnsAnswer(trouble="no answer")
    names = ("broken", "rubbish", "silent")
    return FakeMailDns({**ZONES, **{f"{name}.example.org": trouble for name in names}})


@pytest.mark.parametrize("domain", [*ZONES, "unknown.example.org"])
def test_the_records_are_told(ask: AskForMailHosts, domain: str) -> None:
    assert asyncio.run(_ask(ask, domain)) == ZONES.get(domain, DnsAnswer())


@pytest.mark.parametrize("name", ["broken", "rubbish", "silent"])
def test_what_goes_wrong_is_told(ask: AskForMailHosts, name: str) -> None:
    answer = asyncio.run(_ask(ask, f"{name}.example.org"))
    assert answer.records == ()
    assert answer.trouble
    assert "\n" not in answer.trouble


async def _ask(ask: AskForMailHosts, domain: str) -> DnsAnswer:
    return await ask(domain)


@pytest.mark.parametrize("name", ["a" * 64 + ".org", "a..org", "." * 300, "\udc00.org"])
def test_a_name_that_is_none_is_told_too(name: str) -> None:
    assert asyncio.run(ask_a_server(name)).trouble
