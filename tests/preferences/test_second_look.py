"""A second look at a folder reads only what changed, and misses no change."""

import os
import time
from pathlib import Path

import pytest

from newsletter.model import Preferences
from newsletter.preferences import UNNAMED, DirectoryStore, Surroundings
from newsletter.preferences.files import DocumentFile, read_file

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


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="no file that tells no size")
def test_a_file_of_another_length_than_it_says_is_being_written() -> None:
    around = Surroundings()
    reading = read_file(DocumentFile("/proc/version", "version"), around)
    assert "is being written" in str(reading.problems[0])
    assert reading.unread == {"version"}
