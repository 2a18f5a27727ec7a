"""The owner hears of a breaker by mail: once, by a way that is open, and never in a loop."""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from newsletter.model import EmailAddress, Limits, Receipt, SmtpPhase
from newsletter.rules.retry import classify
from newsletter.rules.throttle import domain_lane, is_open, relay_lane
from newsletter.testing.plans import LETTERHEAD
from tests.workflows.test_pacing import NO_LOGIN, REFUSED, Post, readers

OWNER = LETTERHEAD.owner
HOUR = timedelta(hours=1)


def notices(post: Post) -> list[EmailMessage]:
    taken = [one.message for one in post.server.delivered if one.recipient == OWNER]
    return [message_from_bytes(one, policy=default) for one in taken]


def let_pass(post: Post, time: timedelta) -> None:
    post.clock.move(time)
    post.time.move(time)


def refuse_gmail(who: EmailAddress) -> Receipt | None:
    return REFUSED if "gmail" in who else None


def test_the_owner_is_told_once_what_happened_and_what_to_do() -> None:
    given = Post(*readers(20, "gmail.com"), head=LETTERHEAD)
    given.server.rule = refuse_gmail
    given.run(at_once=3)
    for _ in range(5):
        let_pass(given, HOUR)
        given.run(at_once=3)
    (notice,) = notices(given)
    text = notice.get_content()
    assert notice["Subject"] == "[Paper Round] gmail.com refuses letters"
    assert (notice["To"], notice["Auto-Submitted"]) == (OWNER, "auto-generated")
    assert notice.get_content_type() == "text/plain"
    assert "gmail.com refuses us since 2026-11-23 07:00 UTC: 550 5.7.1 not from you" in text
    assert "newsletter doctor" in text
    assert "reader" not in text
    assert given.lanes.lanes()[domain_lane("gmail.com")].told_at


def test_a_breaker_that_opens_and_closes_by_turns_writes_once_a_day() -> None:
    given = Post(head=LETTERHEAD)
    for turn in range(30):
        for address in readers(4, "gmail.com"):
            given.plan(address, day=turn + 1)
        given.server.rule = refuse_gmail
        given.run(at_once=1)
        given.server.rule = lambda _: None
        let_pass(given, HOUR)
        given.run(at_once=1)
        assert not is_open(given.lanes.lanes()[domain_lane("gmail.com")])
    assert len(notices(given)) == 2, "thirty hours"


def test_of_the_only_relay_the_owner_hears_when_it_takes_letters_again() -> None:
    given = Post(*readers(5), head=LETTERHEAD)
    given.server.rule = lambda _: NO_LOGIN
    given.run(at_once=1)
    assert notices(given) == []
    given.server.rule = lambda _: None
    let_pass(given, HOUR)
    given.run(at_once=1)
    (notice,) = notices(given)
    assert "refused us from 2026-11-23 07:00 UTC to 2026-11-23 08:00 UTC" in notice.get_content()


def test_of_one_relay_among_two_the_owner_hears_over_the_other() -> None:
    given = Post("ada@example.org", "bob@example.org", relays=2, head=LETTERHEAD)
    given.server.before = (NO_LOGIN,)
    given.run(at_once=1)
    (notice,) = notices(given)
    assert "the relay smtp:587 refuses us" in notice.get_content()
    assert "password under delivery.relays" in notice.get_content()
    assert is_open(given.lanes.lanes()[relay_lane("smtp:587")])
    replies = {item.last_reply for item in given.outbox.find()}
    assert replies == {"250 2.0.0 taken (at end-of-data), by b:25"}


def test_an_owner_whose_own_domain_refuses_us_is_told_when_it_does_not_any_more() -> None:
    given = Post(*readers(5), head=LETTERHEAD)
    given.server.rule = lambda _: REFUSED
    given.run(at_once=1)
    assert notices(given) == []
    given.server.rule = lambda _: None
    let_pass(given, HOUR)
    given.run(at_once=1)
    assert len(notices(given)) == 1


def test_an_owner_s_server_that_puts_us_off_is_asked_again_with_the_next_probe_only() -> None:
    later = classify(SmtpPhase.RCPT, 451, "4.3.0 later")
    given = Post(*readers(5, "gmail.com"), head=LETTERHEAD)
    given.server.rule = lambda who: later if who == OWNER else REFUSED
    given.run(at_once=1)
    given.run(at_once=1)
    assert len(given.server.heard_for(OWNER)) == 1
    given.server.rule = refuse_gmail
    let_pass(given, HOUR)
    given.run(at_once=1)
    assert len(given.server.heard_for(OWNER)) == 2
    assert len(notices(given)) == 1


def test_an_owner_s_address_that_does_not_exist_is_not_tried_again() -> None:
    unknown = classify(SmtpPhase.RCPT, 550, "5.1.1 no such user")
    given = Post(*readers(5, "gmail.com"), head=LETTERHEAD)
    given.server.rule = lambda who: unknown if who == OWNER else REFUSED
    for _ in range(4):
        given.run(at_once=1)
        let_pass(given, HOUR)
    assert len(given.server.heard_for(OWNER)) == 1


def test_domains_of_one_group_share_a_breaker() -> None:
    limits = Limits(groups={"gmail.com": "google", "googlemail.com": "google"})
    given = Post(*readers(2, "gmail.com"), *readers(8, "googlemail.com"), limits=limits)
    given.server.rule = lambda _: REFUSED
    given.run(at_once=1)
    assert len(given.server.heard) == 3
    assert is_open(given.lanes.lanes()[domain_lane("google")])
