"""What changes nothing writes nothing: it goes on while another program writes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.errors import StorageError
from newsletter.model import AddressKey, Document, EmailAddress, Preferences, SubscriptionEvent
from newsletter.storage import Database, Subscribers, open_database
from newsletter.testing.plans import FIRST_SLOT_AT

NOW = FIRST_SLOT_AT
ADA = Document(Preferences(EmailAddress("ada@example.org"), name="Ada"), "", "ada.yaml:1")
BOB = Document(Preferences(EmailAddress("bob@example.org")), "", "bob.yaml:1")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path}/news.db", patience=timedelta(0))
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def subscribers(database: Database) -> Subscribers:
    store = Subscribers(database)
    for document in (ADA, BOB):
        address = document.preferences.email
        store.apply(address, SubscriptionEvent.VOUCH, now=NOW, statement="They asked.")
    store.adopt([ADA, BOB], now=NOW)
    return store


def test_documents_in_force_already_are_adopted_without_a_write(
    database: Database, subscribers: Subscribers
) -> None:
    stranger = Document(Preferences(EmailAddress("eve@example.org")), "", "eve.yaml:1")
    before = list(subscribers.all())
    with database.writing():
        subscribers.adopt([ADA, BOB, stranger], now=NOW + timedelta(days=1))
    assert list(subscribers.all()) == before


def test_a_changed_document_is_written(database: Database, subscribers: Subscribers) -> None:
    changed = replace(ADA, preferences=replace(ADA.preferences, at_most=3))
    with database.writing(), pytest.raises(StorageError, match="another program"):
        subscribers.adopt([changed, BOB], now=NOW)

    subscribers.adopt([changed, BOB], now=NOW)

    assert [person.preferences for person in subscribers.all()] == [
        changed.preferences,
        BOB.preferences,
    ]


def test_a_document_taken_out_of_force_comes_back(subscribers: Subscribers) -> None:
    subscribers.disown([AddressKey("ada@example.org")])
    subscribers.adopt([ADA, BOB], now=NOW)
    assert [person.preferences for person in subscribers.all()] == [
        ADA.preferences,
        BOB.preferences,
    ]


def test_nobody_is_disowned_without_a_write(database: Database, subscribers: Subscribers) -> None:
    with database.writing():
        subscribers.disown(())
