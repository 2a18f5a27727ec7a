"""Everyone's own schedule: one letter a slot, none twice, none lost over a downtime."""

from datetime import timedelta

from tests.end_to_end.daily_reader import (
    DAILY,
    SATURDAY_AT_EIGHT,
    announce,
    one_daily_reader,
    titles_sent,
)
from tests.end_to_end.house import House


def test_a_letter_comes_at_its_minute_and_not_before(house: House) -> None:
    one_daily_reader(house)
    assert titles_sent(house, SATURDAY_AT_EIGHT - timedelta(seconds=1)) == []
    assert titles_sent(house, SATURDAY_AT_EIGHT) == ["A robot that walks"]
    assert titles_sent(house, SATURDAY_AT_EIGHT + timedelta(minutes=1)) == []


def test_each_day_has_only_what_is_new(house: House) -> None:
    one_daily_reader(house)
    assert titles_sent(house, SATURDAY_AT_EIGHT) == ["A robot that walks"]
    announce(house, SATURDAY_AT_EIGHT + timedelta(hours=3), "A robot that swims")
    assert titles_sent(house, SATURDAY_AT_EIGHT + timedelta(days=1)) == ["A robot that swims"]
    sent = house.run("send", "--now", (SATURDAY_AT_EIGHT + timedelta(days=2)).isoformat(), "--json")
    assert sent.json["skipped"] == {"nothing-new": 1}


def test_after_days_of_downtime_one_letter_holds_what_came_meanwhile(house: House) -> None:
    one_daily_reader(house)
    assert titles_sent(house, SATURDAY_AT_EIGHT) == ["A robot that walks"]
    announce(house, SATURDAY_AT_EIGHT + timedelta(days=1), "A robot that swims")
    announce(house, SATURDAY_AT_EIGHT + timedelta(days=2), "A robot that sings")
    late = SATURDAY_AT_EIGHT + timedelta(days=4, hours=5)
    assert sorted(titles_sent(house, late)) == ["A robot that sings", "A robot that swims"]
    assert titles_sent(house, late + timedelta(minutes=5)) == []


def test_a_letter_that_never_left_gives_its_entries_to_the_next(house: House) -> None:
    one_daily_reader(house)
    text = (house.folder / "config.yaml").read_text()
    port = text.split("port: ")[1].split(",")[0]
    house.edit_config(f"port: {port}", "port: 1")
    assert house.run("send", "--now", SATURDAY_AT_EIGHT.isoformat()).code == 75
    house.edit_config("port: 1,", f"port: {port},")
    announce(house, SATURDAY_AT_EIGHT + timedelta(hours=3), "A robot that swims")
    next_day = SATURDAY_AT_EIGHT + timedelta(days=1)
    assert sorted(titles_sent(house, next_day)) == ["A robot that swims", "A robot that walks"]
    assert len(house.deliveries()) == 1
    states = [row["state"] for row in house.run("deliveries", "--json").json["deliveries"]]
    assert sorted(states) == ["cancelled", "sent"]


def test_a_pause_is_silent_and_what_came_in_it_is_not_sent_afterwards(house: House) -> None:
    one_daily_reader(house)
    house.subscribe("dora@example.org", DAILY + "pause_until: 2026-11-23\n")
    sent = house.run("send", "--now", SATURDAY_AT_EIGHT.isoformat(), "--json")
    assert sent.json["skipped"] == {"paused": 1}
    announce(house, SATURDAY_AT_EIGHT + timedelta(days=1, hours=3), "A robot that swims")
    assert titles_sent(house, SATURDAY_AT_EIGHT + timedelta(days=2)) == ["A robot that swims"]


def test_an_unsubscribed_reader_gets_nothing_more_and_cannot_be_vouched_for(house: House) -> None:
    one_daily_reader(house)
    assert house.run("subscribers", "remove", "dora@example.org").code == 0
    sent = house.run("send", "--now", SATURDAY_AT_EIGHT.isoformat(), "--json")
    assert sent.json["skipped"] == {"unsubscribed": 1}
    refused = house.run(
        "subscribers", "import", str(house.folder / "subscribers"), "--consent", "x", "--json"
    )
    assert refused.json["refused"] == ["dora@example.org"]


def test_a_first_slot_missed_in_a_downtime_takes_nothing_away(house: House) -> None:
    one_daily_reader(house)
    late = SATURDAY_AT_EIGHT + timedelta(days=3)
    assert titles_sent(house, late) == ["A robot that walks"]


def test_a_clock_that_ran_ten_years_ahead_silences_one_slot_and_no_more(house: House) -> None:
    one_daily_reader(house)
    assert titles_sent(house, SATURDAY_AT_EIGHT) == ["A robot that walks"]
    announce(house, SATURDAY_AT_EIGHT + timedelta(hours=1), "A robot that swims")
    ahead = SATURDAY_AT_EIGHT + timedelta(days=3650, hours=2)
    assert titles_sent(house, ahead) == ["A robot that swims"]
    announce(house, SATURDAY_AT_EIGHT + timedelta(hours=3), "A robot that sings")
    sunday = SATURDAY_AT_EIGHT + timedelta(days=1)
    sent = house.run("send", "--now", sunday.isoformat(), "--json")
    assert sent.json["skipped"] == {"trouble": 1}
    why = house.run("why", "dora@example.org", "--now", sunday.isoformat(), "--json").json
    assert "2036" in why["detail"]
    assert titles_sent(house, sunday + timedelta(days=1)) == ["A robot that sings"]
    assert titles_sent(house, sunday + timedelta(days=1, minutes=1)) == []


def test_a_wait_that_a_wrong_clock_wrote_down_is_not_kept(house: House) -> None:
    one_daily_reader(house)
    text = (house.folder / "config.yaml").read_text()
    port = text.split("port: ")[1].split(",")[0]
    house.edit_config(f"port: {port}", "port: 1")
    ahead = SATURDAY_AT_EIGHT + timedelta(days=3650)
    assert house.run("send", "--now", ahead.isoformat()).code == 75
    house.edit_config("port: 1,", f"port: {port},")
    assert house.run("send", "--now", SATURDAY_AT_EIGHT.isoformat(), "--json").json["sent"] == 1
