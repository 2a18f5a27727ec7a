"""Preferences documents as files: read from anywhere, written into the subscribers folder."""

import os
from collections.abc import Sequence
from pathlib import Path

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.errors import PreferencesError
from newsletter.model import AddressKey, PreferencesReading, Subscriber
from newsletter.preferences import (
    Surroundings,
    TakenIn,
    document_file_name,
    parse_documents,
    read_paths,
    show,
    take_in_files,
)
from newsletter.rules.addresses import address_key, parse_address


def read_documents(room: Newsroom, paths: Sequence[Path]) -> PreferencesReading:
    """Read the documents at `paths`, files or folders; what is missing is a problem."""
    return read_paths(paths, _around(room))


def take_in(room: Newsroom, paths: Sequence[Path]) -> TakenIn:
    """Copy files from outside the subscribers folder into it; nothing there is replaced.

    The documents of the result stand in the folder now: vouch for those, not for what stayed out.
    """
    there = room.preferences.read()
    return take_in_files(paths, room.config.subscribers_path, there, _around(room))


def add_document(room: Newsroom, address: str, name: str | None) -> Path:
    """Write a document with the newsletter's defaults for `address`; return its file.

    Raises AddressError for an address we cannot write to, PreferencesError for a name that no
    document can hold, and when the person has a document or the file exists.
    """
    checked = parse_address(address)
    path = room.config.subscribers_path / document_file_name(checked)
    lines = [f"email: {checked}"]
    if name:
        lines.append("name: " + "'" + name.replace("'", "''") + "'")
    text = "\n".join(lines) + "\n"
    _refuse_unreadable(room, path, text)
    _refuse_second(room, address_key(checked))
    _write(path, text)
    return path


def document_of(person: Subscriber) -> str:
    """Return the document in force with every default, or one line that says there is none."""
    if person.preferences is None:
        return f"# {person.address} has no document\n"
    return show(person.preferences)


def _around(room: Newsroom) -> Surroundings:
    return Surroundings(room.config.catalogue(), room.config.default_preferences())


def _refuse_unreadable(room: Newsroom, path: Path, text: str) -> None:
    around = _around(room)
    reading = parse_documents(text, path.name, catalogue=around.catalogue, defaults=around.defaults)
    if reading.problems or len(reading.documents) != 1:
        said = "\n".join(map(str, reading.problems)) or f"{path.name}: this is no document"
        raise PreferencesError(said)


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
        with path.open("x", encoding="utf-8") as file:
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
