"""Preferences documents: taken in from files, written anew, written out."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from newsletter.bootstrap.document_stores import surroundings_of
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.errors import PreferencesError
from newsletter.model import AddressKey, Document, PreferencesReading, Subscriber
from newsletter.preferences import (
    Surroundings,
    TakenIn,
    document_file_name,
    merge_into,
    parse_documents,
    read_paths,
    show,
    take_in_files,
)
from newsletter.rules.addresses import address_key, parse_address
from newsletter.storage import Documents
from newsletter.workflows import as_documented, find_subscriber


def documented(room: Newsroom, address: str) -> Subscriber:
    """Return the subscriber with that address as the documents say now; nothing is adopted.

    Raises AddressError, UnknownSubscriberError.
    """
    person = find_subscriber(address, room.subscribers)
    return as_documented(person, room.preferences.read(), now=room.clock.now())


def read_documents(room: Newsroom, paths: Sequence[Path]) -> PreferencesReading:
    """Read the documents at `paths`, files or folders; what is missing is a problem."""
    return read_paths(paths, _around(room))


def take_in(room: Newsroom, paths: Sequence[Path]) -> TakenIn:
    """Take documents from outside into the subscribers folder or the database; none is replaced.

    The documents of the result stand there now: vouch for those, not for what stayed out.
    """
    there = room.preferences.read()
    if not isinstance(room.preferences, Documents):
        return take_in_files(paths, room.config.subscribers_path, there, _around(room))
    taken, fresh = merge_into(there, read_documents(room, paths))
    room.preferences.put_all(fresh)
    return taken


def add_document(room: Newsroom, address: str, name: str | None) -> Document:
    """Write a document with the newsletter's defaults for `address` and return it.

    Raises AddressError for an address we cannot write to, PreferencesError for a name that no
    document can hold, and when the person has a document or the file exists.
    """
    checked = parse_address(address)
    lines = [f"email: {checked}"]
    if name:
        lines.append("name: " + "'" + name.replace("'", "''") + "'")
    text = "\n".join(lines) + "\n"
    document = _readable(room, document_file_name(checked), text)
    _refuse_second(room, address_key(checked))
    if isinstance(room.preferences, Documents):
        room.preferences.replace(address_key(checked), text, expected=None)
        return replace(document, place=f"database/{checked}:1")
    path = room.config.subscribers_path / document_file_name(checked)
    _write(path, text)
    return replace(document, place=f"{path}:1")


def write_out(room: Newsroom) -> tuple[dict[AddressKey, str], PreferencesReading]:
    """Return the text of every document in force by address, and what the store says now.

    As written, comments and all; written anew where what is in force stands nowhere any more,
    because somebody broke or lost it since.
    """
    reading = room.preferences.read()
    written = {address_key(one.preferences.email): one for one in reading.documents}
    texts = {}
    for person in room.subscribers.all():
        key = address_key(person.address)
        one = written.get(key)
        if person.preferences is not None:
            is_same = one is not None and one.preferences == person.preferences
            texts[key] = one.text if one and is_same else show(person.preferences)
    return texts, reading


def write_files(texts: Mapping[AddressKey, str], folder: Path) -> None:
    """Write one file for each person into `folder`, every byte as it is.

    Raises PreferencesError, and writes nothing, when one of them is there already.
    """
    files = {folder / document_file_name(key): text for key, text in texts.items()}
    if taken := next((path for path in files if path.exists()), None):
        message = f"{taken}: is there already; name an empty folder"
        raise PreferencesError(message)
    for path, text in files.items():
        _write(path, text)


def document_of(person: Subscriber) -> str:
    """Return the document in force with every default, or one line that says there is none."""
    if person.preferences is None:
        return f"# {person.address} has no document\n"
    return show(person.preferences)


def _around(room: Newsroom) -> Surroundings:
    return surroundings_of(room.config)


def _readable(room: Newsroom, name: str, text: str) -> Document:
    around = _around(room)
    reading = parse_documents(text, name, catalogue=around.catalogue, defaults=around.defaults)
    if reading.problems or len(reading.documents) != 1:
        said = "\n".join(map(str, reading.problems)) or f"{name}: this is no document"
        raise PreferencesError(said)
    return reading.documents[0]


def _refuse_second(room: Newsroom, key: AddressKey) -> None:
    """Two documents of one person would put both out of force."""
    reading = room.preferences.read()
    for one in reading.documents:
        if address_key(one.preferences.email) == key:
            message = f"{one.place}: is a document of {key} already"
            raise PreferencesError(f"{message}; edit it, or vouch for it with `import`")
    if key in reading.broken:
        message = (
            f"there is a document of {key} already, with a mistake; `newsletter check` names it"
        )
        raise PreferencesError(message)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        message = f"{path}: there is a document already; edit it, or vouch for it with `import`"
        raise PreferencesError(message) from error
    except OSError as error:
        message = (
            f"{path}: cannot be written ({error.strerror}); let the program's user write there"
        )
        raise PreferencesError(message) from error
