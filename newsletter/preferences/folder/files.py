"""Which files of a folder are documents, and what stands in one of them."""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from newsletter.model import PreferencesReading, Problem
from newsletter.preferences.documents import read_text, readable_address
from newsletter.preferences.folder.file_names import (
    DOCUMENT_SUFFIXES,
    is_document_name,
    named_person,
)
from newsletter.preferences.schema.surroundings import Surroundings
from newsletter.preferences.yaml_text.decoding import Undecodable, decode

_LARGEST_FILE_BYTES: Final = 8 * 1024 * 1024
"""Read and decoded it takes five times that where one letter beyond the first plane is in it."""
_GONE: Final = "was renamed or deleted just now; the next look tells which"
"""Its person may stand under another name that this look has passed already."""
_NAME: Final = attrgetter("name")


class Stamp(NamedTuple):
    """What is another when a file was written anew."""

    inode: int
    size_bytes: int
    modified_ns: int
    changed_ns: int
    """Set by the kernel alone, so that a restored modification time hides nothing."""


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A file that is read, or something in its place that is not, for `obstacle`."""

    path: str
    shown: str
    """As people name it: `subscribers/ada@example.org.yaml`."""
    stamp: Stamp | None = None
    """None for a link, which tells nothing of what it leads to."""
    obstacle: str = ""


def find_files(
    folder: Path, known: Mapping[str, DocumentFile] = MappingProxyType({})
) -> Iterator[DocumentFile]:
    """Yield the documents below `folder`, those of a folder before those of its sub-folders.

    Hidden files and folders are left out, and so is what does not end in .yaml or .yml. Links are
    followed to files below `folder` alone. What cannot be looked at comes with its obstacle. What
    is as it was in `known`, by path, comes as the same object.
    """
    root = os.path.realpath(folder)
    waiting = [(root, folder.name)]
    while waiting:
        place, shown = waiting.pop()
        found = []
        try:
            with os.scandir(place) as entries:
                visible = sorted(entries, key=_NAME)
        except OSError as error:
            yield DocumentFile(place, shown, obstacle=cannot_read(error))
            continue
        for entry in visible:
            name = entry.name
            if name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                found.append((entry.path, _inside(shown, name)))
            elif entry.is_symlink():
                yield from _look_at_link(entry, _inside(shown, name), root)
            elif name.endswith(DOCUMENT_SUFFIXES):
                yield _look(entry, shown, known.get(entry.path))
        waiting.extend(reversed(found))


def _look(entry: os.DirEntry[str], folder: str, known: DocumentFile | None) -> DocumentFile:
    try:
        stamp = stamp_of(entry.stat(follow_symlinks=False))
    except FileNotFoundError:
        return DocumentFile(entry.path, _inside(folder, entry.name), obstacle=_GONE)
    except OSError as error:
        return DocumentFile(entry.path, _inside(folder, entry.name), obstacle=cannot_read(error))
    if known and known.stamp == stamp:
        return known
    return DocumentFile(entry.path, _inside(folder, entry.name), stamp)


def _look_at_link(entry: os.DirEntry[str], shown: str, root: str) -> Iterator[DocumentFile]:
    try:
        if entry.is_dir():
            message = "is a link to a folder, which is not followed"
            yield DocumentFile(entry.path, shown, obstacle=message)
        elif is_document_name(entry.name):
            is_inside = _leads_into(Path(entry.path), root)
            outside = "is a link out of the folder, which is not followed"
            yield DocumentFile(entry.path, shown, obstacle="" if is_inside else outside)
    except OSError as error:
        yield DocumentFile(entry.path, shown, obstacle=cannot_read(error))


def _inside(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def stamp_of(status: os.stat_result) -> Stamp:
    """Return what tells whether a file changed since."""
    return Stamp(status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def read_file(file: DocumentFile, around: Surroundings) -> PreferencesReading:
    """Return what stands in a file. One that cannot be read, or is empty, is a problem and unread.

    An empty file is one that an editor or a copy has just begun as often as one that was meant.
    """
    octets = file.obstacle or _read_octets(file)
    if isinstance(octets, str):
        return unread(file, octets)
    text = decode(octets)
    if isinstance(text, Undecodable):
        return unread(file, text.message, text.line)
    if not text.removeprefix("\ufeff").strip():
        return unread(file, "is empty; delete it to stop the letters")
    return read_text(text, file.shown, around)


def unread(file: DocumentFile, message: str, line: int = 0) -> PreferencesReading:
    """Return the reading of a file that tells nothing.

    It is often named for its person, but who else stands in it cannot be known.
    """
    return PreferencesReading(
        documents=(),
        problems=(Problem(file.shown, line, 0, "", message),),
        broken=readable_address(named_person(Path(file.path).stem)),
        unread=frozenset({file.shown}),
    )


def cannot_read(error: OSError) -> str:
    """Say why a file or a folder is not read, and what to do."""
    return f"cannot be read ({error.strerror}); let the program's user read it"


def _read_octets(file: DocumentFile) -> bytes | str:
    """Return what stands in a file, or why that cannot be told now."""
    try:
        # Not to wait for whoever writes into a pipe.
        handle = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as opened:  # noqa: PTH123 (a handle is no path)
            before = os.fstat(handle)
            if not stat.S_ISREG(before.st_mode):
                return "is no file"
            if before.st_size > _LARGEST_FILE_BYTES:
                return f"is larger than {_LARGEST_FILE_BYTES:,} bytes"
            octets = opened.read(_LARGEST_FILE_BYTES)
            after = os.fstat(handle)
    except OSError as error:
        is_gone = file.stamp and isinstance(error, FileNotFoundError)
        return _GONE if is_gone else cannot_read(error)
    if stamp_of(before) != stamp_of(after) or len(octets) != after.st_size:
        return "is being written; it is read at the next look"
    return octets


def _leads_into(path: Path, root: str) -> bool:
    """Whether a link ends inside `root`; one that leads in a circle ends nowhere."""
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # Python before 3.13 raises RuntimeError for a circle
        return False
