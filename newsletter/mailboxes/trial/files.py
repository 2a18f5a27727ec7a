"""Files that are there whole or not at all."""

from pathlib import Path
from tempfile import NamedTemporaryFile


def write_whole(path: Path, octets: bytes) -> None:
    """Put `octets` at `path` so that nobody ever reads half of them. Raises OSError."""
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as part:
        scratch = Path(part.name)
        try:
            part.write(octets)
            part.close()
            scratch.chmod(0o644)
            scratch.replace(path)
        except OSError:
            scratch.unlink(missing_ok=True)
            raise
