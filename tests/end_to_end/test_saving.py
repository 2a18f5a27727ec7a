"""A document that somebody saves while `newsletter serve` runs is in force at once."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from queue import Queue

import pytest

from newsletter.model import Document, EmailAddress, Preferences, PreferencesReading
from newsletter.storage import Documents, open_database
from tests.end_to_end.conftest import lived_in
from tests.end_to_end.house import House
from tests.end_to_end.test_serving import serving, wait_for

AT_ONCE_S = 2.0
TRIES = 5


@dataclass(frozen=True)
class Running:
    """A `newsletter serve` over a folder of documents, in which tests save what they like."""

    subscribers: Path
    lines: "Queue[str | None]"

    def save(self, name: str, text: str) -> None:
        """Write a document in place."""
        (self.subscribers / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with (
        lived_in(tmp_path_factory.mktemp("saving")) as house,
        serving(house) as (_, lines, _process),
    ):
        wait_for(lines, "documents changed=3 ")
        yield Running(house.folder / "subscribers", lines)


def quickest(lines: "Queue[str | None]", save: Callable[[int], None]) -> float:
    """Return the shortest time from a save to its adoption; other work may slow some down."""
    numbers = count(1)
    best = float("inf")
    for _ in range(TRIES):
        started = time.monotonic()
        save(next(numbers))
        wait_for(lines, "documents changed=1 ")
        best = min(best, time.monotonic() - started)
        if best < AT_ONCE_S:
            break
    return best


def test_a_file_that_is_saved_is_in_force_at_once(running: Running) -> None:
    def write_in_place(number: int) -> None:
        running.save("ada@example.org", f"email: ada@example.org\nname: Ada {number}\n")

    assert quickest(running.lines, write_in_place) < AT_ONCE_S

    def replace(number: int) -> None:
        """Write beside and rename, as most editors do."""
        path = running.subscribers / "ada@example.org.yaml"
        beside = path.with_name(".ada.swp")
        beside.write_text(f"email: ada@example.org\nname: Ada the {number}th\n")
        beside.replace(path)

    assert quickest(running.lines, replace) < AT_ONCE_S


def test_a_mistake_is_told_at_once_and_its_mending_too(running: Running) -> None:
    running.save("ken@example.net", "email: ken@example.net\nsned: {every: day}\n")
    assert "did you mean" in wait_for(running.lines, "(document: .*ken@example.net.yaml:2: sned.*)")
    running.save("ken@example.net", "email: ken@example.net\nsend: {every: day}\n")
    wait_for(running.lines, "problems_gone=1 problems_left=0")


@pytest.mark.parametrize("name", ["new@example.org", "team/newer@example.org"])
def test_a_new_file_is_noticed_also_in_a_new_folder(running: Running, name: str) -> None:
    (running.subscribers / name).parent.mkdir(exist_ok=True)
    running.save(name, f"email: {name.rpartition('/')[2]}\n")
    wait_for(running.lines, "documents changed=1 ")


def test_a_document_that_another_program_stores_is_in_force_at_once(house: House) -> None:
    house.edit_config("store: directory", "store: database")
    assert house.run("subscribers", "add", "ada@example.org").code == 0
    database = open_database(f"sqlite:///{house.folder}/data/newsletter.db")
    documents = Documents(database, read_nothing)
    ada = EmailAddress("ada@example.org")
    with serving(house) as (_, lines, _process):

        def store(number: int) -> None:
            text = f"email: ada@example.org\nentries: {{at_most: {number}}}\n"
            documents.put_all([Document(Preferences(ada), text, "")])

        assert quickest(lines, store) < AT_ONCE_S
    database.close()


def read_nothing(_: object) -> Sequence[PreferencesReading]:
    return ()
