"""One person's document taken out of a folder: cut out of its file, or with the file."""

from pathlib import Path
from typing import Final

from newsletter.errors import PreferencesError
from newsletter.model import AddressKey, PreferencesReading
from newsletter.preferences.folder.whole_files import delete_whole, locked, write_whole
from newsletter.preferences.folder.writing import Found, file_inside, find
from newsletter.preferences.parts import Part, split

_BOM: Final = "\ufeff"


def remove_from(
    folder: Path, there: PreferencesReading, address: AddressKey, *, expected: str | None
) -> None:
    """Take away the documents of `address`: see `PreferencesStore.remove`.

    A file that holds nobody else's document is deleted; from another the document goes with the line
    --- that parts it from its neighbour. Raises PreferencesError, before anything is changed in that
    file, when something else than `expected` stands there, when a document with a mistake cannot
    be told from somebody else's, and when a file cannot be written.
    """
    with locked(folder):
        found = list(find(folder, there, address))
        if not found and address in there.broken:
            message = f"{address}: has a document with a mistake, perhaps together with another's"
            raise PreferencesError(f"{message}; `newsletter check` names it: delete it in its file")
        if expected is not None and any(one.part.text != expected for one in found):
            message = f"{found[0].place}: the document of {address} was changed meanwhile"
            raise PreferencesError(f"{message}; look at it again, nothing was removed")
        for path in dict.fromkeys(one.path for one in found):
            _remove(folder, [one for one in found if one.path == path])


def _remove(folder: Path, found: list[Found]) -> None:
    """Take all documents of one person out of one file."""
    path, whole = file_inside(folder, found[0]), found[0].whole
    gone = {one.part.start for one in found}
    left = without(whole, gone)
    if left is None:
        delete_whole(path, expected=whole.encode())
        if found[0].path != path:
            found[0].path.unlink(missing_ok=True)  # the link that led to it
    else:
        write_whole(path, left.encode(), expected=whole.encode())


def without(whole: str, starts: set[int]) -> str | None:
    """Return `whole` without the parts that begin there; None where no document is left.

    With a part goes the line --- before it; with the first part, the one after it.
    """
    parts = list(split(whole))
    if all(part.is_blank for part in parts if part.start not in starts):
        return None
    kept = [place for place, part in enumerate(parts) if part.start not in starts]
    pieces = [_BOM if whole.startswith(_BOM) else ""]
    for place in kept:
        begins = parts[place].start if place == kept[0] else _end(parts[place - 1])
        pieces.append(whole[begins : _end(parts[place])])
    return "".join(pieces)


def _end(part: Part) -> int:
    return part.start + len(part.text)
