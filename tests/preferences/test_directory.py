"""The folder of documents: which files are read, and what is said of the others."""

import os
from pathlib import Path

import pytest

from newsletter.model import EmailAddress, Preferences, PreferencesReading
from newsletter.preferences import UNNAMED, DirectoryStore, document_file_name
from newsletter.rules.addresses import address_key


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "subscribers"
    made.mkdir()
    return made


def read(folder: Path) -> PreferencesReading:
    return DirectoryStore(folder, {}, Preferences(email=UNNAMED)).read()


def addresses(reading: PreferencesReading) -> list[str]:
    return [document.preferences.email for document in reading.documents]


def complaints(reading: PreferencesReading) -> list[str]:
    return [str(problem) for problem in reading.problems]


def write(folder: Path, name: str, address: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"email: {address}\n")


def test_files_are_read_in_nested_folders_in_the_order_of_their_names(folder: Path) -> None:
    write(folder, "b.yml", "b@example.org")
    write(folder, "a.yaml", "a@example.org")
    write(folder, "team/c.yaml", "c@example.org")
    reading = read(folder)
    assert addresses(reading) == ["a@example.org", "b@example.org", "c@example.org"]
    assert reading.documents[2].place == "subscribers/team/c.yaml:1"


@pytest.mark.parametrize(
    "name", [".a.yaml", ".git/a.yaml", "a.yaml~", "#a.yaml#", "a.yaml.bak", "a.yaml.swp", "a.txt"]
)
def test_hidden_files_and_back_ups_are_left_alone(folder: Path, name: str) -> None:
    write(folder, name, "a@example.org")
    assert read(folder) == PreferencesReading(())


def test_a_missing_folder_is_a_problem_with_a_remedy(folder: Path) -> None:
    reading = read(folder / "nowhere")
    (problem,) = reading.problems
    assert "there is no folder" in problem.message
    assert problem.suggestion is not None
    assert reading.unread == {"nowhere"}


def test_links_out_of_the_folder_are_not_followed(folder: Path, tmp_path: Path) -> None:
    write(tmp_path, "elsewhere/x.yaml", "x@example.org")
    (folder / "x@example.org.yaml").symlink_to(tmp_path / "elsewhere" / "x.yaml")
    (folder / "all").symlink_to(tmp_path / "elsewhere")
    reading = read(folder)
    assert addresses(reading) == []
    assert complaints(reading) == [
        "subscribers/all: is a link to a folder, which is not followed",
        "subscribers/x@example.org.yaml: is a link out of the folder, which is not followed",
    ]


def test_a_file_that_tells_nothing_is_taken_for_that_of_its_name(folder: Path) -> None:
    (folder / "ada@example.org.yaml").write_bytes(b"email: ada@example.org\nname: \xff\n")
    reading = read(folder)
    assert complaints(reading) == [
        'subscribers/ada@example.org.yaml:2: is not UTF-8, at "name: ÿ"; save it as UTF-8'
    ]
    assert reading.broken == {address_key(EmailAddress("ada@example.org"))}
    assert reading.unread == {"subscribers/ada@example.org.yaml"}


def test_what_is_no_file_is_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    (folder / "broken.yaml").symlink_to(folder / "nothing")
    told = complaints(read(folder))
    assert told[0].startswith("subscribers/broken.yaml: cannot be read (No such file")
    assert told[1] == "subscribers/pipe.yaml: is no file"


def test_one_person_in_two_files_is_refused_and_both_places_named(folder: Path) -> None:
    write(folder, "a.yaml", "ada@example.org")
    write(folder, "b.yaml", "Ada@example.org")
    reading = read(folder)
    assert addresses(reading) == []
    (told,) = complaints(reading)
    assert told == (
        "subscribers/b.yaml:1: email: Ada@example.org has another document at "
        "subscribers/a.yaml:1; keep one of the two"
    )


@pytest.mark.parametrize("octets", [b"", b" \n\t\r\n", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_a_problem_and_unread(folder: Path, octets: bytes) -> None:
    (folder / "team.yaml").write_bytes(octets)
    reading = read(folder)
    assert complaints(reading) == ["subscribers/team.yaml: is empty; delete it to stop the letters"]
    assert reading.unread == {"subscribers/team.yaml"}


def test_a_file_with_nothing_but_comments_has_no_documents(folder: Path) -> None:
    (folder / "team.yaml").write_text("# nobody yet\n---\n")
    assert read(folder) == PreferencesReading(())


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_a_closed_folder_is_unread(folder: Path) -> None:
    write(folder, "team/a.yaml", "a@example.org")
    (folder / "team").chmod(0)
    reading = read(folder)
    (folder / "team").chmod(0o700)
    assert reading.unread == {"subscribers/team"}


def test_a_folder_of_many_levels_is_read(folder: Path) -> None:
    write(folder, "/".join(["d"] * 500) + "/a.yaml", "a@example.org")
    assert addresses(read(folder)) == ["a@example.org"]


def test_the_name_of_a_file_as_the_program_gives_it_tells_whose_it_is(folder: Path) -> None:
    address = EmailAddress("a/b@example.org")
    (folder / document_file_name(address)).write_bytes(b"\xff")
    assert read(folder).broken == {address_key(address)}
