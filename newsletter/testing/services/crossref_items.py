"""A work as Crossref writes it: lists for titles, JATS for abstracts, dates in parts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from xml.sax.saxutils import escape

from newsletter.testing.services.exchange import JsonValue, seconds_stamp
from newsletter.testing.services.world import Paper, Person, pick

_MEMBER: Final = "9999"
_MANY: Final = 100
"""More authors sign as one."""


@dataclass(frozen=True, slots=True)
class Item:
    """One work: which paper, as what, under which DOI, and since when."""

    paper: Paper
    kind: str
    doi: str
    created_at: datetime

    @property
    def has_abstract(self) -> bool:
        """Whether its publisher handed in the abstract."""
        return pick(f"{self.paper.key} deposited", 6) > 0

    def words(self) -> frozenset[str]:
        """Return the words that a query looks at: of title, journal and authors."""
        names = " ".join(person.name for person in self.paper.authors)
        text = f"{self.paper.first.title} {self.paper.journal or ''} {names}"
        return frozenset(re.findall(r"\w+", text.lower()))


def item_json(item: Item, select: Sequence[str]) -> JsonValue:
    """Return the work; with `select` only those of its fields."""
    record = _record(item)
    if not select:
        return record
    return {name: record[name] for name in select if name in record}


def _record(item: Item) -> dict[str, JsonValue]:
    paper = item.paper
    is_preprint = item.kind == "posted-content"
    day = paper.first.day
    authors: list[JsonValue] = [
        _author(person, place) for place, person in enumerate(paper.authors[:_MANY])
    ]
    if len(paper.authors) > _MANY:
        authors = [{"name": f"The {paper.organization} Consortium", "sequence": "first"}]
    optional: dict[str, JsonValue] = {}
    if item.has_abstract:
        optional["abstract"] = _jats(paper)
    if is_preprint:
        optional |= {
            "subtype": "preprint",
            "posted": {"date-parts": [_parts(day)]},
            "institution": [{"name": paper.preprint.server if paper.preprint else ""}],
            "group-title": paper.preprint.category.title() if paper.preprint else "",
        }
    return {
        "DOI": item.doi,
        "URL": f"https://doi.org/{item.doi}",
        "type": item.kind,
        "title": [_title(paper)],
        "container-title": [] if is_preprint else ["Journal of Careful Measurement"],
        "author": authors,
        **optional,
        "created": _moment(item.created_at),
        "indexed": _moment(item.created_at),
        "issued": {"date-parts": [_parts(day)[: 1 + pick(f"{paper.key} parts", 3)]]},
        "published": {"date-parts": [_parts(day)[: 1 + pick(f"{paper.key} parts", 3)]]},
        "publisher": "Example Preprints" if is_preprint else "Careful Measurement Society",
        "language": "en",
        "member": _MEMBER,
        "prefix": item.doi.split("/")[0],
        "source": "Crossref",
        "is-referenced-by-count": 0,
        "references-count": 12 + paper.number % 30,
        "license": [{"URL": paper.licence, "content-version": "vor"}] if paper.licence else [],
        "resource": {"primary": {"URL": f"https://example.org/doi/{item.doi}"}},
    }


def _parts(day: date) -> list[JsonValue]:
    return [day.year, day.month, day.day]


def _moment(moment: datetime) -> JsonValue:
    there = moment.astimezone(UTC)
    return {
        "date-parts": [_parts(there.date())],
        "date-time": seconds_stamp(there),
        "timestamp": int(there.timestamp() * 1000),
    }


def _author(person: Person, place: int) -> JsonValue:
    affiliation: list[JsonValue] = [{"name": person.affiliation}] if person.affiliation else []
    return {
        "given": person.given,
        "family": person.family,
        "sequence": "additional" if place else "first",
        "affiliation": affiliation,
    }


def _title(paper: Paper) -> str:
    """Return the title as publishers hand it in: escaped once too often, or with markup."""
    title = escape(paper.first.title)
    if pick(f"{paper.key} markup", 4):
        return title
    first, _, rest = title.partition(" ")
    return f"<i>{first}</i> {rest}"


def _jats(paper: Paper) -> str:
    text = escape(paper.first.abstract)
    match pick(f"{paper.key} jats", 3):
        case 0:
            return f"<p>{text}</p>"
        case 1:
            return f"<jats:p>{text}</jats:p>"
    head, _, rest = text.partition(". ")
    return (
        f"<jats:title>Abstract</jats:title>\n   <jats:sec><jats:title>Background</jats:title>"
        f"<jats:p>{head}.</jats:p></jats:sec>\n   <jats:sec><jats:title>Results</jats:title>"
        f"<jats:p>{rest}</jats:p></jats:sec>"
    )
