"""A broken document is one person's where that is certain; else its file counts as unread."""

import pytest

from newsletter.model import EmailAddress, Preferences, PreferencesReading
from newsletter.preferences import UNNAMED, parse_documents
from newsletter.rules.addresses import address_key


def read(text: str) -> PreferencesReading:
    return parse_documents(text, "a.yaml", catalogue={}, defaults=Preferences(email=UNNAMED))


@pytest.mark.parametrize(
    "text",
    [
        "emial: ada@example.org\n",
        "name: Ada\n",
        "email: ada at example.org\n",
        "email: [ada@example.org]\n",
        "- email: ada@example.org\n",
        "{email: ada@example.org, sned: x}: [\n",
        "  email: ada@example.org\n broken: [\n",
        "email: ada@example.org\nname: A\nemail: ken@example.net\n",
        "email: ada@example.org\nname: A\nemial: ken@example.net\n",
        "email: ada@example.org\nname: [\nemial: xada@example.org\n",
    ],
)
def test_a_broken_document_that_may_be_anybodys_leaves_its_file_unread(text: str) -> None:
    reading = read(text)
    assert reading.documents == ()
    assert reading.problems
    assert reading.unread == {"a.yaml"}


@pytest.mark.parametrize(
    "text",
    [
        "email: ada@example.org\nsned: x\n",
        "email: ada@example.org\nbroken: [\n",
        "# <ada@example.org>\nemail: 'ada@example.org'\nbroken: [\n",
        "{email: ada@example.org, sned: x}\n",
    ],
)
def test_a_broken_document_that_names_one_person_alone_is_that_persons(text: str) -> None:
    reading = read(text)
    assert reading.problems
    assert reading.broken == {address_key(EmailAddress("ada@example.org"))}
    assert reading.unread == frozenset()
