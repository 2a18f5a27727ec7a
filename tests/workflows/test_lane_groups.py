"""Domains of one provider are found out ahead, and then share what is learned of it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.errors import StorageError
from newsletter.model import DnsAnswer, Limits, SmtpPhase
from newsletter.rules.retry import classify
from newsletter.rules.throttle import domain_lane, is_open
from newsletter.testing.mail_hosts import FakeMailDns, MemoryMailHosts
from newsletter.workflows import LaneGroups, MailHostPorts, learn_mail_hosts
from newsletter.workflows.lane_groups import AT_ONCE
from tests.workflows.test_pacing import NOW, REFUSED, SECOND, Post, readers

GOOGLE = domain_lane("google.com")
AT_GOOGLE = DnsAnswer(("5 mx.l.google.com.",))
TOO_FAST = classify(SmtpPhase.RCPT, 421, "4.7.28 too fast")


class House(Post):
    """A post whose subscribers' domains are looked up in `dns`."""

    def __init__(self, *addresses: str, limits: Limits | None = None) -> None:
        super().__init__(*addresses, limits=limits)
        self.dns = FakeMailDns()
        self.book = MemoryMailHosts(self.people)
        self.groups = LaneGroups(limits or Limits(), self.book)
        assert self.ports.traffic
        traffic = replace(self.ports.traffic, groups=self.groups)
        self.ports = replace(self.ports, traffic=traffic)

    def learn(self) -> int:
        ports = MailHostPorts(self.book, self.dns, self.time)
        return asyncio.run(learn_mail_hosts(ports, self.groups.look))


def siblings(*addresses: str, limits: Limits | None = None) -> House:
    """Return a house where the mail of gmail.com, one.org and two.org is known to be at one provider."""
    house = House(*addresses, limits=limits)
    house.dns.zones |= dict.fromkeys(("gmail.com", "one.org", "two.org"), AT_GOOGLE)
    house.learn()
    return house


def test_every_domain_is_asked_for_once_a_day() -> None:
    house = House(*readers(3, "one.org"), *readers(2, "two.org"))
    assert house.learn() == 2
    assert house.dns.asked == ["one.org", "two.org"]
    house.time.move(timedelta(hours=23))
    assert house.learn() == 0
    house.time.move(timedelta(hours=1))
    assert house.learn() == 2


def test_no_more_than_eight_are_asked_for_at_once() -> None:
    house = House(*(f"reader@d{number}.org" for number in range(100)))
    assert house.learn() == 100
    assert house.dns.most_at_once == AT_ONCE == 8


def test_a_failure_is_remembered_for_an_hour() -> None:
    house = House("ada@one.org")
    house.dns.zones["one.org"] = DnsAnswer(trouble="timed out")
    assert (house.learn(), house.learn()) == (1, 0)
    assert house.groups.limits.groups == {}
    house.time.move(timedelta(hours=1))
    house.dns.zones["one.org"] = AT_GOOGLE
    assert house.learn() == 1
    assert house.groups.limits.groups == {"one.org": "google.com"}


def test_what_was_answered_before_the_end_is_kept() -> None:
    house = House("ada@one.org", "bob@silent.org")

    async def ask(domain: str) -> DnsAnswer:
        await asyncio.sleep(3_600 if domain == "silent.org" else 0)
        return AT_GOOGLE

    async def give_up() -> None:
        ports = MailHostPorts(house.book, ask, house.time)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(learn_mail_hosts(ports), 0.05)

    asyncio.run(give_up())
    house.groups.look()
    assert house.groups.limits.groups == {"one.org": "google.com"}
    assert house.book.due(now=NOW, limit=9) == ["silent.org"]


def test_nobody_is_asked_for_a_name_that_is_in_no_dns() -> None:
    house = House("ada@host.test", "bob@printer.local")
    assert (house.learn(), house.learn()) == (2, 0)
    assert house.dns.asked == []


def test_a_domain_that_takes_no_mail_stays_alone() -> None:
    house = House("ada@null.org")
    house.dns.zones["null.org"] = DnsAnswer(("0 .",))
    house.learn()
    assert house.groups.limits.groups == {}


