"""An operator sees which domains share a lane."""

from datetime import UTC, datetime

from newsletter.bootstrap import open_newsroom
from newsletter.model import MailHosts
from tests.end_to_end.house import House


def learn(house: House) -> None:
    now = datetime.now(UTC)
    with open_newsroom(house.folder / "config.yaml") as room:
        assert room.groups
        found = [
            MailHosts(domain, ("mx.l.google.com",), now) for domain in ("one.org", "gmail.com")
        ]
        room.groups.book.keep(found, now=now)


def test_status_shows_groups_under_the_name_of_their_provider(house: House) -> None:
    house.edit_config("delivery:", "delivery:\n  throttle: {per_domain: {google.com: 60}}")
    learn(house)
    assert house.run("status", "--json").json["lanes"] == [
        {
            "lane": "google.com",
            "domains": ["gmail.com", "one.org"],
            "per_minute": 60,
            "state": "free",
        }
    ]
    shown = " ".join(house.run("status").out.split())
    assert "Lane Domains A minute State" in shown
    assert "google.com gmail.com, one.org 60 free" in shown


def test_without_a_limit_there_are_no_lanes_to_show(house: House) -> None:
    assert house.run("status", "--json").json["lanes"] == []
    assert "Lanes" not in house.run("status").out
