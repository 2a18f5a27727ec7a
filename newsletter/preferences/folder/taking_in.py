"""Files from elsewhere, copied into the folder of documents beside what stands there."""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.model import AddressKey, Document, PreferencesReading, Problem
from newsletter.preferences.documents import merge
from newsletter.preferences.folder.file_names import is_document_name
from newsletter.preferences.folder.files import DocumentFile, find_files, read_file
from newsletter.preferences.schema.surroundings import Surroundings
from newsletter.rules.addresses import address_key


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of taking files in: documents that stand in the folder now, problems, copies."""

    documents: tuple[Document, ...] = ()
    problems: tuple[Problem, ...] = ()
    copies: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class _Folder:
    """What stood in the folder before: valid documents, and whose are broken or there twice."""

    path: Path
    documents: Mapping[AddressKey, Document]
    broken: frozenset[AddressKey]


def read_paths(paths: Iterable[Path], around: Surroundings) -> PreferencesReading:
    """Read the documents at `paths`, files or folders; a path where nothing is, is a problem."""
    return merge(read_file(file, around) for file, _ in _files_at(paths))


def take_in_files(
    paths: Iterable[Path], home: Path, there: PreferencesReading, around: Surroundings
) -> TakenIn:
    """Copy the files at `paths` into the folder `home`, of which `there` is the reading.

    Files of a folder keep their sub-folders. Nothing at home is replaced: a file whose name is
    taken, or that names a person with another document there, is a problem and stays outside.
    `documents` are those at home afterwards of the people whom `paths` name; so a person of a file
    that stayed outside is among them with the document at home, or not at all. A file without a
    valid document is not copied.
    """
    standing = {address_key(one.preferences.email): one for one in there.documents}
    folder = _Folder(home.resolve(), standing, there.broken)
    outside, inside = [], []
    for file, below in _files_at(paths):
        reading = read_file(file, around)
        if Path(file.path).resolve().is_relative_to(folder.path):
            inside.append(reading)
        else:
            outside.append((file, folder.path / below, reading))
    good = merge(reading for _, _, reading in outside)
    taken = [TakenIn(problems=good.problems)]
    taken.extend(_of_home(reading, folder) for reading in inside)
    for file, target, reading in outside:
        documents = tuple(one for one in reading.documents if one in good.documents)
        taken.append(_take(file, target, documents, folder))
    return TakenIn(
        tuple(document for one in taken for document in one.documents),
        tuple(problem for one in taken for problem in one.problems),
        tuple(copy for one in taken for copy in one.copies),
    )


def merge_into(
    there: PreferencesReading, incoming: PreferencesReading
) -> tuple[TakenIn, tuple[Document, ...]]:
    """Decide what of `incoming` can stand beside `there` where no file names are in the way.

    Returns what stands there afterwards of the people whom `incoming` names, with all problems, and
    which documents are new and must be written. Nobody's document is replaced.
    """
    standing = {address_key(one.preferences.email): one for one in there.documents}
    problems, known, fresh = [*incoming.problems], [], []
    for document in incoming.documents:
        key = address_key(document.preferences.email)
        one = standing.get(key)
        if one is None and key not in there.broken:
            fresh.append(document)
            continue
        known.extend([one] if one else [])
        if one is None or one.text != document.text:
            problems.append(_is_taken(document, key, one))
    return TakenIn((*known, *fresh), tuple(problems)), tuple(fresh)


def _is_taken(document: Document, key: AddressKey, standing: Document | None) -> Problem:
    file, _, line = document.place.rpartition(":")
    where = f" at {standing.place}" if standing else ", with a mistake"
    message = f"was not taken: {key} has another document already{where}"
    remedy = f"change that one: `newsletter preferences edit {key}`"
    return Problem(file, int(line), 1, "email", message, remedy)


def _of_home(reading: PreferencesReading, folder: _Folder) -> TakenIn:
    """Return the documents of a file at home that are good beside their neighbours too."""
    known, problems = [], [*reading.problems]
    for document in reading.documents:
        standing = folder.documents.get(address_key(document.preferences.email))
        if standing:
            known.append(standing)
        else:
            file, _, line = document.place.rpartition(":")
            message = f"{document.preferences.email} has another document in the folder"
            problems.append(Problem(file, int(line), 1, "email", message, "keep one of the two"))
    return TakenIn(tuple(known), tuple(problems))


def _take(
    file: DocumentFile, target: Path, documents: tuple[Document, ...], folder: _Folder
) -> TakenIn:
    if not documents:
        return TakenIn()
    keys = frozenset(address_key(one.preferences.email) for one in documents)
    known = tuple(folder.documents[key] for key in keys if key in folder.documents)
    if known and _is_copy(file, target):
        return TakenIn(known)
    problem = _obstacle(file, target, known, keys & folder.broken) or _copy(file, target)
    return TakenIn(known, (problem,)) if problem else TakenIn(documents, copies=(target,))


def _obstacle(
    file: DocumentFile, target: Path, known: Sequence[Document], broken: frozenset[AddressKey]
) -> Problem | None:
    """Return why a file cannot stand beside what is in the folder."""
    if known:
        reason = f"{known[0].preferences.email} has a document at {known[0].place} already"
        remedy = "edit that one; to bring in others of this file, take this person out of it"
    elif broken:
        reason = f"{min(broken)} has a document there already, with a mistake"
        remedy = "mend that one: `newsletter check` names it"
    elif os.path.lexists(target):
        reason, remedy = f"there is a {target} already", "rename this file and import it again"
    elif not _is_plain(target.parent):
        reason = f"{target.parent} is reached by a link, which is not followed"
        remedy = "rename the folder and import it again"
    else:
        return None
    return Problem(file.shown, 0, 0, "", f"was not copied: {reason}", remedy)


def _is_plain(folder: Path) -> bool:
    return os.path.realpath(folder) == str(folder)


def _is_copy(file: DocumentFile, target: Path) -> bool:
    try:
        return target.read_bytes() == Path(file.path).read_bytes()
    except OSError:
        return False


def _copy(file: DocumentFile, target: Path) -> Problem | None:
    """Copy a file, under a hidden name first, so that nobody reads the half of it."""
    unfinished = target.with_name(f".{os.getpid()}.unfinished")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file.path, unfinished)
        unfinished.replace(target)
    except OSError as error:
        message = f"was not copied: {target} cannot be written ({error.strerror})"
        return Problem(file.shown, 0, 0, "", message, "let the program's user write there")
    return None


def _files_at(paths: Iterable[Path]) -> Iterator[tuple[DocumentFile, Path]]:
    """Yield every file once, with the path that it has below the folder that was named."""
    seen = set()
    for path in paths:
        for file, below in _files_of(path):
            real = os.path.realpath(file.path)
            if real not in seen:
                seen.add(real)
                yield file, below


def _files_of(path: Path) -> Iterator[tuple[DocumentFile, Path]]:
    if os.path.isdir(path):  # noqa: PTH112 (Path.is_dir raises where a folder above is closed)
        for file in find_files(path):
            below = Path(file.path).relative_to(path.resolve())
            yield replace(file, shown=str(path / below)), below
        return
    is_read = is_document_name(path.name)
    obstacle = "is not read; give it a name that ends in .yaml or .yml and begins with no dot"
    yield DocumentFile(str(path), str(path), obstacle="" if is_read else obstacle), Path(path.name)
