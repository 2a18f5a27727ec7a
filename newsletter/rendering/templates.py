"""Reads a template set from folders."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from newsletter.errors import RenderingError

TEMPLATE_SUFFIX: Final = ".j2"
# A letter is at most 100 kB, and a template is most often much less.
LARGEST_TEMPLATE_BYTES: Final = 200_000


def read_templates(folders: Sequence[Path]) -> dict[str, str]:
    """Return name → text of every `*.j2` file below `folders`; a later folder overrides an earlier.

    A name is the path below its folder with slashes: `partials/entry.mjml.j2`. Names are sorted.
    Raises RenderingError for a folder that does not exist, and for a file that cannot be read, is
    no UTF-8 or is too large.
    """
    found: dict[str, str] = {}
    for folder in folders:
        if not folder.is_dir():
            message = f"{folder}: there is no such templates folder"
            raise RenderingError(message)
        for file in folder.rglob(f"*{TEMPLATE_SUFFIX}"):
            if file.is_file():
                found[file.relative_to(folder).as_posix()] = _read(file)
    return dict(sorted(found.items()))


def _read(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST_TEMPLATE_BYTES:
            message = f"{file}: a template may have {LARGEST_TEMPLATE_BYTES:,} bytes at most"
            raise RenderingError(message)
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{file}: byte {error.start} is not UTF-8; save the template as UTF-8"
        raise RenderingError(message) from error
    except OSError as error:
        message = f"{file}: cannot be read: {error.strerror}"
        raise RenderingError(message) from error