def test_hostile_answers_change_nothing() -> None:
    house = House("ada@evil.org", "bob@one.org")
    house.dns.zones |= {
        "one.org": AT_GOOGLE,
        "evil.org": DnsAnswer(("0 " + "a." * 50_000, "x", "0 mx.\0.org.", *["0 ."] * 5_000)),
    }
    house.learn()
    assert house.groups.limits.groups == {"one.org": "google.com"}


def test_what_one_worker_learned_all_others_know() -> None:
    house = siblings("ada@one.org")
    other = LaneGroups(Limits(), house.book)
    assert other.limits.groups == {}
    other.look()
    assert other.limits.groups == house.groups.limits.groups == {"one.org": "google.com"}
    same = other.limits
    other.look()
    assert other.limits is same, "nothing is worked out anew while nothing is new"


def test_a_book_that_cannot_be_read_leaves_the_groups_as_they_are() -> None:
    class Broken(MemoryMailHosts):
        def version(self) -> int:
            raise StorageError

    groups = LaneGroups(Limits(groups={"a.org": "b"}), Broken(House().people))
    with pytest.raises(StorageError):
        groups.look()
    assert groups.limits.groups == {"a.org": "b"}


def test_siblings_share_the_limit_of_their_provider() -> None:
    limits = Limits(per_domain={"google.com": 60})
    house = siblings("a@one.org", "b@two.org", "c@gmail.com", "d@free.net", limits=limits)
    house.run()
    moments = {who: moment for moment, who in house.server.heard}
    assert moments["d@free.net"] - NOW < SECOND
    assert sum(moment - NOW > 0.9 * SECOND for moment in moments.values()) == 2


def test_a_complaint_of_one_domain_slows_its_siblings() -> None:
    house = siblings("first@one.org", *readers(12, "two.org"))
    house.server.rule = lambda who: TOO_FAST if "first" in who else None
    house.run(batch=1, at_once=1)
    moments = [moment for moment, who in house.server.heard if "reader" in who]
    assert len(moments) == 12
    assert moments[-1] - moments[0] >= 9 * SECOND / 5, "300 a minute are five a second"
    assert house.lanes.lanes()[GOOGLE].halvings == 1
    assert domain_lane("one.org") not in house.lanes.lanes()


def test_a_complaint_slows_a_limit_of_the_domain_and_that_of_the_group() -> None:
    limits = Limits(per_domain={"one.org": 120})
    house = siblings("first@one.org", limits=limits)
    house.server.rule = lambda _: TOO_FAST
    house.run()
    lanes = house.lanes.lanes()
    assert {name: lane.halvings for name, lane in lanes.items()} == {
        GOOGLE: 1,
        domain_lane("one.org"): 1,
    }


def test_a_domain_elsewhere_is_not_slowed_by_it() -> None:
    house = siblings("first@one.org", *readers(12, "free.net"))
    house.server.rule = lambda who: TOO_FAST if "first" in who else None
    house.run(batch=1, at_once=1)
    assert house.time.now() - NOW < SECOND


def test_where_three_siblings_are_refused_all_wait_and_all_go_on() -> None:
    house = siblings("a@one.org", "b@two.org", "c@gmail.com", *readers(9, "two.org"), "d@free.net")
    house.server.rule = lambda who: None if "free" in who else REFUSED
    house.run(at_once=1)
    assert is_open(house.lanes.lanes()[GOOGLE])
    assert len(house.server.heard) <= 5
    house.server.rule = lambda _: None
    house.clock.move(timedelta(hours=1))
    house.time.move(timedelta(minutes=6))
    house.run()
    assert len(house.server.delivered) == 13
    assert dict(house.lanes.lanes()) == {}


def test_a_domain_that_is_alone_by_hand_is_not_held_up() -> None:
    limits = Limits(groups={"one.org": "one.org"})
    house = siblings("a@one.org", "b@one.org", "c@one.org", "d@two.org", limits=limits)
    house.server.rule = lambda who: REFUSED if "one.org" in who else None
    house.run(at_once=1)
    assert [one.recipient for one in house.server.delivered] == ["d@two.org"]
    assert is_open(house.lanes.lanes()[domain_lane("one.org")])
