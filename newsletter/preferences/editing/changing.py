"""A document that came back from its person, by mail or from a page."""

from newsletter.model import AddressKey, Preferences, Problem
from newsletter.ports import PreferencesStore
from newsletter.preferences.documents import read_text
from newsletter.preferences.schema.surroundings import Surroundings
from newsletter.preferences.yaml_text.nodes import MappingNode
from newsletter.preferences.yaml_text.reader import read_yaml
from newsletter.rules.addresses import address_key

_NAME = "your preferences"


def change_document(
    store: PreferencesStore, around: Surroundings, address: AddressKey, text: str
) -> Preferences | tuple[Problem, ...]:
    """Write `text` as the document of `address`; return the preferences, or every problem.

    The `email` cannot be changed this way: who can write a mail in somebody's name must not be able
    to move the letters elsewhere. Lines of the problems count in `text`. Raises PreferencesError
    when the document cannot be written now, or was changed by somebody else at the same moment.
    """
    preferences = read_changed(around, address, text)
    if isinstance(preferences, Preferences):
        source = store.source_of(address)
        if source is None or source.text != text:
            store.replace(address, text, expected=source.text if source else None)
    return preferences


def read_changed(
    around: Surroundings, address: AddressKey, text: str
) -> Preferences | tuple[Problem, ...]:
    """Return what `text` says, as the document of `address`, or every problem; write nothing."""
    reading = read_text(text, _NAME, around)
    if reading.problems:
        return reading.problems
    if len(reading.documents) != 1:
        count = len(reading.documents)
        message = f"needs to be one document, not {count}"
        return (Problem(_NAME, 0, 0, "", message, f"begin it with email: {address}"),)
    preferences = reading.documents[0].preferences
    if address_key(preferences.email) != address:
        return (_other_address(reading.documents[0].text, address),)
    return preferences


def _other_address(text: str, address: AddressKey) -> Problem:
    node = read_yaml(text, _NAME)
    email = node.get("email") if isinstance(node, MappingNode) else None
    line, column = (email.line, email.column) if email else (0, 0)
    remedy = f"write {address}; a new address subscribes for itself"
    return Problem(_NAME, line, column, "email", "cannot be changed here", remedy)
