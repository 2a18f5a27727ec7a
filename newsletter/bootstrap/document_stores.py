"""Where the preferences documents stand: a folder of files, or the database."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Event
from typing import Final

from newsletter.config import Config
from newsletter.errors import StorageError
from newsletter.model import Problem
from newsletter.ports import PreferencesStore
from newsletter.preferences import (
    CONFIG_LIMITS,
    DirectoryStore,
    Surroundings,
    locate,
    read_texts,
    read_yaml,
)
from newsletter.storage import Database, Documents

_LOOK_EVERY_S: Final = 0.5
"""One number is read from the database each time."""


def surroundings_of(config: Config) -> Surroundings:
    """Return what documents do not say themselves."""
    return Surroundings(config.catalogue(), config.default_preferences())


def make_store(config: Config, database: Database) -> PreferencesStore:
    """Return the store that the config names."""
    if config.subscribers.store == "database":
        return Documents(database, partial(read_texts, around=surroundings_of(config)))
    return make_directory_store(config)


def make_directory_store(config: Config) -> DirectoryStore:
    """Return the store over the folder of the config."""
    return DirectoryStore(config.subscribers_path, config.catalogue(), config.default_preferences())


def watch_documents(store: PreferencesStore, config: Config, stopping: Event) -> Iterator[None]:
    """Yield whenever a document may have changed, about a second later at most, until `stopping`."""
    if isinstance(store, Documents):
        return _watch_numbers(store, stopping)
    # Late: only who keeps running loads the library that watches.
    from newsletter.preferences import watch_folder  # noqa: PLC0415

    return watch_folder(config.subscribers_path, stopping)


def missing_folder(config: Config, path: Path) -> Problem | None:
    """Return what is wrong with the folder of documents that the config at `path` names, if it is."""
    folder = config.subscribers_path
    is_there = os.path.isdir(folder)  # noqa: PTH112 (Path.is_dir raises below a closed folder)
    if config.subscribers.store == "database" or is_there:
        return None
    written = config.subscribers.path is not None
    line, column = _place_of_path(path) if written else (0, 0)
    fact = "is no folder" if os.path.lexists(folder) else "is not there"
    remedy = f"make it with `mkdir -p {folder}`, or name another under subscribers.path"
    return Problem(str(path), line, column, "subscribers.path", f"{folder} {fact}", remedy)


def _place_of_path(path: Path) -> tuple[int, int]:
    node = read_yaml(path.read_text(encoding="utf-8"), str(path), limits=CONFIG_LIMITS)
    if isinstance(node, tuple):
        return 0, 0
    found = locate(node, ("subscribers", "path"))
    return (found.key or found.node).line, (found.key or found.node).column


def _watch_numbers(documents: Documents, stopping: Event) -> Iterator[None]:
    last = None
    while not stopping.wait(_LOOK_EVERY_S):
        try:
            present = documents.last_change()
        except StorageError:
            continue  # the look of each minute says what is wrong
        if present != last:
            last = present
            yield
