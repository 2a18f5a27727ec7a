"""Mails for sources: kept once, given out in the order of coming, forgotten when they are pulled."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model import InboundId, InboundMessage, SourceName
from newsletter.ports import Postbag
from newsletter.storage import Database, MailBag
from newsletter.testing.postbag import MemoryPostbag

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DESK, OTHER = SourceName("desk"), SourceName("other")

OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def postbag(request: pytest.FixtureRequest, open_stored: OpenStored) -> Postbag:
    return MemoryPostbag() if request.param == "memory" else MailBag(open_stored(request.param))


def mail(number: int, raw: bytes = b"Subject: x\r\n\r\n\x00\xff\r\n") -> InboundMessage:
    return InboundMessage(InboundId(number), raw, None, None, NOON + number * DAY)


def raws(postbag: Postbag, source: SourceName = DESK, above: int = 0) -> list[bytes]:
    return [one.raw for one in postbag.since(source, above, limit=100)]


def test_a_mail_is_kept_octet_for_octet(postbag: Postbag) -> None:
    postbag.put(DESK, mail(1))
    (one,) = postbag.since(DESK, 0, limit=10)
    assert (one.raw, one.received_at) == (mail(1).raw, NOON + DAY)


def test_each_source_has_its_own_in_the_order_of_coming(postbag: Postbag) -> None:
    for number, source in ((9, DESK), (3, OTHER), (5, DESK)):
        postbag.put(source, mail(number, b"%d" % number))
    assert raws(postbag) == [b"9", b"5"]
    assert raws(postbag, OTHER) == [b"3"]
    assert raws(postbag, SourceName("nobody")) == []


def test_a_message_that_is_looked_at_twice_is_kept_once(postbag: Postbag) -> None:
    postbag.put(DESK, mail(1, b"first"))
    postbag.put(OTHER, mail(1, b"again"))
    assert raws(postbag) == [b"first"]
    assert raws(postbag, OTHER) == []


def test_what_was_read_is_not_given_out_again(postbag: Postbag) -> None:
    for number in (1, 2, 3):
        postbag.put(DESK, mail(number, b"%d" % number))
    first, second = postbag.since(DESK, 0, limit=2)
    assert first.number < second.number
    assert raws(postbag, above=second.number) == [b"3"]
    assert len(raws(postbag)) == 3


def test_a_purge_forgets_what_is_old_and_was_let_go(postbag: Postbag) -> None:
    for number in (1, 2, 3):
        postbag.put(DESK, mail(number, b"%d" % number))
    postbag.put(OTHER, mail(4, b"4"))
    _, second, _ = postbag.since(DESK, 0, limit=10)
    postbag.let_go(DESK, second.number)
    postbag.let_go(DESK, second.number)
    assert postbag.purge(NOON + 2 * DAY, unread_before=NOON) == 1
    assert raws(postbag) == [b"2", b"3"]
    assert postbag.purge(NOON + 9 * DAY, unread_before=NOON) == 1
    assert raws(postbag) == [b"3"]
    assert raws(postbag, OTHER) == [b"4"]


def test_what_nobody_ever_pulls_goes_in_the_end(postbag: Postbag) -> None:
    postbag.put(DESK, mail(1))
    postbag.put(DESK, mail(5))
    assert postbag.purge(NOON + 9 * DAY, unread_before=NOON + 2 * DAY) == 1
    assert len(raws(postbag)) == 1


def test_numbers_of_what_is_gone_are_not_given_again(postbag: Postbag) -> None:
    postbag.put(DESK, mail(1))
    (old,) = postbag.since(DESK, 0, limit=1)
    postbag.let_go(DESK, old.number)
    assert postbag.purge(NOON + 9 * DAY, unread_before=NOON) == 1
    postbag.put(DESK, mail(2))
    (new,) = postbag.since(DESK, old.number, limit=1)
    assert new.number > old.number
