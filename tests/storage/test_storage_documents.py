"""Documents in the database: what is read again, what two programs see, what goes with a person."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from newsletter.errors import PreferencesError
from newsletter.model import (
    AddressKey,
    Document,
    EmailAddress,
    Preferences,
    PreferencesReading,
    SubscriptionEvent,
)
from newsletter.storage import Database, Documents, Subscribers
from newsletter.testing.preferences import read_address_alone

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
ADA = AddressKey("ada@example.org")
BOB = AddressKey("bob@example.org")


class Reader:
    """Reads texts as the fake does, and counts them."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, parts: Sequence[tuple[str, str]]) -> Sequence[PreferencesReading]:
        self.read.extend(text for text, _ in parts)
        return [read_address_alone(text, file) for text, file in parts]


@pytest.fixture
def database(any_database: Database) -> Database:
    return any_database


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def documents(database: Database, reader: Reader) -> Documents:
    store = Documents(database, reader)
    for key in (ADA, BOB):
        store.replace(key, f"email: {key}\n", expected=None)
    return store


def addresses(documents: Documents) -> list[str]:
    return [one.preferences.email for one in documents.read().documents]


def test_only_what_changed_is_read_again(documents: Documents, reader: Reader) -> None:
    first = documents.read()
    reader.read.clear()
    assert documents.read() is first
    assert reader.read == []
    documents.replace(BOB, "email: Bob@example.org\n", expected="email: bob@example.org\n")
    reader.read.clear()
    second = documents.read()
    assert reader.read == ["email: Bob@example.org\n"]
    assert second.documents[0] is first.documents[0]


def test_another_program_s_changes_are_seen(documents: Documents, database: Database) -> None:
    elsewhere = Documents(database, Reader())
    assert addresses(documents) == addresses(elsewhere) == [ADA, BOB]
    before = elsewhere.last_change()
    documents.remove(ADA, expected=None)
    assert elsewhere.last_change() > before
    assert addresses(elsewhere) == [BOB]
    elsewhere.replace(ADA, "email: ADA@example.org\n", expected=None)
    assert addresses(documents) == ["ADA@example.org", BOB]


def test_removing_nobody_is_no_change(documents: Documents) -> None:
    before = documents.last_change()
    documents.remove(AddressKey("nobody@example.org"), expected=None)
    assert documents.last_change() == before


def test_of_two_who_change_the_same_the_second_is_told(
    documents: Documents, database: Database
) -> None:
    seen = documents.source_of(ADA)
    assert seen
    Documents(database, Reader()).replace(ADA, "email: ADA@example.org\n", expected=seen.text)
    with pytest.raises(PreferencesError, match="changed meanwhile; look at it again"):
        documents.replace(ADA, "email: Ada@example.org\n", expected=seen.text)
    assert addresses(documents) == ["ADA@example.org", BOB]


def test_many_documents_are_written_at_once(documents: Documents) -> None:
    people = [EmailAddress(f"reader{number}@example.org") for number in range(2500)]
    documents.put_all(Document(Preferences(one), f"email: {one}\n", "a.yaml:1") for one in people)
    assert len(addresses(documents)) == 2502
    documents.put_all([Document(Preferences(people[0]), "email: READER0@example.org\n", "")])
    assert len(addresses(documents)) == 2502
    assert "READER0@example.org" in addresses(documents)


def test_who_is_erased_leaves_no_document_and_every_reader_notices(
    documents: Documents, database: Database
) -> None:
    people = Subscribers(database)
    people.apply(EmailAddress(ADA), SubscriptionEvent.VOUCH, now=NOW, statement="a test")
    assert addresses(documents) == [ADA, BOB]
    people.apply(EmailAddress(ADA), SubscriptionEvent.ERASE, now=NOW, statement="a test")
    assert documents.source_of(ADA) is None
    assert addresses(documents) == [BOB]


def test_the_place_of_a_text_is_that_of_its_first_key(documents: Documents) -> None:
    source = documents.source_of(ADA)
    assert source
    assert source.place == "database/ada@example.org:1"
