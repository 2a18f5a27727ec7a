"""The secret that signs tokens: made at the first start, readable by its owner alone."""

import os
import secrets
from pathlib import Path
from typing import Final

from newsletter.config import SecretRef
from newsletter.errors import ConfigError
from newsletter.rules.addresses import Secrets

_BYTES: Final = 32
_OWNER_ONLY: Final = 0o600


def read_secrets(reference: SecretRef) -> Secrets:
    """Return the keys, the newest first; one a line. Makes the file when there is none yet.

    Raises ConfigError when it cannot be read or made.
    """
    path = reference.path
    if path is not None and not path.exists():
        _make(path)
    keys = tuple(line.strip().encode() for line in reference.read().splitlines() if line.strip())
    return Secrets(keys)


def _make(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    except FileExistsError:
        return  # another process of ours was first
    except OSError as error:
        message = f"{path}: the secret cannot be made ({error.strerror}); let us write its folder"
        raise ConfigError(message) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
