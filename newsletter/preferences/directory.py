"""Preferences documents in a folder: one file for one subscriber, or several."""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from newsletter.model import CatalogueTopic, Preferences, PreferencesReading, Problem
from newsletter.preferences.documents import merge, parse_documents, readable_address

_SUFFIXES: Final = (".yaml", ".yml")
_LARGEST_FILE_BYTES: Final = 32 * 1024 * 1024


class DirectoryStore:
    """Reads `*.yaml` and `*.yml` below a folder (port PreferencesStore).

    Hidden files and folders are left alone, and so are an editor's back-ups, which end otherwise.
    Nothing outside the folder is read: links that lead out are problems.
    """

    def __init__(
        self, path: Path, catalogue: Mapping[str, CatalogueTopic], defaults: Preferences
    ) -> None:
        self._path = path
        self._catalogue = catalogue
        self._defaults = defaults

    def read(self) -> PreferencesReading:
        """Return every valid document and every problem, in the order of the file names."""
        if not self._path.is_dir():
            return _only(Problem(self._path.name, 0, 0, "", *_no_folder(self._path)))
        return merge(self._readings())

    def _readings(self) -> Iterator[PreferencesReading]:
        unreadable: list[OSError] = []
        root = self._path.resolve()
        for folder, folders, files in os.walk(root, onerror=unreadable.append):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in folders:
                if (path := Path(folder, name)).is_symlink():
                    yield _only(self._problem(path, "is a link to a folder, which is not followed"))
            for name in sorted(files):
                if not name.startswith(".") and name.endswith(_SUFFIXES):
                    yield self._read_file(Path(folder, name), root)
        for error in unreadable:
            yield _only(self._problem(Path(error.filename), _cannot_read(error)))

    def _read_file(self, path: Path, root: Path) -> PreferencesReading:
        try:
            if not path.resolve().is_relative_to(root):
                return self._broken(path, "is a link out of the folder, which is not followed")
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                return self._broken(path, "is no file")
            if found.st_size > _LARGEST_FILE_BYTES:
                return self._broken(path, f"is larger than {_LARGEST_FILE_BYTES:,} bytes")
            text = path.read_bytes().decode()
        except OSError as error:
            return self._broken(path, _cannot_read(error))
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            return self._broken(path, "is not UTF-8; save it with that encoding", line)
        return parse_documents(
            text, self._shown(path), catalogue=self._catalogue, defaults=self._defaults
        )

    def _shown(self, path: Path) -> str:
        """Name a file as people do: `subscribers/ada@example.org.yaml`."""
        return Path(self._path.name, path.relative_to(self._path.resolve())).as_posix()

    def _problem(self, path: Path, message: str, line: int = 0) -> Problem:
        return Problem(self._shown(path), line, 0, "", message)

    def _broken(self, path: Path, message: str, line: int = 0) -> PreferencesReading:
        """A file that tells nothing is often named for its person, whose last document stays."""
        problem = self._problem(path, message, line)
        return PreferencesReading((), (problem,), readable_address(path.stem))


def _only(problem: Problem) -> PreferencesReading:
    return PreferencesReading((), (problem,))


def _cannot_read(error: OSError) -> str:
    return f"cannot be read ({error.strerror}); let the program's user read it"


def _no_folder(path: Path) -> tuple[str, str]:
    message = f"there is no folder {path}"
    return message, "make it, or name another in config.yaml under subscribers"
