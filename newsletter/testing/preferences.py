"""A store of preferences in memory, for tests."""

from newsletter.model import (
    AddressKey,
    Document,
    EmailAddress,
    Preferences,
    PreferencesReading,
    Problem,
)
from newsletter.rules.addresses import address_key


class FakePreferencesStore:
    """Holds documents under their folded addresses (port PreferencesStore)."""

    def __init__(self, *preferences: Preferences) -> None:
        self._documents: dict[AddressKey, Document] = {}
        self._broken: dict[AddressKey, Problem] = {}
        self._unread: dict[str, Problem] = {}
        for one in preferences:
            self.put(one)

    def put(self, preferences: Preferences) -> None:
        """Write a document, in place of an earlier one or of a broken one."""
        key = address_key(preferences.email)
        self._broken.pop(key, None)
        text = f"email: {preferences.email}\n"
        self._documents[key] = Document(preferences, text, f"{preferences.email}.yaml:1")

    def break_document(self, address: EmailAddress) -> None:
        """Let the document of an address have a mistake from now on."""
        key = address_key(address)
        self._documents.pop(key, None)
        self._broken[key] = Problem(f"{address}.yaml", 2, 1, "sned", "unknown key")

    def remove(self, address: EmailAddress) -> None:
        """Delete the document of an address."""
        self._documents.pop(address_key(address), None)
        self._broken.pop(address_key(address), None)

    def spoil(self, file: str) -> None:
        """Let there be a file that cannot be read, whoever may stand in it."""
        self._unread[file] = Problem(file, 0, 0, "", "cannot be read")

    def mend(self, file: str) -> None:
        """Let a file that could not be read be gone."""
        self._unread.pop(file, None)

    def read(self) -> PreferencesReading:
        """Return what was put and not broken, in the order of the addresses."""
        return PreferencesReading(
            tuple(document for _, document in sorted(self._documents.items())),
            (
                *(problem for _, problem in sorted(self._broken.items())),
                *(problem for _, problem in sorted(self._unread.items())),
            ),
            frozenset(self._broken),
            frozenset(self._unread),
        )
