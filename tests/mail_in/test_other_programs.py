"""Programs that write to the newsletter: other newsletters, lists, gateways that lose a header."""

import re
import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.bootstrap import make_intakes
from newsletter.model import InboundState
from tests.mail_in.attacks import mail
from tests.mail_in.conftest import open_office
from tests.mail_in.post_office import PostOffice

OURS, THEIRS = "news@news.example.org", "news@letters.example.net"
WISHES = ("help", "topics", "subscribe", "unsubscribe", "unsubscirbe", "Dear colleagues, hello")


@pytest.fixture
def others(tmp_path: Path) -> Iterator[PostOffice]:
    """Another newsletter that runs the same program."""
    with open_office(tmp_path / "others") as office:
        config = office.house.folder / "config.yaml"
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace("news.example.org", "letters.example.net"))
        yield office


def exchange(office: PostOffice, others: PostOffice, raw: bytes, losing: bytes) -> int:
    """Let one forged mail begin a conversation; return how many were written until it ended.

    The way between the two loses the fields whose names match `losing`.
    """
    sides = {OURS: office, THEIRS: others}
    office.hand_in(THEIRS, OURS, raw)
    written = 0
    seen = {id(side): len(side.house.deliveries()) for side in sides.values()}
    seen[id(office)] = 0
    moved = True
    while moved and written < 20:
        moved = False
        for side in (office, others):
            deliveries = side.house.deliveries()
            fresh, seen[id(side)] = deliveries[seen[id(side)] :], len(deliveries)
            for one in fresh:
                if one.recipient in sides:
                    written, moved = written + 1, True
                    octets = re.sub(
                        rb"(?im)^(?:" + losing + rb"):.*\r\n(?:[ \t].*\r\n)*", b"", one.octets
                    )
                    sides[one.recipient].hand_in(one.sender, one.recipient, octets)
    return written


@pytest.mark.parametrize("wish", WISHES)
def test_two_newsletters_that_answer_each_other_stop_after_two_messages(
    office: PostOffice, others: PostOffice, wish: str
) -> None:
    forged = mail(f"Subject: {wish}", "Message-ID: <1@evil.example>", body=wish, sender=THEIRS)
    assert exchange(office, others, forged, b"X-None") <= 2


def test_even_where_a_gateway_loses_what_tells_a_program(
    office: PostOffice, others: PostOffice
) -> None:
    forged = mail("Subject: help", "Message-ID: <1@evil.example>", body="help", sender=THEIRS)
    losing = b"Auto-Submitted|Message-ID|In-Reply-To|References|Precedence"
    assert exchange(office, others, forged, losing) <= 2


def test_who_is_not_here_is_refused_in_the_dialogue(office: PostOffice) -> None:
    with office.room() as room:
        (intake,) = make_intakes(room)
        port = int(intake.start().rpartition(":")[2])
        try:
            with smtplib.LMTP("127.0.0.1", port) as client:
                client.ehlo_or_helo_if_needed()
                client.mail("mallory@evil.example")
                for stranger in (
                    *("ada@news.example.org", "news@example.org", "news@evil.example", "news"),
                    *("postmaster@example.net", "news@news.example.org.evil.example", ""),
                    *("news@@news.example.org", "confirm+(x)@news.example.org"),
                    *("news%evil.example@news.example.org", "x" * 300 + "@news.example.org"),
                ):
                    assert 500 <= client.rcpt(stranger)[0] < 560, stranger
                # A token that is none of ours is refused later: who asks learns nothing.
                for name in ("news", "confirm+" + "a" * 26, "bounce+" + "a" * 48, "postmaster"):
                    assert client.rcpt(f"{name}@news.example.org")[0] == 250
        finally:
            intake.stop()
        assert not any(room.inbound.find(state) for state in InboundState)
