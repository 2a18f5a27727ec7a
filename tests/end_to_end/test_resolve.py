"""What a person decides about single messages, through the command line and a real SMTP server."""

from datetime import UTC, datetime

import pytest

from newsletter.bootstrap import open_newsroom
from newsletter.model import Beginning, OutboxEvent, Settlement
from newsletter.testing import ScriptedSmtpServer
from tests.end_to_end.house import MONDAY, House

LATER = "2026-11-23T15:00+00:00"
TUESDAY = "2026-11-24T12:00+00:00"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DOCUMENT = "topics: [{name: robots, query: robot*}]\nsend: {every: day, at: '08:00'}\n"


def point_at(house: House, port: int) -> int:
    """Let the letters go to another port; return the one before."""
    text = (house.folder / "config.yaml").read_text(encoding="utf-8")
    former = text.partition("port: ")[2].partition(",")[0]
    house.edit_config(f"port: {former},", f"port: {port},")
    return int(former)


@pytest.fixture
def uncertain(ready: House) -> House:
    """A house with three letters of which nobody knows whether they arrived."""
    ready.edit_config("delivery:", "delivery:\n  on_uncertain: hold")
    former = point_at(ready, 1)
    planned = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert planned.json["waiting"] == 3
    point_at(ready, former)
    with open_newsroom(ready.folder / "config.yaml", now=NOW) as room:
        room.outbox.retry([item.id for item in room.outbox.find()], now=NOW)
        claimed = room.outbox.claim(now=NOW, limit=10)
        begun = [Beginning(item.id, f"<{item.id}@example.org>", "ab") for item in claimed]
        lost = [Settlement(item.id, OutboxEvent.LOSE_REPLY, "lost") for item in claimed]
        room.outbox.record(begun=begun, now=NOW)
        room.outbox.record(ended=lost, now=NOW)
    return ready


def ids(house: House, state: str) -> list[int]:
    shown = house.run("deliveries", "--state", state, "--json").json["deliveries"]
    return [one["id"] for one in shown]


def test_uncertain_letters_are_shown_and_resolved_in_each_way(uncertain: House) -> None:
    sent, failed, again = ids(uncertain, "uncertain")
    one = uncertain.run("resolve", str(sent), "sent", "--json")
    assert (one.code, one.json["problem"]) == (0, None)
    assert one.json["resolved"]["state"] == "sent"
    assert one.json["resolved"]["last_reply"] == "resolved by hand: sent"
    two = uncertain.run("resolve", str(failed), "failed")
    assert two.code == 0
    assert "counts as failed" in two.out
    assert ids(uncertain, "failed") == [failed]
    assert uncertain.run("resolve", str(again), "resend").code == 0
    assert ids(uncertain, "queued") == [again]
    assert uncertain.run("send", "--now", LATER, "--json").json["sent"] == 1
    assert len(uncertain.deliveries()) == 1
    status = uncertain.run("status", "--now", LATER, "--json").json
    assert (status["sent"], status["failed"], status["uncertain"]) == (2, 1, 0)


def test_only_an_uncertain_letter_that_is_there_is_resolved(ready: House) -> None:
    ready.run("send", "--ignore-schedule", "--now", MONDAY)
    (first, *_) = ids(ready, "sent")
    sent = ready.run("resolve", str(first), "failed", "--json")
    assert sent.code == 65
    assert sent.json == {
        "resolved": None,
        "problem": "is sent; only an uncertain message is resolved by hand",
    }
    nobody = ready.run("resolve", "999", "sent")
    assert nobody.code == 65
    assert "999: no message has this id" in nobody.err
    assert ready.run("resolve", "1", "lost").code in {2, 64}
    assert ids(ready, "sent")[0] == first


def test_retry_says_which_letters_it_cannot_queue_and_why(ready: House) -> None:
    ready.run("send", "--ignore-schedule", "--now", MONDAY)
    (first, *_) = ids(ready, "sent")
    asked = ready.run("retry", str(first), "999", "--json")
    assert asked.code == 65
    assert asked.json["queued"] == []
    assert asked.json["refused"] == [
        {"id": first, "reason": "was sent"},
        {"id": 999, "reason": "no message has this id; `newsletter deliveries` shows them"},
    ]
    assert "999: no message has this id" in ready.run("retry", "999").err
    assert ready.run("retry").code == 0, "nothing to do is no mistake"


def test_send_for_one_subscriber_leaves_the_letters_of_others_where_they_are(ready: House) -> None:
    former = point_at(ready, 1)
    ready.run("send", "--ignore-schedule", "--now", MONDAY)
    point_at(ready, former)
    sent = ready.run("send", "--subscriber", "ada@example.org", "--now", LATER, "--json")
    assert (sent.code, sent.json["sent"], sent.json["waiting"]) == (0, 1, 0)
    assert [letter.recipient for letter in ready.deliveries()] == ["ada@example.org"]
    assert len(ids(ready, "deferred")) == 2


def test_an_unknown_recipient_is_tried_once_and_then_suppressed(ready: House) -> None:
    ready.subscribe("550-5.1.1.gone@example.org", DOCUMENT)
    ready.subscribe("550-5.7.1.refused@example.org", DOCUMENT)
    ready.vouch()
    with ScriptedSmtpServer() as server:
        point_at(ready, server.port)
        first = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
        assert (first.json["failed"], first.json["waiting"], first.json["sent"]) == (1, 1, 3)
        people = ready.run("subscribers", "list", "--json").json["subscribers"]
        suppressed = {one["address"]: one["suppressed"] for one in people}
        assert suppressed["550-5.1.1.gone@example.org"]
        assert not suppressed["550-5.7.1.refused@example.org"]
        next_day = ready.run("send", "--now", TUESDAY, "--json")
        assert next_day.json["skipped"]["suppressed"] == 1
    why = ready.run("why", "550-5.1.1.gone@example.org", "--now", TUESDAY, "--json").json
    assert why["reason"] == "suppressed"
    assert "hard: 550 5.1.1" in why["detail"]


def test_a_domain_that_refuses_us_is_an_alarm_and_its_other_letters_wait(ready: House) -> None:
    for number in range(3):
        ready.subscribe(f"550-5.7.1.reader{number}@example.org", DOCUMENT)
    ready.vouch()
    with ScriptedSmtpServer() as server:
        point_at(ready, server.port)
        sent = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
        assert sent.json["failed"] == 0
        (alarm,) = [
            one
            for one in ready.run("status", "--json").json["alarms"]
            if one.startswith("example.org refuses us")
        ]
    assert "5.7.1" in alarm
    assert "SPF" in alarm
    findings = ready.run("doctor", "--json").json["findings"]
    assert any(one["fact"].startswith("example.org refuses us") for one in findings)
