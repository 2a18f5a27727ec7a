"""While letters leave it is found out, beside them, which domains share a lane."""

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.bootstrap import Newsroom, open_newsroom, open_relay
from newsletter.config import copy_starter
from newsletter.errors import StorageError
from newsletter.model import DnsAnswer, EmailAddress, MailHosts, SubscriptionEvent
from newsletter.ports import AskForMailHosts
from newsletter.rules.throttle import domain_lane
from newsletter.testing import FakeTransport
from newsletter.testing.mail_hosts import FakeMailDns

DISK_FULL = "the disk is full"
ONE = EmailAddress("ada@one.org")
RELAYS = "relays: [{host: 127.0.0.1, port: 9}]"
LIMIT = "per_domain: {google.com: 60}"
LIMITED = f"{RELAYS}\n  throttle: {{{LIMIT}}}"
AT_GOOGLE = DnsAnswer(("5 mx.l.google.com.",))


def settled(folder: Path, delivery: str) -> Path:
    copy_starter(folder)
    config = folder / "config.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("relays: embedded", delivery, 1), encoding="utf-8")
    return config


def subscribe(room: Newsroom) -> None:
    now = room.clock.now()
    room.subscribers.apply(ONE, SubscriptionEvent.VOUCH, now=now, statement="a test")


def wait_for(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + 20
    while not condition() and time.monotonic() < until:
        threading.Event().wait(0.01)
    return condition()


def lane(room: Newsroom) -> str:
    traffic = room.delivering(FakeTransport()).traffic
    assert traffic
    return traffic.lane_of(ONE)


def test_domains_are_grouped_while_the_relay_is_open_and_known_to_others(tmp_path: Path) -> None:
    config = settled(tmp_path, LIMITED)
    dns = FakeMailDns({"one.org": AT_GOOGLE})
    with open_newsroom(config) as room:
        subscribe(room)
        with open_relay(room, dns):
            assert wait_for(lambda: lane(room) == domain_lane("google.com"))
        assert dns.asked == ["one.org"]
    with open_newsroom(config) as room:
        assert lane(room) == domain_lane("one.org"), "nobody looked yet"
        with open_relay(room):
            assert lane(room) == domain_lane("google.com"), "known from the first letter on"


def test_an_answer_that_does_not_come_holds_up_nothing(tmp_path: Path) -> None:
    began = threading.Event()

    async def never(_: str) -> DnsAnswer:
        began.set()
        await asyncio.sleep(3_600)
        return DnsAnswer()

    with open_newsroom(settled(tmp_path, LIMITED)) as room:
        subscribe(room)
        with open_relay(room, never):
            assert began.wait(20)
            assert lane(room) == domain_lane("one.org")
    assert "mail hosts" not in {thread.name for thread in threading.enumerate()}


def test_a_database_that_fails_is_logged_and_letters_leave(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_newsroom(settled(tmp_path, LIMITED)) as room:
        assert room.groups
        room.groups.book = BrokenBook()
        with open_relay(room, FakeMailDns()):
            assert wait_for(lambda: len(caplog.records) >= 2)
        assert lane(room) == domain_lane("one.org")
    assert {record.getMessage() for record in caplog.records} == {
        f"mail_hosts=unknown reason={DISK_FULL}"
    }


class BrokenBook:
    """A MailHostBook over a database that does not answer."""

    def due(self, **_: object) -> list[str]:
        raise StorageError(DISK_FULL)

    def keep(self, *_: object, **__: object) -> None:
        raise StorageError(DISK_FULL)

    def known(self) -> list[MailHosts]:
        raise StorageError(DISK_FULL)

    def version(self) -> int:
        raise StorageError(DISK_FULL)


@pytest.mark.parametrize(
    "delivery",
    [
        f"relays: embedded\n  throttle: {{{LIMIT}, by_mx: true}}",
        RELAYS,
        f"{RELAYS}\n  throttle: {{{LIMIT}, by_mx: false}}",
    ],
)
def test_nobody_is_asked_where_nothing_is_to_be_grouped(tmp_path: Path, delivery: str) -> None:
    ask: AskForMailHosts = FakeMailDns({"one.org": AT_GOOGLE})
    with open_newsroom(settled(tmp_path, delivery)) as room:
        subscribe(room)
        with open_relay(room, ask):
            assert "mail hosts" not in {thread.name for thread in threading.enumerate()}
        assert room.groups is None
        assert lane(room) == domain_lane("one.org")
