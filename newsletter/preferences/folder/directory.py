"""Preferences documents in a folder: one file for one subscriber, or several."""

import os
import time
from collections.abc import Callable, Collection, Mapping
from operator import is_
from pathlib import Path
from typing import Final, NamedTuple

from newsletter.model import AddressKey, CatalogueTopic, Preferences, PreferencesReading, Problem
from newsletter.ports import DocumentSource
from newsletter.preferences.documents import merge
from newsletter.preferences.folder.files import DocumentFile, find_files, read_file
from newsletter.preferences.folder.many import read_many
from newsletter.preferences.folder.removing import remove_from
from newsletter.preferences.folder.writing import replace_in, source_in
from newsletter.preferences.schema.surroundings import Surroundings

_UNSETTLED_NS: Final = 2_000_000_000
"""Two writes within the resolution of a file system's clock look like one; the coarsest have 2 s."""


class _Kept(NamedTuple):
    """What stood in a file."""

    file: DocumentFile
    reading: PreferencesReading
    is_settled: bool
    """Whether an unchanged stamp tells that the file is unchanged, and there is nothing to retry."""


class DirectoryStore:
    """Reads `*.yaml` and `*.yml` below a folder (port PreferencesStore).

    Hidden files and folders are left alone, and so are an editor's back-ups, which end otherwise.
    Nothing outside the folder is read: links that lead out are problems. A file that did not
    change since the last look is not read again: what it said is kept as long as it is there.
    `now_ns` is the clock that sets the times of files.
    """

    def __init__(
        self,
        path: Path,
        catalogue: Mapping[str, CatalogueTopic],
        defaults: Preferences,
        *,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._path = path
        self._now_ns = now_ns
        self._around = Surroundings(catalogue, defaults)
        self._kept: dict[str, _Kept] = {}
        self._files: dict[str, DocumentFile] = {}
        self._is_settled = False
        self._parts: list[PreferencesReading] = []
        self._whole = PreferencesReading(())

    def read(self) -> PreferencesReading:
        """Return every valid document and every problem, in the order of the file names."""
        if not os.path.isdir(self._path):  # noqa: PTH112 (Path.is_dir raises below a closed folder)
            problem = Problem(self._path.name, 0, 0, "", *_no_folder(self._path))
            return PreferencesReading((), (problem,), unread=frozenset({self._path.name}))
        settled_before_ns = self._now_ns() - _UNSETTLED_NS
        files = list(find_files(self._path, self._files))
        if self._is_settled and _are_same(files, self._files.values()):
            return self._whole
        changed = [file for file in files if not self._is_kept(file)]
        read = zip(changed, read_many(changed, read_file, self._around), strict=True)
        fresh = {
            file.path: _Kept(file, reading, _is_settled(file, reading, settled_before_ns))
            for file, reading in read
        }
        self._kept = {file.path: fresh.get(file.path) or self._kept[file.path] for file in files}
        self._files = {file.path: file for file in files}
        self._is_settled = all(kept.is_settled for kept in self._kept.values())
        return self._joined([kept.reading for kept in self._kept.values()])

    def source_of(self, address: AddressKey) -> DocumentSource | None:
        """Return the document of a person as it is written now."""
        return source_in(self._path, self.read(), address)

    def replace(self, address: AddressKey, text: str, *, expected: str | None) -> None:
        """Write the document of a person in its place, or into a new file of its own."""
        there = self.read()
        replace_in(self._path, there, self._around, address, text, expected=expected)

    def remove(self, address: AddressKey, *, expected: str | None) -> None:
        """Take the document of a person out of its file, or delete the file that holds it alone."""
        remove_from(self._path, self.read(), address, expected=expected)

    def _is_kept(self, file: DocumentFile) -> bool:
        known = self._kept.get(file.path)
        return known is not None and known.is_settled and known.file.stamp == file.stamp

    def _joined(self, parts: list[PreferencesReading]) -> PreferencesReading:
        if not _are_same(parts, self._parts):
            self._parts, self._whole = parts, merge(parts)
        return self._whole


def _are_same(some: Collection[object], others: Collection[object]) -> bool:
    return len(some) == len(others) and all(map(is_, some, others))


def _is_settled(file: DocumentFile, reading: PreferencesReading, before_ns: int) -> bool:
    """What could not be read may be readable at the next look without having changed."""
    return file.stamp is not None and file.stamp.changed_ns < before_ns and not reading.unread


def _no_folder(path: Path) -> tuple[str, str]:
    message = f"there is no folder {path}"
    return message, "make it, or name another in config.yaml under subscribers"
