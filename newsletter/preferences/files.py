"""Which files of a folder are documents, and what stands in one of them."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from newsletter.model import PreferencesReading, Problem
from newsletter.preferences.documents import read_text, readable_address
from newsletter.preferences.file_names import is_document_name, named_person
from newsletter.preferences.surroundings import Surroundings

_LARGEST_FILE_BYTES: Final = 32 * 1024 * 1024


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


def find_files(folder: Path) -> Iterator[DocumentFile]:
    """Yield the documents below `folder`, those of a folder before those of its sub-folders.

    Hidden files and folders are left out, and so is what does not end in .yaml or .yml. Links are
    followed to files below `folder` alone. What cannot be looked at comes with its obstacle.
    """
    root = os.path.realpath(folder)
    waiting = [(root, folder.name)]
    while waiting:
        place, shown = waiting.pop()
        found = []
        try:
            with os.scandir(place) as entries:
                visible = sorted(
                    (entry for entry in entries if not entry.name.startswith(".")),
                    key=lambda entry: entry.name,
                )
        except OSError as error:
            yield DocumentFile(place, shown, obstacle=cannot_read(error))
            continue
        for entry in visible:
            name = f"{shown}/{entry.name}" if shown else entry.name
            if entry.is_dir(follow_symlinks=False):
                found.append((entry.path, name))
            elif is_document_name(entry.name) or entry.is_symlink():
                yield from _look(entry, name, root)
        waiting.extend(reversed(found))


def _look(entry: os.DirEntry[str], shown: str, root: str) -> Iterator[DocumentFile]:
    try:
        if not entry.is_symlink():
            yield DocumentFile(entry.path, shown, stamp_of(entry.stat(follow_symlinks=False)))
        elif entry.is_dir():
            message = "is a link to a folder, which is not followed"
            yield DocumentFile(entry.path, shown, obstacle=message)
        elif is_document_name(entry.name):
            is_inside = _leads_into(Path(entry.path), root)
            outside = "is a link out of the folder, which is not followed"
            yield DocumentFile(entry.path, shown, obstacle="" if is_inside else outside)
    except OSError as error:
        yield DocumentFile(entry.path, shown, obstacle=cannot_read(error))


def stamp_of(status: os.stat_result) -> Stamp:
    """Return what tells whether a file changed since."""
    return Stamp(status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def read_file(file: DocumentFile, around: Surroundings) -> PreferencesReading:
    """Return what stands in a file. One that cannot be read, or is empty, is a problem and unread.

    An empty file is one that an editor or a copy has just begun as often as one that was meant.
    """
    octets = file.obstacle or _read_octets(file.path)
    if isinstance(octets, str):
        return unread(file, octets)
    try:
        text = octets.decode()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return unread(file, "is not UTF-8; save it with that encoding", line)
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


def _read_octets(path: str) -> bytes | str:
    """Return what stands in a file, or why that cannot be told now."""
    try:
        # Not to wait for whoever writes into a pipe.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as opened:  # noqa: PTH123 (a handle is no path)
            before = os.fstat(handle)
            if not stat.S_ISREG(before.st_mode):
                return "is no file"
            if before.st_size > _LARGEST_FILE_BYTES:
                return f"is larger than {_LARGEST_FILE_BYTES:,} bytes"
            octets = opened.read(_LARGEST_FILE_BYTES)
            after = os.fstat(handle)
    except OSError as error:
        return cannot_read(error)
    if stamp_of(before) != stamp_of(after) or len(octets) != after.st_size:
        return "is being written; it is read at the next look"
    return octets


def _leads_into(path: Path, root: str) -> bool:
    """Whether a link ends inside `root`; one that leads in a circle ends nowhere."""
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # Python before 3.13 raises RuntimeError for a circle
        return False
