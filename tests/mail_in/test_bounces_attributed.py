"""Bounces, complaints and automatic answers to real letters: whose they are, and what they change."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from itertools import cycle

import pytest

from newsletter.model import (
    AddressKey,
    InboundKind,
    ReplyKind,
    SuppressionCause,
)
from tests.end_to_end.house import Delivery
from tests.mail_in.post_office import PostOffice, Window
from tests.rules.inbound_samples.received import TOKEN
from tests.rules.inbound_samples.robots import AUTO_REPLIES, HUMANS
from tests.rules.inbound_samples.standard_bounces import NO_FAILURES, STANDARD_BOUNCES
from tests.rules.inbound_samples.text_bounces import TEXT_BOUNCES, TEXT_DELAYS

DAY = timedelta(days=1)
READERS = tuple(f"reader{number}@example.net" for number in range(6))
BOUNCES = STANDARD_BOUNCES | TEXT_BOUNCES
HARD = BOUNCES["Postfix, unknown user"][0]
FULL = BOUNCES["M365, mailbox full"][0]
POLICY = BOUNCES["M365, banned sending address"][0]


@pytest.fixture
def letters(office: PostOffice) -> dict[str, Delivery]:
    """Return the letter of each reader, as the relay took it, the day after."""
    office.admit(*READERS)
    office.wait(DAY)
    office.send_letters()
    return {one.recipient: one for one in office.house.deliveries()}


def test_every_bounce_is_recognised_and_counted_for_the_reader_whose_letter_came_back(
    office: PostOffice, letters: dict[str, Delivery]
) -> None:
    recognised = 0
    with office.window() as window:
        for reader, (name, (raw, kind)) in zip(cycle(READERS), BOUNCES.items(), strict=False):
            told = window.take(raw, letters[reader].sender)
            assert told.subscriber == window.person(reader).id, name
            recognised += bool(told.bounce and told.bounce.kind is kind)
        assert window.newsroom.subscribers.suppressions() == []
        probes = [item.recipient for item in window.waiting()]
    assert len(BOUNCES) >= 60
    assert recognised >= 0.98 * len(BOUNCES)
    assert sorted(probes) == sorted(READERS)  # one each, however many bounces came


def test_a_report_of_delay_or_success_counts_for_nobody(
    office: PostOffice, letters: dict[str, Delivery]
) -> None:
    with office.window() as window:
        for name, raw in (NO_FAILURES | TEXT_DELAYS).items():
            told = window.take(raw, letters[READERS[0]].sender)
            assert told.kind is InboundKind.AUTO_REPLY, name
        assert window.waiting() == []
        assert window.newsroom.bounces.standing(AddressKey(READERS[0])) is None


def bounced(window: Window, raw: str, to: str) -> bool:
    """Whether the first reader is suppressed after this bounce."""
    assert window.take(raw, to).kind is InboundKind.BOUNCE
    return window.person(READERS[0]).suppression is not None


def days(office: PostOffice, count: int) -> Iterator[Window]:
    for _ in range(count):
        office.wait(DAY)
        with office.window() as window:
            yield window


def test_a_full_mailbox_is_given_weeks(office: PostOffice, letters: dict[str, Delivery]) -> None:
    ends = [bounced(window, FULL, letters[READERS[0]].sender) for window in days(office, 21)]
    assert not any(ends[:19])
    assert ends[-1]


def test_a_refusal_of_us_never_ends_a_subscription(
    office: PostOffice, letters: dict[str, Delivery]
) -> None:
    assert not any(
        bounced(window, POLICY, letters[READERS[0]].sender) for window in days(office, 30)
    )


def test_the_bounce_of_a_probe_ends_it(office: PostOffice, letters: dict[str, Delivery]) -> None:
    with office.window() as window:
        assert not bounced(window, HARD, letters[READERS[0]].sender)
        (item,) = window.waiting()
        probe = window.newsroom.correspondence.reply(item.id)
        assert probe
        assert probe.kind is ReplyKind.PROBE
        assert bounced(window, HARD, probe.sender)
        suppression = window.person(READERS[0]).suppression
        assert suppression
        assert suppression.cause is SuppressionCause.BOUNCE
        assert "5.1.1" in suppression.detail
        others = [window.person(one).suppression for one in READERS[1:]]
    assert not any(others)


def test_somebody_who_left_is_not_tried_again(
    office: PostOffice, letters: dict[str, Delivery]
) -> None:
    letter = letters[READERS[0]]
    with office.window() as window:
        window.take(b"Subject: x\r\n\r\n", unsubscribe_address(letter))
        before = len(window.waiting())
        window.take(HARD, letter.sender)
        assert len(window.waiting()) == before


def test_a_bounce_without_a_token_of_ours_changes_nothing(
    office: PostOffice, letters: dict[str, Delivery]
) -> None:
    # The token of the link to unsubscribe is for that alone.
    link = unsubscribe_address(letters[READERS[0]]).partition("+")[2]
    addresses = ["bounce@news.example.org", "news@news.example.org", f"bounce+{link}"]
    addresses += [f"bounce+{token}@news.example.org" for token in (TOKEN, "a" * 48)]
    with office.window() as window:
        before = window.dump()
        for recipient in addresses:
            assert window.take(HARD, recipient).subscriber is None
        assert (window.dump(), window.waiting()) == (before, [])


COMPLAINT = """\
From: <feedback@isp.example>
To: {to}
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is a complaint.
--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: ISP/1
Version: 1
{field}
--b
Content-Type: text/rfc822-headers

