"""The two homes of documents, moved between, and what protects them."""

from pathlib import Path

import pytest

from tests.end_to_end.house import MONDAY, House, Outcome

LINE = "subscribers: {store: directory, path: subscribers}"
ODD = (
    b"# by hand: \xc3\xa9\r\n\r\nemail: odd@example.org   # me\r\n"
    b"entries: {at_most: 3}   # few\r\n# the end, without a line end"
)


def use(house: House, store: str) -> None:
    old = "database" if store == "directory" else "directory"
    house.edit_config(f"store: {old}", f"store: {store}")


def vouch(house: House, *paths: Path) -> Outcome:
    words = ("--consent", "a workshop", "--now", MONDAY, "--json")
    return house.run("subscribers", "import", *map(str, paths), *words)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.yaml"))}


def recipients(house: House) -> set[str]:
    house.run("send", "--ignore-schedule", "--now", MONDAY)
    return {letter.recipient for letter in house.deliveries()}


@pytest.fixture
def shelved(house: House) -> House:
    """A house whose documents, the three examples, stand in the database."""
    use(house, "database")
    assert house.run("collect", "--now", MONDAY).code == 0
    taken = vouch(house, house.folder / "subscribers")
    assert (taken.code, len(taken.json["confirmed"])) == (0, 3)
    return house


def test_letters_go_out_from_the_database_as_from_the_folder(shelved: House) -> None:
    assert shelved.run("check", "--json").json["documents"] == 3
    assert recipients(shelved) == {"ada@example.org", "grace@example.com", "ken@example.net"}
    shown = shelved.run("subscribers", "show", "ada@example.org")
    assert shown.code == 0
    assert "3 known, 0 of them not confirmed" in shelved.run("doctor").out.replace("\n", " ")


def test_documents_move_to_the_database_and_back_with_every_byte(
    house: House, tmp_path: Path
) -> None:
    home = house.folder / "subscribers"
    (home / "odd@example.org.yaml").write_bytes(ODD)
    before = contents(home)
    use(house, "database")
    assert vouch(house, home).code == 0
    out = tmp_path / "out"
    out.mkdir()
    assert house.run("subscribers", "export", "-o", str(out)).code == 0
    assert contents(out) == before
    home.rename(tmp_path / "old")
    out.rename(home)
    use(house, "directory")
    assert house.run("check").code == 0
    assert len(house.run("subscribers", "list", "--json").json["subscribers"]) == 4


def test_one_file_of_all_documents_can_be_taken_in_again(house: House, tmp_path: Path) -> None:
    (house.folder / "subscribers" / "odd@example.org.yaml").write_bytes(ODD)
    vouch(house, house.folder / "subscribers")
    whole = tmp_path / "all.yaml"
    assert house.run("subscribers", "export", "-o", str(whole)).code == 0
    use(house, "database")
    taken = vouch(house, whole)
    assert (taken.code, len(taken.json["known"])) == (0, 4)
    text = house.run("subscribers", "export").out
    assert "# by hand: é" in text
    assert "# the end, without a line end\n" in text


def test_a_folder_that_holds_one_of_the_files_is_not_written_into(
    shelved: House, tmp_path: Path
) -> None:
    (tmp_path / "ada@example.org.yaml").write_text("mine")
    refused = shelved.run("subscribers", "export", "-o", str(tmp_path))
    assert refused.code == 65
    assert [path.name for path in tmp_path.glob("*.yaml")] == ["ada@example.org.yaml"]


def test_a_broken_document_is_not_taken_in_and_the_last_good_one_stays(
    shelved: House, tmp_path: Path
) -> None:
    file = tmp_path / "eve.yaml"
    file.write_text("email: eve@example.org\nsned: {}\n---\nemail: bob@example.org\n")
    taken = vouch(shelved, file)
    assert (taken.code, taken.json["confirmed"]) == (65, ["bob@example.org"])
    assert 'eve.yaml:2: sned: unknown key; did you mean "send"?' in taken.err
    file.write_text("email: ada@example.org\nentries: {at_most: 1}\n")
    taken = vouch(shelved, file)
    assert (taken.code, taken.json["known"]) == (65, ["ada@example.org"])
    assert "newsletter preferences edit ada@example.org" in taken.err
    assert "at_most: 1\n" not in shelved.run("subscribers", "export").out


def test_a_document_that_lost_its_topic_is_a_problem_and_stays_in_force(shelved: House) -> None:
    own = "\ntopics:\n  our-own: {query: robot*}\n"
    config = shelved.folder / "config.yaml"
    settings = config.read_text(encoding="utf-8").replace("\ntopics:\n", own, 1)
    config.write_text(settings if own in settings else settings + own, encoding="utf-8")
    file = shelved.folder / "bob.yaml"
    file.write_text("email: bob@example.org\ntopics: [our-own]\n")
    assert vouch(shelved, file).code == 0
    shelved.edit_config("\n  our-own: {query: robot*}\n", "\n  another: {query: robot*}\n")
    checked = shelved.run("check")
    assert checked.code == 65
    assert "database/bob@example.org:2: topics.1" in checked.out
    assert "bob@example.org" in recipients(shelved)


def test_adding_somebody_writes_one_document_into_the_database(shelved: House) -> None:
    added = shelved.run("subscribers", "add", "bob@example.org", "--consent", "by phone", "--json")
    assert (added.code, added.json["file"]) == (0, "database/bob@example.org")
    assert shelved.run("subscribers", "add", "BOB@example.org").code == 65
    assert not (shelved.folder / "subscribers" / "bob@example.org.yaml").exists()


def test_a_switch_of_the_store_without_an_import_takes_nobody_out(ready: House) -> None:
    use(ready, "database")
    sent = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert (sent.code, sent.json["sent"]) == (65, 3)
    assert "accept-removals" in sent.err


@pytest.mark.parametrize("named", [True, False])
def test_a_folder_that_is_not_there_is_a_problem_of_the_config(ready: House, named: bool) -> None:  # noqa: FBT001
    (ready.folder / "subscribers").rename(ready.folder / "elsewhere")
    if not named:
        ready.edit_config(", path: subscribers", "")
    checked = ready.run("check")
    assert checked.code == 78
    assert "subscribers.path" in checked.out
    assert "mkdir -p" in checked.out
    assert "subscribers.path" in ready.run("doctor").out.replace("\n", "")
    sent = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert (sent.code, sent.json["sent"]) == (78, 3), "the last good documents stay in force"


def test_an_empty_folder_is_held_until_the_removals_are_accepted(ready: House) -> None:
    for path in (ready.folder / "subscribers").glob("*.yaml"):
        path.unlink()
    told = ready.run("subscribers", "list").err
    assert "3 subscribers have no document any more" in told
    accepted = ready.run("subscribers", "accept-removals", "--json")
    assert (accepted.code, len(accepted.json["gone"])) == (0, 3)
    assert recipients(ready) == set()
