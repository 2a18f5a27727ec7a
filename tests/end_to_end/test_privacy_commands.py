"""What an operator does when somebody asks what is stored of them, or wants it gone."""

import sqlite3

from tests.end_to_end.house import MONDAY, House

LONG_AFTER = "2027-03-01T12:00+00:00"


def somebody(house: House) -> str:
    """Send the first letters and return the address of one reader."""
    house.vouch()
    house.run("collect", "--now", MONDAY)
    house.run("send", "--ignore-schedule", "--now", MONDAY)
    return house.deliveries()[0].recipient


def test_a_person_is_told_everything_and_then_erased(house: House) -> None:
    address = somebody(house)
    told = house.run("subscribers", "data", address)
    assert told.code == 0
    assert told.json["subscription"]["state"] == "confirmed"
    assert told.json["consent_log"][0]["statement"] == "a test"
    assert told.json["letters"][0]["delivery"]["state"] == "sent"
    assert address in told.json["document"]["text"]
    sent = house.run("status", "--json").json["sent"]

    assert house.run("subscribers", "erase", address, "--yes").code == 0

    assert house.run("subscribers", "data", address).code == 66
    assert house.run("subscribers", "erase", address, "--yes").code == 66
    left = [path.read_text() for path in (house.folder / "subscribers").rglob("*.y*ml")]
    assert all(f"email: {address}" not in text for text in left)
    assert address not in house.run("subscribers", "list", "--json").out
    assert house.run("status", "--json").json["sent"] == sent - 1
    assert house.run("check").code == 0


def test_erasing_is_asked_about_first(house: House) -> None:
    address = somebody(house)
    assert house.run("subscribers", "erase", address).code == 1
    assert house.run("subscribers", "data", address).code == 0


def test_nothing_of_the_erased_stays_in_the_database(house: House) -> None:
    address = somebody(house)
    house.run("suppressions", "add", address, "--reason", f"{address} asked by phone")
    house.run("subscribers", "erase", address, "--yes")
    with sqlite3.connect(house.folder / "data" / "newsletter.db") as database:
        dump = "\n".join(database.iterdump())
    assert address not in dump
    assert "hmac:" in dump


def test_an_address_is_suppressed_listed_and_released(house: House) -> None:
    address = somebody(house)
    assert house.run("suppressions", "list").out.strip() == "No address is suppressed."
    assert house.run("suppressions", "add", address, "--json").json["cause"] == "by-hand"
    assert address in house.run("suppressions", "list").out
    assert "suppressed" in house.run("subscribers", "list").out

    house.run("subscribers", "erase", address, "--yes")
    (erased,) = house.run("suppressions", "list", "--json").json["suppressions"]
    assert erased["address"].startswith("hmac:")
    assert "(erased)" in house.run("suppressions", "list").out
    house.run("subscribers", "add", address, "--consent", "came back")
    (known,) = house.run("suppressions", "list", "--json").json["suppressions"]
    assert known["address"] == address

    assert house.run("suppressions", "remove", address).code == 0
    assert house.run("suppressions", "remove", address).code == 65
    assert house.run("suppressions", "list", "--json").json == {"suppressions": []}


def test_an_erased_address_is_released_by_its_hash(house: House) -> None:
    house.run("suppressions", "add", "ada@example.org")
    house.run("subscribers", "erase", "ada@example.org", "--yes")
    (known,) = house.run("suppressions", "list", "--json").json["suppressions"]
    assert house.run("suppressions", "remove", known["address"]).code == 0


def test_what_is_old_is_forgotten_and_still_counted(house: House) -> None:
    somebody(house)
    counted = house.run("status", "--json").json
    assert house.run("purge", "--json", "--now", MONDAY).json["deliveries"] == 0
    done = house.run("purge", "--json", "--now", LONG_AFTER).json
    assert done["deliveries"] == counted["sent"] > 0
    assert house.run("deliveries", "--json").json == {"deliveries": []}
    now = house.run("status", "--json").json
    assert (now["planned"], now["sent"]) == (counted["planned"], counted["sent"])
    assert "Forgotten" in house.run("purge", "--now", LONG_AFTER).out
