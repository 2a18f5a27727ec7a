import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from newsletter.errors import StorageError
from newsletter.model import Accounting, Beginning
from newsletter.storage import (
    Database,
    FileLeases,
    Holder,
    MessageOutbox,
    SlotLedger,
    open_database,
)
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan
from tests.forks import Script

NOW = FIRST_SLOT_AT
HOLD = """
import sys
from pathlib import Path
from newsletter.storage import FileLeases
print(FileLeases(Path(sys.argv[1])).hold(), flush=True)
sys.stdin.read()
"""

Admit = Callable[[Database, Iterable[str]], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "news.db.workers"


@pytest.fixture
def leases(folder: Path) -> Iterator[FileLeases]:
    opened = FileLeases(folder)
    yield opened
    opened.close()


@pytest.fixture
def worker(folder: Path) -> Iterator[tuple[Script, Holder]]:
    """Give another process that holds a lease until its standard input ends."""
    with Script(HOLD, str(folder)) as process:
        yield process, Holder(process.line())


def files(folder: Path) -> int:
    return len(list(folder.iterdir()))


def test_a_worker_lives_from_its_first_hold_until_it_is_closed(
    leases: FileLeases, folder: Path
) -> None:
    assert leases.holder is None
    name = leases.hold()

    assert leases.hold() == leases.holder == name
    assert leases.is_alive(name)
    assert FileLeases(folder).is_alive(name)
    leases.close()

    assert not FileLeases(folder).is_alive(name)
    assert (leases.holder, files(folder)) == (None, 0)
    leases.close()
    assert leases.hold() != name


def test_another_process_lives_until_it_is_killed(
    leases: FileLeases, folder: Path, worker: tuple[Script, Holder]
) -> None:
    process, name = worker
    assert leases.is_alive(name)
    leases.sweep()
    assert files(folder) == 1

    process.kill()

    assert files(folder) == 1
    assert not leases.is_alive(name)
    assert files(folder) == 0


def test_files_of_the_dead_are_swept_and_those_of_the_living_stay(
    leases: FileLeases, folder: Path, worker: tuple[Script, Holder]
) -> None:
    process, name = worker
    leases.hold()
    (folder / "notes.txt").write_text("not ours", encoding="utf-8")
    process.kill()

    leases.sweep()

    assert not (folder / f"{name}.lock").exists()
    assert {path.name for path in folder.iterdir()} == {f"{leases.holder}.lock", "notes.txt"}


@pytest.mark.parametrize(
    "name", ["", "x", "0b2f-boot/4711/88123", "../news", "a" * 31, "A" * 32, "a" * 32 + "\n"]
)
def test_a_name_that_is_none_of_ours_holds_nothing(leases: FileLeases, name: str) -> None:
    assert not leases.is_alive(Holder(name))


def test_a_file_that_cannot_be_looked_into_counts_as_held(leases: FileLeases, folder: Path) -> None:
    folder.mkdir()
    (folder / f"{'a' * 32}.lock").symlink_to(folder / f"{'a' * 32}.lock")
    assert leases.is_alive(Holder("a" * 32))


def test_without_a_folder_there_is_nobody_to_sweep(leases: FileLeases, folder: Path) -> None:
    leases.sweep()
    assert not folder.exists()


def test_a_place_that_cannot_be_a_folder_is_an_error_with_a_remedy(folder: Path) -> None:
    folder.write_text("a file", encoding="utf-8")
    with pytest.raises(StorageError, match=r"cannot be made.*local disk"):
        FileLeases(folder).hold()


def test_the_lock_file_is_for_its_owner_and_not_for_children(
    leases: FileLeases, folder: Path
) -> None:
    leases.hold()
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert leases._held
    assert not os.get_inheritable(leases._held[1])


def test_the_outbox_holds_its_messages_until_the_database_is_closed(
    tmp_path: Path, admit: Admit
) -> None:
    one = open_database(f"sqlite:///{tmp_path}/news.db")
    one.migrate()
    admit(one, ["ada", "bob"])
    SlotLedger(one).plan([make_plan("ada", ["a"]), make_plan("bob", ["b"])])
    outbox = MessageOutbox(one)
    assert outbox.release(now=NOW) == 0
    assert not (tmp_path / "news.db.workers").exists()
    (item, _) = outbox.claim(now=NOW, limit=2)
    outbox.record(begun=[Beginning(item.id, "<1@x>", "ab")], now=NOW)
    two = open_database(f"sqlite:///{tmp_path}/news.db")

    assert MessageOutbox(two).recover(now=NOW) == 0
    one.close()
    assert MessageOutbox(two).recover(now=NOW) == 2

    assert MessageOutbox(two).accounting() == Accounting(uncertain=1, waiting=1)
    two.close()


def test_a_lease_of_an_older_program_counts_as_lost(tmp_path: Path, admit: Admit) -> None:
    database = open_database(f"sqlite:///{tmp_path}/news.db")
    database.migrate()
    admit(database, ["ada"])
    SlotLedger(database).plan([make_plan("ada", ["a"])])
    MessageOutbox(database, holder=Holder(f"a-boot/{os.getpid()}/1234")).claim(now=NOW, limit=1)
    assert MessageOutbox(database).recover(now=NOW) == 1
    database.close()
