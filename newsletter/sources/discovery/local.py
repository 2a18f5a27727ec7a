"""What a path on this machine is, by looking at it with the readers of sources."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

from newsletter.errors import SourceError
from newsletter.model import Pull, PullOrder, SourceName
from newsletter.ports import Source
from newsletter.sources.discovery.findings import Candidate, Discovery
from newsletter.sources.file import FileSource
from newsletter.sources.saved_page import SavedPageSource

_TRIAL: Final = SourceName("trial")
_HINT: Final = (
    "A source on this machine is a file of entries (JSONL, YAML or CSV; each with a title), or the "
    'text of Daily Papers pages as "select all, copy" gives it.'
)


def look_at_path(written: str, folder: Path, order: PullOrder) -> Discovery:
    """Return the source that the file, the pages or the folder of pages at `written` is.

    It starts at the present folder; in settings a path starts at `folder`, that of config.yaml.
    """
    path = Path(written).expanduser().absolute()
    if path.is_dir():
        path /= "*.txt"
    tried: list[str] = []
    for source in _readers(path):
        try:
            pull = source.pull(order)
        except SourceError as error:
            tried.append(f"as {source.kind}: {error}")
        else:
            return Discovery((_candidate(source.kind, path, folder, pull),), tuple(tried))
    return Discovery((), tuple(tried), _HINT)


def _readers(path: Path) -> Iterator[Source]:
    if "*" not in str(path):
        yield FileSource(_TRIAL, path)
    yield SavedPageSource(_TRIAL, str(path), Path(path.anchor))


def is_path(written: str) -> bool:
    """Whether `written` is a path: it stands there, or could be nothing else."""
    if written.startswith(("/", "./", "../", "~")) or written.lower().startswith("file:"):
        return True
    try:
        return Path(written).exists() or ("://" not in written and "*" in written)
    except (OSError, ValueError):  # too long for a name, or a zero in it
        return False


def _candidate(kind: str, path: Path, folder: Path, pull: Pull) -> Candidate:
    dates = [entry.content.published_on for entry in pull.entries]
    latest = max((day for day in dates if day), default=None)
    stem = path.parent.name if "*" in path.name else path.name.partition(".")[0]
    return Candidate(
        kind,
        {"path": str(path.relative_to(folder) if path.is_relative_to(folder) else path)},
        stem.replace("_", " "),
        kind,
        "entries" if kind == "file" else "Daily Papers pages",
        posts=len(pull.entries),
        latest_at=None if latest is None else _midnight(latest),
        found="the path itself",
        note=_first(pull.problems),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _first(problems: Sequence[str]) -> str:
    return problems[0] if problems else ""
