"""A copy of everything that cannot be made again."""

import shutil
from pathlib import Path
from typing import Final

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.errors import StorageError

_OWNER_ONLY: Final = 0o700


def back_up(room: Newsroom, folder: Path) -> tuple[Path, ...]:
    """Copy database, secret, keys, config, catalogue, templates and documents into an empty `folder`.

    Consistent also while letters go out. A database on a server is left to the server's own tool.
    Returns the files relative to `folder`. Raises
    StorageError when the folder holds something or cannot be written.
    """
    if folder.exists() and any(folder.iterdir()):
        message = f"{folder}: not empty; name a new folder for each backup"
        raise StorageError(message)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(_OWNER_ONLY)
        if room.database.path is not None:
            room.database.backup(folder / room.database.path.name)
        _copy_files(room, folder)
    except OSError as error:
        message = f"{folder}: the backup cannot be written ({error.strerror})"
        raise StorageError(message) from error
    return tuple(sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file()))


def _copy_files(room: Newsroom, folder: Path) -> None:
    config = room.config
    keys = [config.secret, *(dkim.key for dkim in config.delivery.dkim)]
    for key in keys:
        if key.path and key.path.exists():
            shutil.copy2(key.path, folder / key.path.name)
    for written in (room.config_path, config.catalogue_path):
        if written is not None and written.exists():
            shutil.copy2(written, folder / written.name)
    for source in (config.subscribers_path, config.templates):
        if source.is_dir():
            shutil.copytree(source, folder / source.name)
