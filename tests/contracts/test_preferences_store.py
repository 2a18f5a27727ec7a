"""What every store of preferences does: one suite for the fake and the folder of files."""

from pathlib import Path
from typing import Protocol

import pytest

from newsletter.model import EmailAddress, Preferences
from newsletter.ports import PreferencesStore
from newsletter.preferences import UNNAMED, DirectoryStore, show
from newsletter.rules.addresses import address_key
from newsletter.testing.preferences import FakePreferencesStore

ADA = Preferences(email=EmailAddress("Ada@example.org"), name="Ada")
KEN = Preferences(email=EmailAddress("ken@example.net"), at_most=3)


class Shelf(Protocol):
    """A store, and the means to change what stands in it."""

    @property
    def store(self) -> PreferencesStore: ...
    def put(self, preferences: Preferences) -> None: ...
    def break_document(self, address: EmailAddress) -> None: ...
    def remove(self, address: EmailAddress) -> None: ...
    def spoil(self, file: str) -> None: ...
    def mend(self, file: str) -> None: ...


class FakeShelf(FakePreferencesStore):
    @property
    def store(self) -> PreferencesStore:
        return self


class Folder:
    def __init__(self, path: Path) -> None:
        self._path = path
        self.store: PreferencesStore = DirectoryStore(path, {}, Preferences(email=UNNAMED))

    def put(self, preferences: Preferences) -> None:
        self._file(preferences.email).write_text(show(preferences), encoding="utf-8")

    def break_document(self, address: EmailAddress) -> None:
        self._file(address).write_text(f"email: {address}\nsned: {{every: day}}\n")

    def remove(self, address: EmailAddress) -> None:
        self._file(address).unlink()

    def spoil(self, file: str) -> None:
        (self._path / file).write_bytes(b"email: \xff\n")

    def mend(self, file: str) -> None:
        (self._path / file).unlink()

    def _file(self, address: EmailAddress) -> Path:
        return self._path / f"{address}.yaml"


@pytest.fixture(params=["fake", "directory"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    return FakeShelf() if request.param == "fake" else Folder(tmp_path)


def test_an_empty_store_has_no_documents_and_no_problems(shelf: Shelf) -> None:
    reading = shelf.store.read()
    assert (reading.documents, reading.problems, reading.broken) == ((), (), frozenset())
    assert reading.unread == frozenset()


def test_what_was_put_is_read_back_with_text_and_place(shelf: Shelf) -> None:
    shelf.put(ADA)
    shelf.put(KEN)
    documents = shelf.store.read().documents
    assert {document.preferences for document in documents} == {ADA, KEN}
    assert all(str(document.preferences.email) in document.text for document in documents)
    assert len({document.place for document in documents}) == 2


def test_a_broken_document_is_a_problem_and_does_not_disturb_its_neighbour(shelf: Shelf) -> None:
    shelf.put(ADA)
    shelf.put(KEN)
    shelf.break_document(ADA.email)
    reading = shelf.store.read()
    assert [document.preferences for document in reading.documents] == [KEN]
    assert [problem.key for problem in reading.problems] == ["sned"]
    assert reading.broken == {address_key(ADA.email)}
    assert reading.unread == frozenset()


def test_a_mended_document_is_read_again(shelf: Shelf) -> None:
    shelf.break_document(ADA.email)
    shelf.put(ADA)
    reading = shelf.store.read()
    assert [document.preferences for document in reading.documents] == [ADA]
    assert (reading.problems, reading.broken) == ((), frozenset())


def test_a_removed_document_is_gone(shelf: Shelf) -> None:
    shelf.put(ADA)
    shelf.remove(ADA.email)
    assert shelf.store.read().documents == ()


def test_what_cannot_be_read_is_named_until_it_can(shelf: Shelf) -> None:
    shelf.put(ADA)
    shelf.spoil("team.yaml")
    reading = shelf.store.read()
    assert [document.preferences for document in reading.documents] == [ADA]
    (unread,) = reading.unread
    assert unread.endswith("team.yaml")
    assert [problem.file for problem in reading.problems] == [unread]
    shelf.mend("team.yaml")
    assert shelf.store.read().unread == frozenset()


def test_two_looks_at_the_same_are_equal(shelf: Shelf) -> None:
    shelf.put(ADA)
    shelf.break_document(KEN.email)
    assert shelf.store.read() == shelf.store.read()
