"""A letter does not depend on whose letters are planned beside it."""

from pathlib import Path

from tests.end_to_end.house import House

EARLIER = "2026-11-13T12:00+00:00"
LATER = "2026-11-24T12:00+00:00"
NEW = """
- {id: n1, title: A robot that folds laundry, abstract: A robot learns to fold. It folds well.}
- {id: n2, title: Climate laws in words, abstract: Climate laws and policies read by a robot.}
- {id: n3, title: Laundry and weather, abstract: Weather forecasts for laundry and policies.}
"""


def letters(house: House, folder: Path, *arguments: str) -> dict[str, bytes]:
    house.run("send", "--dry-run", str(folder), "--ignore-schedule", "--now", LATER, *arguments)
    return {path.stem: path.read_bytes() for path in folder.glob("*.eml")}


def test_a_neighbour_who_carries_old_entries_changes_no_letter(
    house: House, tmp_path: Path
) -> None:
    assert house.run("collect", "--now", EARLIER).code == 0
    everybody = str(house.folder / "subscribers")
    house.run("subscribers", "import", everybody, "--consent", "a test", "--now", EARLIER)
    house.run("send", "--ignore-schedule", "--now", EARLIER)
    (house.folder / "samples" / "new.yaml").write_text(NEW, encoding="utf-8")
    old = "  samples: {kind: file, path: samples/entries.yaml}"
    house.edit_config(old, "  fresh: {kind: file, path: samples/new.yaml}\n" + old)
    assert house.run("collect", "--now", LATER).code == 0
    house.subscribe(
        "carries@example.org",
        "topics: [{name: all, query: robot* OR climate OR laundry}]\nwhen_empty: carry\n"
        "entries: {minimum_upvotes: 1}\n",
    )
    house.run("subscribers", "import", everybody, "--consent", "a test", "--now", LATER)

    together = letters(house, tmp_path / "together")
    alone = letters(house, tmp_path / "alone", "--subscriber", "ada@example.org")
    assert alone, "there is something new for ada"
    assert together["ada@example.org"] == alone["ada@example.org"]