Subject: 9 entries
{original}
--b--
"""


def complaint(kind: str = "abuse", field: str = "", original: str = "X: y") -> str:
    text = COMPLAINT.format(to="abuse@news.example.org", kind=kind, field=field, original=original)
    return text.replace("\n\n--b\nContent-Type: text/rfc", "\n--b\nContent-Type: text/rfc")


def test_a_complaint_ends_it_at_once(office: PostOffice, letters: dict[str, Delivery]) -> None:
    first, second, third, fourth, *others = (letters[one] for one in READERS)
    abuse = "abuse@news.example.org"
    ways = {
        first.recipient: (complaint(field=f"Original-Mail-From: <{first.sender}>\n"), abuse),
        second.recipient: (complaint(original=header_of(second, "Message-ID")), abuse),
        third.recipient: (complaint(original=header_of(third, "List-Unsubscribe")), abuse),
        fourth.recipient: (complaint(), fourth.sender),
    }
    with office.window() as window:
        for reader, (raw, to) in ways.items():
            told = window.take(raw, to, "feedback@isp.example")
            assert told.kind is InboundKind.COMPLAINT
            suppression = window.person(reader).suppression
            assert suppression, told
            assert suppression.cause is SuppressionCause.COMPLAINT
        assert window.waiting() == []
        assert not any(window.person(one.recipient).suppression for one in others)


def test_another_report_than_of_abuse_changes_nothing(
    office: PostOffice, letters: dict[str, Delivery]
) -> None:
    field = f"Original-Mail-From: <{letters[READERS[0]].sender}>\n"
    with office.window() as window:
        before = window.dump()
        for kind in ("not-spam", "fraud", "virus", "other"):
            assert window.take(complaint(kind, field), "abuse@news.example.org").applied == ()
        assert window.dump() == before


def test_a_complaint_about_a_message_that_we_never_sent_changes_nothing(
    office: PostOffice, letters: dict[str, Delivery]
) -> None:
    known = header_of(letters[READERS[0]], "Message-ID").partition(" ")[2]
    name = known[1:21]
    with office.window() as window:
        before = window.dump()
        for id_ in (f"<{name}.{'a' * 20}@news.example.org>", "<x@y.example>", f"<{name}@y>"):
            window.take(complaint(original=f"Message-ID: {id_}"), "abuse@news.example.org")
        assert window.dump() == before


def test_no_automatic_answer_is_answered(office: PostOffice) -> None:
    with office.window() as window:
        for raw in AUTO_REPLIES.values():
            for to in ("news@news.example.org", "subscribe@news.example.org"):
                window.take(raw, to, "ada@example.net")
        assert window.waiting() == []
        assert list(window.newsroom.subscribers.all()) == []


def test_people_who_look_like_robots_are_always_served(office: PostOffice) -> None:
    for name, raw in HUMANS.items():
        office.wait(DAY)  # each is the first mail of a day
        asked = raw.replace("\n\n", "\n\nhelp\n\n", 1) if "multipart" not in raw else raw
        with office.window() as window:
            before = len(window.waiting())
            told = window.take(asked, "news@news.example.org", "ada@example.net")
            assert len(window.waiting()) == before + 1, (name, told)


def header_of(letter: Delivery, name: str) -> str:
    return f"{name}: {message_from_bytes(letter.octets, policy=policy.default)[name]}"


def unsubscribe_address(letter: Delivery) -> str:
    listed = header_of(letter, "List-Unsubscribe")
    return listed.partition("mailto:")[2].partition(">")[0].partition("?")[0]
