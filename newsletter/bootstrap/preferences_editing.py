"""One person's preferences: what is in force, what is written, and what a change would mean."""

from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.bootstrap.document_stores import surroundings_of
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.config import load_config
from newsletter.errors import PreferencesError, UnknownSubscriberError
from newsletter.model import (
    AddressKey,
    Document,
    Preferences,
    PreferencesReading,
    Problem,
    Slot,
    Subscriber,
    Topic,
)
from newsletter.ports import DocumentSource
from newsletter.preferences import (
    Schema,
    change_document,
    document_schema,
    parse_documents,
    read_changed,
    read_paths,
)
from newsletter.rules.addresses import address_key, parse_address
from newsletter.rules.planning import choose_topics
from newsletter.rules.planning import coming_slots as slots_of


@dataclass(frozen=True, slots=True)
class Account:
    """A person as the database and the documents know them now.

    `person` is None for somebody whose document nobody has looked at yet; `written` is the document
    as it stands, `valid` what it says when it has no mistake.
    """

    key: AddressKey
    person: Subscriber | None
    written: DocumentSource | None
    valid: Preferences | None
    problems: tuple[Problem, ...] = ()

    @property
    def in_force(self) -> Preferences | None:
        """What letters are made from now: the last good document that was taken over."""
        return self.person.preferences if self.person else None

    @property
    def preferences(self) -> Preferences | None:
        """What letters are made from at the next look: the document, or the last good one."""
        return self.valid or self.in_force


def account_of(room: Newsroom, address: str) -> Account:
    """Return the account of an address; nothing is changed by looking.

    Raises AddressError, and UnknownSubscriberError for an address without person and document.
    """
    key = address_key(parse_address(address))
    written = room.preferences.source_of(key)
    person = room.subscribers.find(key)
    if written is None and person is None:
        message = f"{address}: there is no such subscriber, and no document of this address"
        raise UnknownSubscriberError(f"{message}; `newsletter subscribers add {address}` makes one")
    if written is None:
        return Account(key, person, None, None)
    reading = parse_part(room, written)
    valid = reading.documents[0].preferences if reading.documents else None
    return Account(key, person, written, valid, reading.problems)


def parse_part(room: Newsroom, source: DocumentSource) -> PreferencesReading:
    """Read a document as it is written; lines of its problems count in its file."""
    around = surroundings_of(room.config)
    file, _, line = source.place.rpartition(":")
    reading = parse_documents(
        source.text, file, catalogue=around.catalogue, defaults=around.defaults
    )
    shift = _first_line(source, int(line)) - 1
    problems = tuple(
        replace(one, line=one.line + shift if one.line else 0) for one in reading.problems
    )
    return replace(reading, problems=problems)


def _first_line(source: DocumentSource, line: int) -> int:
    """Return the line on which the text begins; its place is that of the first key."""
    before = 0
    for written in source.text.splitlines():
        if written.strip() and not written.lstrip().startswith("#"):
            break
        before += 1
    return max(line - before, 1)


def checked(room: Newsroom, key: AddressKey, text: str) -> Preferences | tuple[Problem, ...]:
    """Return what `text` says as the document of a person, or every problem; write nothing."""
    return read_changed(surroundings_of(room.config), key, text)


def write_document(
    room: Newsroom, key: AddressKey, text: str, *, expected: str | None
) -> Preferences:
    """Write `text` in the place of the document, and put it into force if the person is known.

    Raises PreferencesError with every problem of the text, and when something else than `expected`
    stands there now; then nothing is changed.
    """
    preferences = checked(room, key, text)
    if not isinstance(preferences, Preferences):
        raise PreferencesError("\n".join(map(str, preferences)))
    room.preferences.replace(key, text, expected=expected)
    _adopt(room, key, preferences)
    return preferences


def receive_document(
    room: Newsroom, address: AddressKey, text: str
) -> Preferences | tuple[Problem, ...]:
    """Write a document that came from its person by mail or page; see `change_document`."""
    around = surroundings_of(room.config)
    preferences = change_document(room.preferences, around, address, text)
    if isinstance(preferences, Preferences):
        _adopt(room, address, preferences)
    return preferences


def _adopt(room: Newsroom, key: AddressKey, preferences: Preferences) -> None:
    source = room.preferences.source_of(key)
    if source:
        document = Document(preferences, source.text, source.place)
        room.subscribers.adopt([document], now=room.clock.now())


def coming_slots(
    room: Newsroom, person: Subscriber | None, preferences: Preferences | None, *, count: int = 3
) -> tuple[Slot, ...]:
    """Return the slots in which letters come next; none for who gets none.

    Where the cadence is another than the one in force, it counts from now, as it will when it is
    taken over.
    """
    if preferences is None or person is None:
        return ()
    now = room.clock.now()
    is_same = person.preferences is not None and person.preferences.cadence == preferences.cadence
    since = person.cadence_since_at if is_same else now
    changed = replace(person, preferences=preferences, cadence_since_at=since)
    standing = room.ledger.marks([person.id])[person.id]
    return slots_of(changed, standing, now=now, count=count)


def topics_of(room: Newsroom, preferences: Preferences) -> tuple[Topic, ...]:
    """Return the topics that hold: the person's own, else the default ones of the catalogue."""
    return choose_topics(preferences, room.default_topics)


def check_documents(path: Path, files: tuple[Path, ...], text: bytes | None) -> PreferencesReading:
    """Check documents in files and folders, and `text` where it is given (standard input)."""
    around = surroundings_of(load_config(path))
    reading = read_paths(files, around)
    if text is None:
        return reading
    name = "standard input"
    try:
        decoded = text.decode()
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        problem = Problem(name, line, 0, "", "is not UTF-8; save it with that encoding")
        return replace(reading, problems=(*reading.problems, problem))
    more = parse_documents(decoded, name, catalogue=around.catalogue, defaults=around.defaults)
    return PreferencesReading(
        (*reading.documents, *more.documents), (*reading.problems, *more.problems)
    )


def schema_for(path: Path) -> Schema:
    """Return the JSON Schema; with the catalogue's names where there is a config at `path`."""
    if not path.exists():
        return document_schema()
    return document_schema(load_config(path).catalogue())
