"""A second look at a folder reads only what changed, and misses no change."""

import os
import time
from pathlib import Path
from types import MappingProxyType

import pytest

from newsletter.model import CatalogueTopic, Preferences, Topic
from newsletter.preferences import UNNAMED, DirectoryStore, Surroundings
from newsletter.preferences.folder.files import DocumentFile, find_files, read_file
from newsletter.preferences.folder.many import read_many

LONG_AGO = 1_000_000_000


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    return DirectoryStore(tmp_path, {}, Preferences(email=UNNAMED))


def write(path: Path, address: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"email: {address}\n")
    return path


def addresses(store: DirectoryStore) -> list[str]:
    return [document.preferences.email for document in store.read().documents]


def test_a_change_of_the_same_length_at_once_is_seen(store: DirectoryStore, tmp_path: Path) -> None:
    file = write(tmp_path / "a.yaml", "ada@example.org")
    assert addresses(store) == ["ada@example.org"]
    write(file, "bob@example.org")
    assert addresses(store) == ["bob@example.org"]


def test_a_change_behind_an_old_time_is_seen(store: DirectoryStore, tmp_path: Path) -> None:
    file = write(tmp_path / "a.yaml", "ada@example.org")
    os.utime(file, (LONG_AGO, LONG_AGO))
    assert addresses(store) == ["ada@example.org"]
    write(file, "bob@example.org")
    os.utime(file, (LONG_AGO, LONG_AGO))
    assert addresses(store) == ["bob@example.org"]


def test_files_that_come_go_and_move_are_seen(store: DirectoryStore, tmp_path: Path) -> None:
    file = write(tmp_path / "b.yaml", "bob@example.org")
    write(tmp_path / "team" / "a.yaml", "ada@example.org")
    assert addresses(store) == ["bob@example.org", "ada@example.org"]
    file.rename(tmp_path / "team" / "0.yaml")
    assert addresses(store) == ["bob@example.org", "ada@example.org"]
    (tmp_path / "team" / "a.yaml").unlink()
    assert addresses(store) == ["bob@example.org"]


def test_a_second_file_for_a_person_is_seen_beside_one_that_did_not_change(
    store: DirectoryStore, tmp_path: Path
) -> None:
    write(tmp_path / "a.yaml", "ada@example.org")
    assert addresses(store) == ["ada@example.org"]
    second = write(tmp_path / "b.yaml", "ada@example.org")
    assert addresses(store) == []
    second.unlink()
    assert addresses(store) == ["ada@example.org"]


def later_ns() -> int:
    """A clock ahead of the files' own: to it every change is long ago."""
    return time.time_ns() + 60_000_000_000


@pytest.fixture
def settled(tmp_path: Path) -> DirectoryStore:
    return DirectoryStore(tmp_path, {}, Preferences(email=UNNAMED), now_ns=later_ns)


def test_what_did_not_change_is_not_read_again(settled: DirectoryStore, tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "ada@example.org")
    file = write(tmp_path / "b.yaml", "bob@example.org")
    first = settled.read()
    assert settled.read() is first
    file.write_text("email: bob@example.org\nname: Bob\n")
    second = settled.read()
    assert second.documents[0] is first.documents[0]
    assert [one.preferences.name for one in second.documents] == [None, "Bob"]
    file.unlink()
    assert addresses(settled) == ["ada@example.org"]


def test_a_file_in_the_place_of_another_is_read(settled: DirectoryStore, tmp_path: Path) -> None:
    file = write(tmp_path / "a.yaml", "ada@example.org")
    os.utime(file, (LONG_AGO, LONG_AGO))
    assert addresses(settled) == ["ada@example.org"]
    other = write(tmp_path / "other", "bob@example.org")
    os.utime(other, (LONG_AGO, LONG_AGO))
    other.replace(file)
    assert addresses(settled) == ["bob@example.org"]


def test_what_could_not_be_read_is_tried_again(settled: DirectoryStore, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"")
    assert settled.read().unread
    write(file, "ada@example.org")
    reading = settled.read()
    assert (reading.problems, reading.unread) == ((), frozenset())


def test_a_folder_that_goes_and_comes_back_is_unread_meanwhile(
    settled: DirectoryStore, tmp_path: Path
) -> None:
    folder = tmp_path / "team"
    write(folder / "a.yaml", "ada@example.org")
    store = DirectoryStore(folder, {}, Preferences(email=UNNAMED), now_ns=later_ns)
    before = store.read()
    folder.rename(tmp_path / "away")
    assert store.read().documents == ()
    assert store.read().unread == {"team"}
    (tmp_path / "away").rename(folder)
    assert store.read() == before
    assert addresses(settled) == ["ada@example.org"]


def test_a_file_that_is_gone_when_it_is_opened_is_unread_until_the_next_look(
    tmp_path: Path,
) -> None:
    file = write(tmp_path / "ada@example.org.yaml", "ada@example.org")
    (found,) = find_files(tmp_path)
    file.rename(tmp_path / "0.yaml")
    reading = read_file(found, Surroundings())
    assert "was renamed or deleted just now; the next look tells which" in str(reading.problems[0])
    assert reading.unread
    assert list(find_files(tmp_path)) != [found]


def test_several_documents_in_a_file_come_and_go_alone(
    settled: DirectoryStore, tmp_path: Path
) -> None:
    file = write(tmp_path / "team.yaml", "ada@example.org\n---\nemail: bob@example.org")
    assert addresses(settled) == ["ada@example.org", "bob@example.org"]
    write(file, "bob@example.org\n---\nemail: eve@example.org\nsned: {}")
    reading = settled.read()
    assert [one.preferences.email for one in reading.documents] == ["bob@example.org"]
    assert reading.broken == {"eve@example.org"}


def test_other_processes_read_the_same(tmp_path: Path) -> None:
    for number in range(7):
        write(tmp_path / f"{number}.yaml", f"reader{number}@example.org\nname: {number}")
    write(tmp_path / "7.yaml", "no address")
    files = list(find_files(tmp_path))
    topic = CatalogueTopic(Topic("robots", "Robots", query="robot*"))
    around = Surroundings(MappingProxyType({"robots": topic}), Preferences(email=UNNAMED))
    alone = read_many(files, read_file, around)
    assert read_many(files, read_file, around, worth_processes=1) == alone
    assert len(alone) == 8


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="no file that tells no size")
def test_a_file_of_another_length_than_it_says_is_being_written() -> None:
    around = Surroundings()
    reading = read_file(DocumentFile("/proc/version", "version"), around)
    assert "is being written" in str(reading.problems[0])
    assert reading.unread == {"version"}
