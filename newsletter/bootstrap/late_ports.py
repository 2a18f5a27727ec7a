"""Ports that are opened when somebody first asks for them: who only delivers has no use for them."""

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from newsletter.config import Config
from newsletter.ports import Clock, Postbag, Source, VectorStore
from newsletter.rules.addresses import Secrets
from newsletter.storage import Database

if TYPE_CHECKING:
    from newsletter.indexing import Meaning


def late_sources(
    config: Config, database: Database, postbag: Postbag, secrets: Secrets
) -> Callable[[], tuple[Source, ...]]:
    """Return what opens the sources. It raises ConfigError where a secret of one is not there."""

    @cache
    def open_sources() -> tuple[Source, ...]:
        from newsletter.bootstrap.sources import make_sources  # noqa: PLC0415 - see above

        return make_sources(config, database, postbag, secrets)

    return open_sources


def late_meaning(
    config: Config, vectors: VectorStore, clock: Clock, *, threads: int | None = None
) -> Callable[[], "Meaning | None"]:
    """Return what opens the model of meaning; None: topics go by words alone.

    `threads` is how many make vectors at once; None: one for each core. The model itself is loaded
    when a vector must be made. It raises ConfigError where the config asks for a model that is not
    there.
    """
    guard = Lock()  # a model takes much memory: no two threads may load it

    @cache
    def open_once() -> "Meaning | None":
        from newsletter.bootstrap.meaning import open_embedder  # noqa: PLC0415 - see above
        from newsletter.indexing import Meaning  # noqa: PLC0415

        embedder = open_embedder(config, threads=threads)
        return Meaning(embedder, vectors, clock) if embedder else None

    def open_meaning() -> "Meaning | None":
        with guard:
            return open_once()

    return open_meaning
