"""Where evaluations keep vectors: in a database of their own, which may be deleted at any time."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from newsletter.errors import StorageError
from newsletter.ports import Clock, ModelId, TextKey, VectorStore
from newsletter.storage import StoredVectors, open_database

FILE: Final = "evaluation-vectors.db"
"""Apart from the database of the newsletter: the texts of a test collection are no news."""


class MemoryVectors:
    """The VectorStore port for one run, where nothing can be written."""

    def __init__(self) -> None:
        self._known: dict[tuple[ModelId, TextKey], bytes] = {}

    def find(self, model: ModelId, keys: Iterable[TextKey]) -> Mapping[TextKey, bytes]:
        """Return the vectors that are known of `keys`."""
        return {key: self._known[model, key] for key in keys if (model, key) in self._known}

    def keep(self, model: ModelId, vectors: Mapping[TextKey, bytes], *, now: datetime) -> None:  # noqa: ARG002 - the run is short
        """Keep vectors; one that is there already stays."""
        for key, vector in vectors.items():
            self._known.setdefault((model, key), vector)

    def forget(self, *, unused_since: datetime) -> int:  # noqa: ARG002 - the run is short
        """Forget nothing."""
        return 0


@contextmanager
def open_vectors(folder: Path, clock: Clock) -> Iterator[tuple[VectorStore, str]]:
    """Give the store in `folder`, which is made, for its owner alone, where it is missing.

    Where nothing can be written, vectors live as long as this run, and the remark says why.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        database = open_database(f"sqlite:///{folder / FILE}")
    except (OSError, StorageError) as error:
        yield MemoryVectors(), f"Vectors are made anew each time: {error}"
        return
    with closing(database):
        copy = database.migrate(now=clock.now()).copy
        if copy:  # of a release before: what can be made again needs no copy
            with suppress(OSError):
                copy.unlink()
        yield StoredVectors(database), ""
