"""Documents that stand in the folder, come from elsewhere, or cannot be read for a while."""

from pathlib import Path

import pytest

from tests.end_to_end.house import MONDAY, House, Outcome

OPTIONS = ("--consent", "a workshop", "--now", MONDAY, "--json")


def take(house: House, *paths: Path) -> Outcome:
    return house.run("subscribers", "import", *map(str, paths), *OPTIONS)


def states(house: House) -> dict[str, str]:
    listed = house.run("subscribers", "list", "--json").json["subscribers"]
    return {person["address"]: person["state"] for person in listed}


def recipients(house: House) -> set[str]:
    house.run("send", "--ignore-schedule", "--now", MONDAY)
    return {letter.recipient for letter in house.deliveries()}


def write(path: Path, address: str, more: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"email: {address}\n{more}", encoding="utf-8")
    return path


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


@pytest.mark.parametrize(
    "octets",
    [
        b"email: ada@example.org\n---\nemail: ken@example.net\nname: Andr\xe9\n",
        b"emial: ada@example.org\n---\nemail: ken@example.net\n",
        b"- email: ada@example.org\n broken: [\n---\nemail: ken@example.net\n",
        b"",
        b" \n\n",
    ],
)
def test_a_file_that_cannot_be_read_takes_nobody_out(ready: House, octets: bytes) -> None:
    folder = ready.folder / "subscribers"
    (folder / "ken@example.net.yaml").unlink()
    (folder / "ada@example.org.yaml").rename(folder / "team.yaml")
    (folder / "team.yaml").write_bytes(octets)
    sent = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert sent.code == 65
    assert sent.json["sent"] == 3
    assert "team.yaml" in sent.err


def test_who_is_kept_for_lack_of_certainty_is_said(ready: House) -> None:
    folder = ready.folder / "subscribers"
    (folder / "ken@example.net.yaml").unlink()
    (folder / "ada@example.org.yaml").write_bytes(b"")
    told = ready.run("subscribers", "list").err
    assert "is empty; delete it to stop the letters" in told
    assert "1 subscriber has no document" in told
    (folder / "ada@example.org.yaml").unlink()
    assert recipients(ready) == {"grace@example.com"}


def test_documents_from_sub_folders_keep_their_folders(ready: House, elsewhere: Path) -> None:
    write(elsewhere / "a" / "x.yaml", "a@example.org")
    write(elsewhere / "b" / "x.yaml", "b@example.org")
    taken = take(ready, elsewhere)
    assert (taken.code, taken.json["confirmed"]) == (0, ["a@example.org", "b@example.org"])
    assert (ready.folder / "subscribers" / "b" / "x.yaml").exists()
    assert {"a@example.org", "b@example.org"} <= recipients(ready)


def test_another_suffix_is_refused_and_nobody_confirmed(house: House, elsewhere: Path) -> None:
    taken = take(house, write(elsewhere / "bob.txt", "bob@example.org"))
    assert (taken.code, taken.json["confirmed"]) == (65, [])
    assert "bob.txt" in taken.err
    assert ".yaml" in taken.err
    assert "bob@example.org" not in states(house)


def test_a_hidden_file_is_refused(house: House, elsewhere: Path) -> None:
    taken = take(house, write(elsewhere / ".bob.yaml", "bob@example.org"))
    assert (taken.code, taken.json["confirmed"]) == (65, [])


def test_a_file_name_that_is_taken_is_a_problem_with_a_remedy(
    house: House, elsewhere: Path
) -> None:
    first = write(elsewhere / "a" / "x.yaml", "a@example.org")
    second = write(elsewhere / "b" / "x.yaml", "b@example.org")
    taken = take(house, first, second)
    assert (taken.code, taken.json["confirmed"]) == (65, ["a@example.org"])
    assert "was not copied" in taken.err
    assert "rename" in taken.err
    assert "b@example.org" not in states(house)


def test_who_has_a_document_already_keeps_it_and_is_vouched_for(
    house: House, elsewhere: Path
) -> None:
    kept = house.subscribe("bob@example.org", "name: Bob\n")
    outside = write(elsewhere / "robert.yaml", "Bob@example.org", "name: Robert\n")
    taken = take(house, outside)
    assert (taken.code, taken.json["confirmed"]) == (65, ["bob@example.org"])
    assert "subscribers/bob@example.org.yaml" in taken.err
    assert not (house.folder / "subscribers" / "robert.yaml").exists()
    assert "Bob" in kept.read_text()
    assert "name: Bob" in house.run("subscribers", "show", "bob@example.org").out


