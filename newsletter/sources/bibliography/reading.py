"""A file of a reference manager, in any of its formats."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from newsletter.errors import SourceError
from newsletter.sources.bibliography.bibtex import read_bibtex
from newsletter.sources.bibliography.csl import read_csl
from newsletter.sources.bibliography.identifiers import read_identifiers
from newsletter.sources.bibliography.items import Record, Reference, refer
from newsletter.sources.bibliography.zotero import read_rdf, read_table
from newsletter.sources.complaints import Complaints
from newsletter.sources.disk import decode

MOST_BYTES: Final = 32 * 1024 * 1024
MOST_REFERENCES: Final = 10_000

_Read = Callable[[str, Complaints], Iterator[Record]]
_READERS: Final[tuple[tuple[tuple[str, ...], _Read], ...]] = (
    ((".bib", ".bibtex"), read_bibtex),
    ((".json",), read_csl),
    ((".csv",), read_table),
    ((".rdf",), read_rdf),
    ((".txt",), read_identifiers),
)


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The papers of a file, and what is wrong with it, each with its place."""

    references: tuple[Reference, ...]
    problems: tuple[str, ...] = ()


def read_bibliography(path: Path) -> Bibliography:
    """Return the papers of a file; the end of its name tells the format.

    BibTeX (.bib), CSL-JSON (.json), tables and RDF of Zotero (.csv, .rdf), or a list of arXiv ids and
    DOIs (.txt). At most 32 MB and 10,000 papers are read. A record that cannot be read is a
    problem, never an error. Raises OSError for a file that cannot be opened.
    """
    complaints = Complaints(str(path))
    return Bibliography(tuple(_references(path, complaints)), complaints.sentences())


def _references(path: Path, complaints: Complaints) -> Iterator[Reference]:
    read = next((one for endings, one in _READERS if path.name.lower().endswith(endings)), None)
    if read is None:
        known = ", ".join(ending for endings, _ in _READERS for ending in endings)
        complaints.add(0, "", "its name does not tell the format", f"let it end in one of {known}")
        return
    text = _text(path, complaints)
    records = read(text, complaints)
    for record in islice(records, MOST_REFERENCES):
        reference = refer(record)
        if reference:
            yield reference
        else:
            complaints.add(0, record.place, "has neither a title nor an arXiv id or DOI")
    if next(records, None) is not None:
        complaints.add(0, "", f"has more than {MOST_REFERENCES:,} papers; the rest is left out")


def _text(path: Path, complaints: Complaints) -> str:
    """Return the whole text; empty, and a complaint, where there is none."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        size = f"is larger than {MOST_BYTES // 1024 // 1024} MB"
        complaints.add(0, "", size, "split it into several")
        return ""
    try:
        return decode(content, path).removeprefix("\ufeff").replace("\r\n", "\n")
    except SourceError as error:
        line = str(error).removeprefix(f"{path}:").partition(":")[0]
        complaints.add(int(line), "", "is not UTF-8", "save the file as UTF-8")
        return ""
