"""A change below the folder of documents is told at once, whatever becomes of the folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread

from newsletter.preferences import watch_folder

PATIENCE_S = 30


@contextmanager
def watched(folder: Path) -> Iterator["Queue[None]"]:
    """Watch `folder` and yield what tells of changes; one was told when it is yielded."""
    stopping, told = Event(), Queue[None]()

    def listen() -> None:
        for change in watch_folder(folder, stopping):
            told.put(change)

    listener = Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield told
    finally:
        stopping.set()
        listener.join(timeout=PATIENCE_S)
        assert not listener.is_alive()


def save_until_told(file: Path, told: "Queue[None]") -> None:
    """Save a file again and again: nobody can tell when the system has begun to watch."""
    for number in range(PATIENCE_S):
        file.write_text(f"email: reader{number}@example.org\n")
        if not is_quiet(told, 1):
            return
    raise AssertionError(file)


def is_quiet(told: "Queue[None]", seconds: float) -> bool:
    try:
        told.get(timeout=seconds)
    except Empty:
        return True
    return False


def test_a_saved_file_is_told(tmp_path: Path) -> None:
    with watched(tmp_path) as told:
        save_until_told(tmp_path / "ada.yaml", told)
        (tmp_path / "ada.yaml").rename(tmp_path / "eve.yaml")
        told.get(timeout=PATIENCE_S)
        (tmp_path / "eve.yaml").unlink()
        told.get(timeout=PATIENCE_S)


def test_a_folder_that_comes_later_is_told_and_watched(tmp_path: Path) -> None:
    folder = tmp_path / "subscribers"
    with watched(folder) as told:
        folder.mkdir()
        save_until_told(folder / "ada.yaml", told)


def test_another_folder_in_its_place_is_told_and_watched(tmp_path: Path) -> None:
    folder = tmp_path / "subscribers"
    folder.mkdir()
    with watched(folder) as told:
        save_until_told(folder / "ada.yaml", told)
        folder.rename(tmp_path / "away")
        told.get(timeout=PATIENCE_S)
        folder.mkdir()
        told.get(timeout=PATIENCE_S)
        save_until_told(folder / "eve.yaml", told)
