"""Preferences documents in a folder: one file for one subscriber, or several."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import is_
from pathlib import Path
from typing import Final

from newsletter.model import CatalogueTopic, Preferences, PreferencesReading, Problem
from newsletter.preferences.documents import merge
from newsletter.preferences.files import DocumentFile, Stamp, find_files, read_file
from newsletter.preferences.surroundings import Surroundings

_UNSETTLED_NS: Final = 2_000_000_000
"""Two writes within the resolution of a file system's clock look like one; the coarsest have 2 s."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What stood in a file when it had this stamp."""

    stamp: Stamp
    reading: PreferencesReading


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
        self._parts: list[PreferencesReading] = []
        self._whole = PreferencesReading(())

    def read(self) -> PreferencesReading:
        """Return every valid document and every problem, in the order of the file names."""
        if not self._path.is_dir():
            problem = Problem(self._path.name, 0, 0, "", *_no_folder(self._path))
            return PreferencesReading((), (problem,), unread=frozenset({self._path.name}))
        looked_at_ns = self._now_ns()
        kept: dict[str, _Kept] = {}
        parts = []
        for file in find_files(self._path):
            reading = self._read(file)
            parts.append(reading)
            if file.stamp and file.stamp.changed_ns < looked_at_ns - _UNSETTLED_NS:
                kept[file.path] = _Kept(file.stamp, reading)
        self._kept = kept
        return self._joined(parts)

    def _read(self, file: DocumentFile) -> PreferencesReading:
        known = self._kept.get(file.path)
        # What could not be read may be readable now without having changed.
        if known and known.stamp == file.stamp and not known.reading.unread:
            return known.reading
        return read_file(file, self._around)

    def _joined(self, parts: list[PreferencesReading]) -> PreferencesReading:
        is_same = len(parts) == len(self._parts) and all(map(is_, parts, self._parts))
        if not is_same:
            self._parts, self._whole = parts, merge(parts)
        return self._whole


def _no_folder(path: Path) -> tuple[str, str]:
    message = f"there is no folder {path}"
    return message, "make it, or name another in config.yaml under subscribers"
