"""What processes that plan side by side learn of topics: arrays in the files of a folder that they share."""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final
from zipfile import BadZipFile

import numpy as np

from newsletter.model import Topic
from newsletter.rules.choosing import Stretch

_FAULTS: Final = (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile)
_ARRAYS: Final = ("sizes", "places", "values", "chances", "counts", "spots")
_log = logging.getLogger(__name__)


class FolderExchange:
    """An Exchange in `folder`, for those who run now; who made the folder removes it.

    Each has a `name` of its own, by default the number of the process.
    """

    def __init__(self, folder: Path, name: str = "") -> None:
        self._folder = folder
        self._own = name or str(os.getpid())

    def about(self, name: str) -> "FolderTalk":
        """Begin to hear of what has this name, which has a folder of its own."""
        return FolderTalk(self._folder / name, self._own)


class FolderTalk:
    """A Talk in `folder`. After the first trouble with a file nothing is told or heard any more."""

    def __init__(self, folder: Path, own: str) -> None:
        self._folder = folder
        self._own = own
        self._seen: set[str] = set()
        self._works = True

    def give(self, stretch: Stretch) -> None:
        """Write it into a file of its own, which is there when it is whole."""
        if not self._works:
            return
        name = f"{self._own}-{len(self._seen)}.npz"
        self._seen.add(name)
        partial = self._folder / f"{name}.partial"
        try:
            self._folder.mkdir(exist_ok=True)
            with partial.open("wb") as file:
                _write(stretch, file)
            partial.rename(self._folder / name)
        except _FAULTS as error:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            self._give_up(error)

    def take(self) -> Iterator[Stretch]:
        """Yield what is in the files that were not read yet."""
        try:
            names = sorted(path.name for path in self._folder.glob("*.npz"))
            for name in names if self._works else ():
                if name not in self._seen:
                    self._seen.add(name)
                    yield _read(self._folder / name)
        except _FAULTS as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self._works = False
        _log.warning("planners learn for themselves from now on: %s: %s", self._folder, error)


def _write(stretch: Stretch, file: BinaryIO) -> None:
    topics = [
        [one.name, one.title, one.query, one.about, one.weight, budget]
        for one, budget in zip(stretch.topics, stretch.budgets, strict=True)
    ]
    told = np.frombuffer(json.dumps(topics).encode(), np.uint8)
    np.savez(file, topics=told, **{name: getattr(stretch, name) for name in _ARRAYS})


def _read(path: Path) -> Stretch:
    with np.load(path, allow_pickle=False) as found:
        told = json.loads(found["topics"].tobytes())
        arrays = {name: found[name] for name in _ARRAYS}
    topics = [
        Topic(name, title, query, about, weight) for name, title, query, about, weight, _ in told
    ]
    stretch = Stretch(topics, [one[-1] for one in told], **arrays)
    hits, spots = int(stretch.sizes.sum()), int(stretch.counts.sum())
    sizes = len(stretch.places), len(stretch.values), len(stretch.chances), len(stretch.counts)
    if len(stretch.sizes) != len(topics) or set(sizes) != {hits} or len(stretch.spots) != spots:
        message = f"{path.name}: is not whole"
        raise ValueError(message)
    return stretch
