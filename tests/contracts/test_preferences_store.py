"""What every store of preferences does: one suite for the fake, the folder and the database."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest

from newsletter.errors import PreferencesError
from newsletter.model import (
    AddressKey,
    Document,
    EmailAddress,
    Preferences,
    PreferencesReading,
)
from newsletter.ports import PreferencesStore
from newsletter.preferences import (
    UNNAMED,
    DirectoryStore,
    Surroundings,
    parse_documents,
    read_texts,
    show,
)
from newsletter.rules.addresses import address_key
from newsletter.storage import Database, Documents
from newsletter.testing.preferences import FakePreferencesStore

KEY = AddressKey("ada@example.org")
COMMENTED = "# of my own hand\r\n\r\nemail: ada@example.org   # me\r\nentries: {at_most: 3}\r\n# \u0416, end"
ADA = Preferences(email=EmailAddress("Ada@example.org"), name="Ada")
KEN = Preferences(email=EmailAddress("ken@example.net"), at_most=3)

OpenStored = Callable[[str], Database]


class Shelf(Protocol):
    """A store, and the means to change what stands in it."""

    @property
    def store(self) -> PreferencesStore: ...
    def put(self, preferences: Preferences) -> None: ...
    def break_document(self, address: EmailAddress) -> None: ...
    def remove(self, address: EmailAddress) -> None: ...
    def spoil(self, file: str) -> None: ...
    def mend(self, file: str) -> None: ...


def parse(text: str, file: str) -> PreferencesReading:
    return parse_documents(text, file, catalogue={}, defaults=Preferences(email=UNNAMED))


class FakeShelf(FakePreferencesStore):
    def __init__(self) -> None:
        super().__init__(read_text=parse)

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


class Table:
    """Breaks a document as a catalogue does that lost a topic: its text was good once."""

    def __init__(self, database: Database) -> None:
        self.documents = Documents(database, partial(read_texts, around=Surroundings()))

    @property
    def store(self) -> PreferencesStore:
        return self.documents

    def put(self, preferences: Preferences) -> None:
        self.documents.put_all([Document(preferences, show(preferences), "a.yaml:1")])

    def break_document(self, address: EmailAddress) -> None:
        text = f"email: {address}\nsned: {{every: day}}\n"
        self.documents.put_all([Document(Preferences(address), text, "a.yaml:1")])

    def remove(self, address: EmailAddress) -> None:
        self.documents.remove(address_key(address), expected=None)

    def spoil(self, file: str) -> None:
        pytest.skip(f"no {file} in the database: whose a document is, is always certain there")

    def mend(self, file: str) -> None:
        raise AssertionError(file)


@pytest.fixture(params=["fake", "directory", "sqlite", "postgresql"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path, open_stored: OpenStored) -> Shelf:
    if request.param == "fake":
        return FakeShelf()
    if request.param == "directory":
        return Folder(tmp_path)
    return Table(open_stored(request.param))


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


def test_an_unchanged_store_hands_out_what_it_read_before(shelf: Shelf) -> None:
    shelf.put(ADA)
    shelf.put(KEN)
    before = {one.preferences.email: one for one in shelf.store.read().documents}
    shelf.put(KEN)
    shelf.put(Preferences(EmailAddress("eve@example.org")))
    after = {one.preferences.email: one for one in shelf.store.read().documents}
    assert after.keys() == before.keys() | {"eve@example.org"}
    assert after[ADA.email] == before[ADA.email]


def test_a_new_document_is_read_back_to_the_byte(shelf: Shelf) -> None:
    assert shelf.store.source_of(KEY) is None
    shelf.store.replace(KEY, COMMENTED, expected=None)
    (document,) = shelf.store.read().documents
    source = shelf.store.source_of(KEY)
    assert source
    assert (source.text, document.text) == (COMMENTED, COMMENTED)
    assert document.preferences.at_most == 3
    assert source.place == document.place


def test_a_document_is_replaced_and_its_neighbour_stays(shelf: Shelf) -> None:
    shelf.put(ADA)
    shelf.put(KEN)
    before, neighbour = source(shelf, ADA.email), source(shelf, KEN.email)
    shelf.store.replace(KEY, COMMENTED, expected=before)
    assert source(shelf, ADA.email) == COMMENTED
    assert source(shelf, KEN.email) == neighbour
    assert len(shelf.store.read().documents) == 2


def test_a_broken_document_can_be_looked_at_and_mended(shelf: Shelf) -> None:
    shelf.break_document(ADA.email)
    broken = source(shelf, ADA.email)
    assert "sned" in broken
    shelf.store.replace(KEY, COMMENTED, expected=broken)
    assert shelf.store.read().problems == ()


@pytest.mark.parametrize("expected", [None, "email: ada@example.org\n# as it was once\n"])
def test_what_somebody_changed_meanwhile_is_not_written_over(
    shelf: Shelf, expected: str | None
) -> None:
    shelf.put(ADA)
    before = source(shelf, ADA.email)
    with pytest.raises(PreferencesError, match=r"ada@example\.org"):
        shelf.store.replace(KEY, COMMENTED, expected=expected)
    assert source(shelf, ADA.email) == before


def test_what_somebody_deleted_meanwhile_does_not_come_back(shelf: Shelf) -> None:
    with pytest.raises(PreferencesError, match=r"ada@example\.org"):
        shelf.store.replace(KEY, COMMENTED, expected="email: ada@example.org\n")
    assert shelf.store.source_of(KEY) is None


@pytest.mark.parametrize(
    "text",
    [
        "email: ada@example.org\nsned: {every: day}\n",
        "email: bob@example.org\n",
        "email: ada@example.org\n---\nemail: bob@example.org\n",
        "email: ada@example.org\nname: a\x00b\n",
        "email: ada@example.org\nname: \ud800\n",
        "email: [",
        "# nobody\n",
        "",
    ],
)
def test_what_is_not_one_good_document_of_the_person_is_refused(shelf: Shelf, text: str) -> None:
    shelf.put(ADA)
    before = source(shelf, ADA.email)
    with pytest.raises(PreferencesError):
        shelf.store.replace(KEY, text, expected=before)
    assert source(shelf, ADA.email) == before
    assert [one.preferences for one in shelf.store.read().documents] == [ADA]


def test_a_document_is_taken_away_and_its_neighbour_stays(shelf: Shelf) -> None:
    shelf.put(ADA)
    shelf.put(KEN)
    neighbour = source(shelf, KEN.email)
    shelf.store.remove(KEY, expected=source(shelf, ADA.email))
    assert shelf.store.source_of(KEY) is None
    assert source(shelf, KEN.email) == neighbour
    assert [one.preferences for one in shelf.store.read().documents] == [KEN]


def test_what_somebody_changed_meanwhile_is_not_taken_away(shelf: Shelf) -> None:
    shelf.put(ADA)
    before = source(shelf, ADA.email)
    with pytest.raises(PreferencesError, match=r"ada@example\.org"):
        shelf.store.remove(KEY, expected="email: ada@example.org\n# as it was once\n")
    assert source(shelf, ADA.email) == before


def test_a_broken_document_of_one_person_is_taken_away_as_well(shelf: Shelf) -> None:
    shelf.break_document(ADA.email)
    shelf.store.remove(KEY, expected=None)
    reading = shelf.store.read()
    assert (reading.documents, reading.problems, reading.broken) == ((), (), frozenset())


@pytest.mark.parametrize("expected", [None, "email: ada@example.org\n"])
def test_what_is_gone_already_stays_gone(shelf: Shelf, expected: str | None) -> None:
    shelf.put(KEN)
    shelf.store.remove(KEY, expected=expected)
    assert [one.preferences for one in shelf.store.read().documents] == [KEN]


def test_an_address_is_one_person_however_it_is_written(shelf: Shelf) -> None:
    shelf.put(ADA)
    assert shelf.store.source_of(KEY)
    with pytest.raises(PreferencesError, match=r"ada@example\.org"):
        shelf.store.replace(KEY, "email: ADA@EXAMPLE.ORG\n", expected=None)
    shelf.store.replace(KEY, "email: ADA@EXAMPLE.ORG\n", expected=source(shelf, ADA.email))
    (document,) = shelf.store.read().documents
    assert document.preferences.email == "ADA@EXAMPLE.ORG"


def source(shelf: Shelf, address: EmailAddress) -> str:
    found = shelf.store.source_of(address_key(address))
    assert found
    return found.text
