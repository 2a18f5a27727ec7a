"""Files from elsewhere beside what stands in the folder: nothing is replaced, nothing hidden."""

from pathlib import Path

import pytest

from newsletter.model import Preferences
from newsletter.preferences import (
    UNNAMED,
    DirectoryStore,
    Surroundings,
    TakenIn,
    read_paths,
    take_in_files,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "subscribers"
    made.mkdir()
    return made


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


def write(path: Path, *addresses: str, more: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("---\n".join(f"email: {address}\n" for address in addresses) + more)
    return path


def take(home: Path, *paths: Path) -> TakenIn:
    there = DirectoryStore(home, {}, Preferences(email=UNNAMED)).read()
    return take_in_files(paths, home, there, Surroundings())


def addresses(taken: TakenIn) -> list[str]:
    return sorted(document.preferences.email for document in taken.documents)


def complaints(taken: TakenIn) -> list[str]:
    return [str(problem) for problem in taken.problems]


def test_a_folder_comes_with_its_sub_folders_and_without_what_is_hidden(
    home: Path, elsewhere: Path
) -> None:
    write(elsewhere / "x.yaml", "a@example.org")
    write(elsewhere / "team" / "x.yaml", "b@example.org", "c@example.org")
    write(elsewhere / ".git" / "x.yaml", "d@example.org")
    write(elsewhere / "notes.txt", "e@example.org")
    taken = take(home, elsewhere)
    assert addresses(taken) == ["a@example.org", "b@example.org", "c@example.org"]
    assert taken.copies == (home / "x.yaml", home / "team" / "x.yaml")
    assert taken.problems == ()
    assert not list(home.rglob(".*"))


def test_the_home_folder_need_not_be_there_yet(tmp_path: Path, elsewhere: Path) -> None:
    file = write(elsewhere / "x.yaml", "a@example.org")
    assert take(tmp_path / "new", file).copies == (tmp_path / "new" / "x.yaml",)


def test_what_is_at_home_already_is_taken_as_it_stands(home: Path) -> None:
    write(home / "x.yaml", "a@example.org")
    taken = take(home, home / "x.yaml", home)
    assert (addresses(taken), taken.copies, taken.problems) == (["a@example.org"], (), ())


def test_whom_two_files_at_home_name_is_taken_from_neither(home: Path) -> None:
    write(home / "x.yaml", "a@example.org")
    write(home / "y.yaml", "a@example.org")
    taken = take(home, home / "x.yaml")
    assert taken.documents == ()
    assert "another document" in complaints(taken)[0]


def test_whom_two_files_outside_name_is_taken_from_neither(home: Path, elsewhere: Path) -> None:
    write(elsewhere / "x.yaml", "a@example.org")
    write(elsewhere / "y.yaml", "a@example.org", "b@example.org")
    taken = take(home, elsewhere)
    assert addresses(taken) == ["b@example.org"]
    assert len(taken.problems) == 1


def test_a_broken_document_at_home_keeps_its_place(home: Path, elsewhere: Path) -> None:
    write(home / "x.yaml", "a@example.org", more="sned: x\n")
    taken = take(home, write(elsewhere / "y.yaml", "a@example.org"))
    assert (taken.documents, taken.copies) == ((), ())
    assert "with a mistake; mend that one" in complaints(taken)[0]


def test_of_a_file_that_stays_outside_only_those_at_home_are_taken(
    home: Path, elsewhere: Path
) -> None:
    write(home / "x.yaml", "a@example.org")
    taken = take(home, write(elsewhere / "team.yaml", "a@example.org", "b@example.org"))
    assert (addresses(taken), taken.copies) == (["a@example.org"], ())
    assert [document.place for document in taken.documents] == ["subscribers/x.yaml:1"]
    assert (
        "was not copied: a@example.org has a document at subscribers/x.yaml:1"
        in (complaints(taken)[0])
    )


def test_a_folder_at_home_that_is_a_link_is_not_written_through(
    home: Path, elsewhere: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    (home / "team").symlink_to(tmp_path / "outside")
    write(elsewhere / "team" / "x.yaml", "a@example.org")
    taken = take(home, elsewhere)
    assert (taken.documents, list((tmp_path / "outside").iterdir())) == ((), [])
    assert "by a link" in complaints(taken)[0]


def test_a_place_that_cannot_be_written_is_a_problem(home: Path, elsewhere: Path) -> None:
    (home / "team").write_text("no folder\n")
    write(elsewhere / "team" / "x.yaml", "a@example.org")
    taken = take(home, elsewhere)
    assert taken.documents == ()
    assert "cannot be written" in complaints(taken)[0]


def test_a_link_out_of_an_imported_folder_is_not_followed(home: Path, elsewhere: Path) -> None:
    secret = write(elsewhere / "x.yaml", "a@example.org")
    folder = elsewhere / "folder"
    folder.mkdir()
    (folder / "y.yaml").symlink_to(secret)
    taken = take(home, folder)
    assert taken.documents == ()
    assert "link out of the folder" in complaints(taken)[0]


def test_paths_are_read_once_and_what_is_missing_is_a_problem(elsewhere: Path) -> None:
    file = write(elsewhere / "x.yaml", "a@example.org")
    reading = read_paths([file, elsewhere, elsewhere / "no.yaml"], Surroundings())
    assert [document.preferences.email for document in reading.documents] == ["a@example.org"]
    (problem,) = reading.problems
    assert problem.file == str(elsewhere / "no.yaml")
