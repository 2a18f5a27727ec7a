"""Notice at once that somebody saved a document. The look of each minute stays: this only hurries."""

import logging
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Final

from watchfiles import Change, watch

LOG: Final = logging.getLogger("newsletter.documents")

_QUIET_MS: Final = 100
"""A change is told when nothing more came for so long: editors write in several steps."""
_LONGEST_MS: Final = 1000
"""It is told after this time at the latest, also while a large copy goes on."""
_LOOK_MS: Final = 2000
"""How often we look whether the folder is still the one that is watched."""
_AGAIN_S: Final = 1.0


def watch_folder(folder: Path, stopping: Event) -> Iterator[None]:
    """Yield whenever something below `folder` may have changed, until `stopping` is set.

    A folder that goes away (its disk is taken out) and comes back is a change too. Where the system
    cannot watch, for instance because its limit of watches is reached, this is logged and nothing
    more is yielded; network file systems tell nothing of what other machines write.
    """
    known = _identity(folder)
    while not stopping.is_set():
        identity = _identity(folder)
        if identity != known:
            known = identity
            yield
        if identity is None:
            stopping.wait(_AGAIN_S)
            continue
        try:
            yield from _changes(folder, identity, stopping)
        except OSError as error:
            LOG.warning("documents are looked at each minute, not at once: %s", error)
            return


def _changes(folder: Path, identity: tuple[int, int], stopping: Event) -> Iterator[None]:
    root = len(folder.parts)

    def is_visible(_: Change, path: str) -> bool:
        return not any(part.startswith(".") for part in Path(path).parts[root:])

    for changes in watch(
        folder,
        watch_filter=is_visible,
        debounce=_LONGEST_MS,
        step=_QUIET_MS,
        stop_event=stopping,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        raise_interrupt=False,
        ignore_permission_denied=True,
    ):
        if changes:
            yield
        if _identity(folder) != identity:
            return


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what is another when another folder stands there, None for no folder."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino)
