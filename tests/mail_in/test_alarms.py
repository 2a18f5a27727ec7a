"""What `status` tells the operator of mail that comes in."""

from newsletter.workflows import flood_alarms
from tests.mail_in.attacks import NEWS, mail
from tests.mail_in.post_office import PostOffice


def test_many_questions_within_an_hour_raise_an_alarm(office: PostOffice) -> None:
    with office.window() as window:
        for number in range(101):
            sender = f"victim{number}@example.net"
            window.take(mail("Subject: subscribe", sender=sender), NEWS, sender)
    moment = office.now.isoformat()
    (alarm,) = office.house.run("--json", "status", "--now", moment).json["alarms"]
    assert alarm.startswith("101 addresses were asked to confirm")
    assert list(flood_alarms(100)) == []


def test_what_is_set_aside_is_counted(office: PostOffice) -> None:
    assert "set aside" not in office.house.run("status").out
    with office.window() as window:
        for _ in range(12):
            window.take(b"X: y\r\n" * 300 + b"\r\n", NEWS)
        assert office.house.run("--json", "status").json["aside"] == 11
    said = office.house.run("status").out
    assert "More than 10 received and set aside: `newsletter inbound` shows them." in said
    assert "set aside" in office.house.run("doctor").out