def test_taking_the_same_in_twice_changes_nothing(house: House, elsewhere: Path) -> None:
    file = write(elsewhere / "team" / "bob.yaml", "bob@example.org")
    assert take(house, file).json["confirmed"] == ["bob@example.org"]
    again = take(house, file, file.parent)
    assert (again.code, again.json["confirmed"]) == (0, [])
    assert again.json["known"] == ["bob@example.org"]


def test_import_by_state(ready: House, elsewhere: Path) -> None:
    pending = ready.subscribe("bob@example.org", "")
    assert ready.run("subscribers", "list").code == 0
    ready.run("subscribers", "remove", "ken@example.net")
    folder = ready.folder / "subscribers"
    stranger = write(elsewhere / "eve.yaml", "eve@example.org")
    taken = take(
        ready, pending, folder / "ada@example.org.yaml", folder / "ken@example.net.yaml", stranger
    )
    assert taken.code == 0
    assert taken.json["confirmed"] == ["bob@example.org", "eve@example.org"]
    assert taken.json["known"] == ["ada@example.org"]
    assert taken.json["refused"] == ["ken@example.net"]
    assert states(ready)["ken@example.net"] == "unsubscribed"


def test_one_mistake_does_not_stop_the_others(ready: House, elsewhere: Path) -> None:
    write(elsewhere / "a.yaml", "a@example.org", "sned: {}\n")
    write(elsewhere / "b.yaml", "b@example.org", "---\nemail: c@example.org\nsned: {}\n")
    (elsewhere / "d.yaml").write_bytes(b"\xff")
    taken = take(ready, elsewhere, elsewhere / "nowhere.yaml")
    assert (taken.code, taken.json["confirmed"]) == (65, ["b@example.org"])
    assert len(taken.json["problems"]) == 4
    assert not (ready.folder / "subscribers" / "a.yaml").exists()
    assert "b@example.org" in recipients(ready)


def test_any_address_gets_a_file_and_its_letters(ready: House) -> None:
    address = "a/b@example.org"
    added = ready.run("subscribers", "add", address, "--consent", "by phone", "--json")
    assert added.code == 0
    assert Path(added.json["file"]).parent == ready.folder / "subscribers"
    assert address in recipients(ready)
    assert ready.run("subscribers", "add", address.upper()).code == 65


@pytest.mark.parametrize("name", ["O'Neil", 'a "b": c', "# no", "!x", "null"])
def test_any_name_is_written_so_that_it_reads_back(house: House, name: str) -> None:
    assert house.run("subscribers", "add", "bob@example.org", "--name", name).code == 0
    assert house.run("check").code == 0


@pytest.mark.parametrize("name", ["a\ab", "a" * 101, "\u202ea"])
def test_a_name_that_no_document_can_hold_is_refused(house: House, name: str) -> None:
    refused = house.run("subscribers", "add", "bob@example.org", "--name", name)
    assert refused.code == 65
    assert not (house.folder / "subscribers" / "bob@example.org.yaml").exists()


def test_adding_whom_another_file_names_is_refused_with_its_place(house: House) -> None:
    write(house.folder / "subscribers" / "team.yaml", "Bob@example.org")
    refused = house.run("subscribers", "add", "bob@example.org")
    assert refused.code == 65
    assert "subscribers/team.yaml:1" in refused.err


def test_removing_twice_is_fine_and_logged_once(ready: House) -> None:
    words = ("subscribers", "remove", "ada@example.org", "--reason", "asked by phone", "--json")
    first, second = ready.run(*words), ready.run(*words)
    assert (first.code, second.code) == (0, 0)
    assert second.json == {"address": "ada@example.org", "cancelled": 0}
    shown = ready.run("subscribers", "show", "ada@example.org", "--json").json
    assert [one["event"] for one in shown["consents"]] == ["vouch", "unsubscribe"]
    assert shown["consents"][1]["statement"] == "asked by phone"
