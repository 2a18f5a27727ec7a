"""A list of arXiv ids and DOIs, one a line."""

from collections.abc import Iterator
from typing import Final

from newsletter.rules.identity import canonical_arxiv_id, canonical_doi
from newsletter.sources.bibliography.items import Record
from newsletter.sources.complaints import Complaints
from newsletter.sources.plaintext import cut, one_line

_SHOWN: Final = 60


def read_identifiers(text: str, complaints: Complaints) -> Iterator[Record]:
    """Yield what each line names; what stands after a # is a remark."""
    for number, line in enumerate(text.split("\n"), 1):
        told = line.partition(" #")[0].strip()
        if not told or told.startswith("#"):
            continue
        if canonical_arxiv_id(told) or canonical_doi(told):
            yield Record(f"line {number}", ids=(told,))
        else:
            shown = cut(one_line(told), _SHOWN)
            fix = "write e.g. 2605.01234 or 10.1000/182"
            complaints.add(number, "", f'"{shown}" is neither an arXiv id nor a DOI', fix)
