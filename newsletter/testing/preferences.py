"""A store of preferences in memory, for tests."""

from collections.abc import Callable

from newsletter.errors import PreferencesError
from newsletter.model import (
    AddressKey,
    Document,
    EmailAddress,
    Preferences,
    PreferencesReading,
    Problem,
)
from newsletter.ports import DocumentSource
from newsletter.rules.addresses import address_key

ReadText = Callable[[str, str], PreferencesReading]
"""Reads one text, beside the name that its problems give to it."""


def read_address_alone(text: str, file: str) -> PreferencesReading:
    """Read a document that says `email: ADDRESS` and nothing else."""
    key, _, address = text.strip().partition(": ")
    if key != "email" or not address or "\n" in address:
        return PreferencesReading((), (Problem(file, 1, 1, "", "is not understood by this fake"),))
    document = Document(Preferences(EmailAddress(address)), text, f"{file}:1")
    return PreferencesReading((document,))


class FakePreferencesStore:
    """Holds documents under their folded addresses (port PreferencesStore).

    `read_text` reads what `replace` is given.
    """

    def __init__(self, *preferences: Preferences, read_text: ReadText = read_address_alone) -> None:
        self._read_text = read_text
        self._documents: dict[AddressKey, Document] = {}
        self._broken: dict[AddressKey, tuple[Problem, str]] = {}
        self._unread: dict[str, Problem] = {}
        for one in preferences:
            self.put(one)

    def put(self, preferences: Preferences) -> None:
        """Write a document, in place of an earlier one or of a broken one."""
        text = f"email: {preferences.email}\n"
        self._put(Document(preferences, text, f"{preferences.email}.yaml:1"))

    def break_document(self, address: EmailAddress) -> None:
        """Let the document of an address have a mistake from now on."""
        key = address_key(address)
        self._documents.pop(key, None)
        problem = Problem(f"{address}.yaml", 2, 1, "sned", "unknown key")
        self._broken[key] = (problem, f"email: {address}\nsned: {{every: day}}\n")

    def remove(self, address: EmailAddress | AddressKey, *, expected: str | None = None) -> None:
        """Delete the document of an address, unless another one stands there now."""
        key = AddressKey(address.casefold())
        present = self.source_of(key)
        if present and expected not in (None, present.text):
            raise PreferencesError(f"{key}.yaml: was changed meanwhile; look at it again")
        self._documents.pop(key, None)
        self._broken.pop(key, None)

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
                *(problem for _, (problem, _) in sorted(self._broken.items())),
                *(problem for _, problem in sorted(self._unread.items())),
            ),
            frozenset(self._broken),
            frozenset(self._unread),
        )

    def source_of(self, address: AddressKey) -> DocumentSource | None:
        """Return the document of a person as written, good or broken."""
        if document := self._documents.get(address):
            return DocumentSource(document.text, document.place)
        if address in self._broken:
            problem, text = self._broken[address]
            return DocumentSource(text, f"{problem.file}:1")
        return None

    def replace(self, address: AddressKey, text: str, *, expected: str | None) -> None:
        """Write the document of a person, unless it is broken or another one stands there now."""
        reading = self._read_text(text, f"{address}.yaml")
        if reading.problems:
            raise PreferencesError("\n".join(map(str, reading.problems)))
        if [address_key(one.preferences.email) for one in reading.documents] != [address]:
            raise PreferencesError(f"{address}.yaml: is not one document of {address}")
        present = self.source_of(address)
        if (present.text if present else None) != expected:
            raise PreferencesError(f"{address}.yaml: was changed meanwhile; look at it again")
        self._put(reading.documents[0])

    def _put(self, document: Document) -> None:
        key = address_key(document.preferences.email)
        self._broken.pop(key, None)
        self._documents[key] = document
