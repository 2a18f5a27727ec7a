"""A source that reads entries from a file which the operator, or a program of theirs, writes."""

from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import SourceError
from newsletter.model import FetchedEntry, Pull, PullOrder, SourceName
from newsletter.sources.complaints import Complaints
from newsletter.sources.fields import Fields
from newsletter.sources.row_entries import announce_row
from newsletter.sources.rows import read_rows


@dataclass(frozen=True, slots=True)
class FileSource:
    """Entries in JSONL (also gzipped), YAML (a list, or one under `entries`) or CSV.

    The end of the file's name tells the format. `topics` are catalogue topics given to every
    entry. Keys of an entry: see docs; `title` is the only one that must be there, and the keys
    of a dump of arXiv metadata (`summary`, `abs`, `first_seen`) are read as well.
    """

    name: SourceName
    path: Path
    topics: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`file`."""
        return "file"

    def pull(self, order: PullOrder) -> Pull:  # noqa: ARG002  the file is what it is
        """Return the entries of the file, in its order.

        An entry without a title is left out, any other value that cannot be read is as if it
        were not there; both are problems with their line. Raises SourceError, with what to do,
        when the file cannot be read, or has entries and every one is broken.
        """
        complaints = Complaints(str(self.path))
        entries: list[FetchedEntry] = []
        taken: set[str] = set()
        for row in read_rows(self.path, complaints):
            entry = announce_row(Fields(row, complaints), self.name, self.topics, taken)
            if entry:
                entries.append(entry)
                taken.add(entry.source_id)
        problems = complaints.sentences()
        if problems and not entries:
            raise SourceError("; ".join(problems[:3]))
        return Pull(tuple(entries), problems)
