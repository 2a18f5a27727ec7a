"""A house with one reader of robots, every day at eight in Paris, and a source that a test fills."""

import json
from datetime import UTC, datetime

from tests.end_to_end.house import House

DAILY = """send: {every: day, at: "08:00", timezone: Europe/Paris}
topics: [{name: robots, query: robot}]
"""
FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
SATURDAY_AT_EIGHT = datetime(2026, 11, 21, 7, tzinfo=UTC)


def one_daily_reader(house: House) -> House:
    for path in (house.folder / "subscribers").glob("*.yaml"):
        path.unlink()
    house.subscribe("dora@example.org", DAILY)
    house.edit_config("samples/entries.yaml", "entries.jsonl")
    announce(house, FRIDAY, "A robot that walks")
    folder = str(house.folder / "subscribers")
    words = ["subscribers", "import", folder, "--consent", "a test", "--now", FRIDAY.isoformat()]
    assert house.run(*words).code == 0
    return house


def announce(house: House, at: datetime, *titles: str) -> None:
    with (house.folder / "entries.jsonl").open("a") as file:
        for title in titles:
            abstract = f"We describe {title.lower()}, and report how far it came on its own."
            file.write(json.dumps({"id": title, "title": title, "abstract": abstract}) + "\n")
    assert house.run("collect", "--now", at.isoformat()).code == 0


def titles_sent(house: House, at: datetime) -> list[str]:
    sent = house.run("send", "--now", at.isoformat(), "--json")
    assert sent.code == 0
    return [entry["title"] for edition in sent.json["editions"] for entry in edition["entries"]]
