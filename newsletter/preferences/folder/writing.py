"""One person's document in a folder: found as it is written, and written in its place.

A file may hold several documents. Only the bytes of the one are changed; its neighbours, broken
ones too, and the lines between them stay as they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from newsletter.errors import PreferencesError
from newsletter.model import AddressKey, PreferencesReading
from newsletter.ports import DocumentSource
from newsletter.preferences.documents import owner_of, read_text
from newsletter.preferences.folder.file_names import document_file_name
from newsletter.preferences.folder.files import find_files
from newsletter.preferences.folder.whole_files import locked, write_whole
from newsletter.preferences.parts import Part, split
from newsletter.preferences.schema.surroundings import Surroundings
from newsletter.preferences.yaml_text.reader import read_yaml
from newsletter.rules.addresses import address_key

_BOM: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a file, and the file as it was when the part was found."""

    path: Path
    shown: str
    whole: str
    part: Part

    @property
    def place(self) -> str:
        """As in `Document.place`; of a text that is no YAML the first line."""
        node = read_yaml(self.part.text, self.shown, self.part.line)
        return f"{self.shown}:{self.part.line if isinstance(node, tuple) else node.line}"


def source_in(
    folder: Path, there: PreferencesReading, address: AddressKey
) -> DocumentSource | None:
    """Return the document of `address` as it is written; None where there is none.

    `there` is the reading of `folder`. Of two documents of one person the first is returned. A
    broken document is returned when it is certain that nobody else's stands in it.
    """
    for found in find(folder, there, address):
        return DocumentSource(found.part.text, found.place)
    return None


def replace_in(
    folder: Path,
    there: PreferencesReading,
    around: Surroundings,
    address: AddressKey,
    text: str,
    *,
    expected: str | None,
) -> None:
    """Write `text` as the document of `address`: see `PreferencesStore.replace`.

    A new document gets a file of its own. Raises PreferencesError, and writes nothing, when the
    text is not one valid document of that person, when something else than `expected` stands
    there, when the person has two documents, and when the file is outside `folder` or cannot be
    written.
    """
    text = text.removeprefix(_BOM)
    _refuse_other(text, around, address)
    with locked(folder):
        found = list(find(folder, there, address))
        if len(found) > 1:
            message = f"{found[1].place}: {address} has another document at {found[0].place}"
            raise PreferencesError(f"{message}; keep one of the two")
        if found:
            _write_over(folder, found[0], address, text, expected)
        else:
            _write_new(folder, there, address, text, expected)


def _refuse_other(text: str, around: Surroundings, address: AddressKey) -> None:
    reading = read_text(text, "the new document", around)
    if reading.problems:
        raise PreferencesError("\n".join(map(str, reading.problems)))
    people = [address_key(one.preferences.email) for one in reading.documents]
    if people != [address]:
        named = ", ".join(people) or "nobody"
        raise PreferencesError(f"the new document is of {named}, not of {address} alone")


def find(folder: Path, there: PreferencesReading, address: AddressKey) -> Iterator[Found]:
    """Yield the documents of a person as they stand in the files now."""
    for shown in _files_of(folder, there, address):
        path = folder / shown.removeprefix(f"{folder.name}/")
        whole = _text_of(path)
        for part in split(whole):
            if not part.is_blank and owner_of(part) == address:
                yield Found(path, shown, whole, part)


def _files_of(folder: Path, there: PreferencesReading, address: AddressKey) -> Iterator[str]:
    """Yield the files, as people name them, that may hold the document of a person."""
    for one in there.documents:
        if address_key(one.preferences.email) == address:
            yield one.place.rpartition(":")[0]
    if address in there.broken:
        # The reading does not say where: perhaps in two places.
        for file in find_files(folder):
            if address in _text_of(Path(file.path)).casefold():
                yield file.shown


def _text_of(path: Path) -> str:
    """Return what a file says, every line end as it is; nothing where it cannot be read."""
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return ""


def _write_over(
    folder: Path, found: Found, address: AddressKey, text: str, expected: str | None
) -> None:
    if found.part.text != expected:
        message = f"{found.place}: the document of {address} was changed meanwhile"
        raise PreferencesError(f"{message}; look at it again, nothing was written")
    stop = found.part.start + len(found.part.text)
    behind = found.whole[stop:]
    if behind and not text.endswith(("\n", "\r")):
        text += "\n"  # the line --- of the next document begins a line
    whole = found.whole[: found.part.start] + text + behind
    path = file_inside(folder, found)
    write_whole(path, whole.encode(), expected=found.whole.encode())


def file_inside(folder: Path, found: Found) -> Path:
    """Return the file itself where a link leads to it; raises PreferencesError outside `folder`."""
    path = found.path.resolve()
    if not path.is_relative_to(folder.resolve()):
        message = f"{found.shown}: is a link out of the folder, which is not written"
        raise PreferencesError(f"{message}; put the file itself there")
    return path


def _write_new(
    folder: Path, there: PreferencesReading, address: AddressKey, text: str, expected: str | None
) -> None:
    if expected is not None:
        message = f"{address}: the document is gone meanwhile; nothing was written"
        raise PreferencesError(message)
    if address in there.broken:
        message = f"{address}: has a document with a mistake, perhaps together with somebody else's"
        raise PreferencesError(f"{message}; `newsletter check` names it: mend it in its file")
    write_whole(folder / document_file_name(address), text.encode(), expected=None)
