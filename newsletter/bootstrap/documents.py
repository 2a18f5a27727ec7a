"""Preferences documents as files: read from anywhere, written into the subscribers folder."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.errors import PreferencesError
from newsletter.model import PreferencesReading, Problem, Subscriber
from newsletter.preferences import DirectoryStore, parse_documents, show
from newsletter.rules.addresses import parse_address


def read_documents(room: Newsroom, paths: Sequence[Path]) -> PreferencesReading:
    """Read the documents at `paths`, files or folders; what is missing is a problem."""
    readings = [_read(room, path) for path in paths]
    return PreferencesReading(
        documents=tuple(document for one in readings for document in one.documents),
        problems=tuple(problem for one in readings for problem in one.problems),
        broken=frozenset(key for one in readings for key in one.broken),
    )


def take_in(room: Newsroom, paths: Sequence[Path]) -> tuple[Path, ...]:
    """Copy YAML files from outside the subscribers folder into it; return the copies.

    A file that is there under the same name already is left alone.
    """
    home = room.config.subscribers_path.resolve()
    taken = []
    for path in paths:
        found = sorted(path.rglob("*.y*ml")) if path.is_dir() else [path]
        for file in found:
            target = home / file.name
            if home in file.resolve().parents or target.exists():
                continue
            home.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            taken.append(target)
    return tuple(taken)


def add_document(room: Newsroom, address: str, name: str | None) -> Path:
    """Write a document with the newsletter's defaults for `address`; return its file.

    Raises AddressError for an address we cannot write to, PreferencesError when the file exists.
    """
    checked = parse_address(address)
    path = room.config.subscribers_path / f"{checked.replace('/', '_')}.yaml"
    lines = [f"email: {checked}"]
    if name:
        lines.append("name: " + "'" + name.replace("'", "''") + "'")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
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
    return path


def document_of(person: Subscriber) -> str:
    """Return the document in force with every default, or one line that says there is none."""
    if person.preferences is None:
        return f"# {person.address} has no document\n"
    return show(person.preferences)


def _read(room: Newsroom, path: Path) -> PreferencesReading:
    config = room.config
    around = (config.catalogue(), config.default_preferences())
    if path.is_dir():
        return DirectoryStore(path, *around).read()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(str(path), 0, 0, "", f"cannot be read ({error})")
        return PreferencesReading((), (problem,))
    return parse_documents(text, str(path), catalogue=around[0], defaults=around[1])
