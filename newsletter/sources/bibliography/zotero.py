"""What Zotero exports besides: a table (CSV), and RDF."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import Final
from xml.etree import ElementTree as ET

from newsletter.sources.bibliography.items import Record
from newsletter.sources.complaints import Complaints

_MOST_CELL: Final = 200_000
_NEEDED: Final = ("Title", "Author")
_DECLARES: Final = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_NO_PAPER: Final = frozenset({"attachment", "note"})
_SPACES: Final = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "z": "http://www.zotero.org/namespaces/export#",
    "bib": "http://purl.org/net/biblio#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prism": "http://prismstandard.org/namespaces/1.2/basic/",
}


def read_table(text: str, complaints: Complaints) -> Iterator[Record]:
    """Yield the rows of a CSV export, by the names of its columns."""
    reader = csv.DictReader(StringIO(text, newline=""), strict=True)
    line = 2
    try:
        if not set(_NEEDED) <= set(reader.fieldnames or ()):
            complaints.add(1, "", "is no table of Zotero: it has no columns Title and Author")
            return
        for row in reader:
            cells = {name: cell for name, cell in row.items() if name and isinstance(cell, str)}
            yield _row(f"line {line}", cells)
            line = reader.line_num + 1
    except csv.Error as error:
        complaints.add(line, "", f"is no CSV ({error}); what follows is left out")


def _row(place: str, cells: dict[str, str]) -> Record:
    ids = ("DOI", "Archive Location", "Report Number", "Number")
    return Record(
        place,
        title=cells.get("Title", ""),
        abstract=cells.get("Abstract Note", "")[:_MOST_CELL],
        authors=tuple(cells.get("Author", "").split(";")),
        venue=cells.get("Publication Title", ""),
        ids=tuple(cells[name] for name in ids if cells.get(name)),
        urls=(cells["Url"],) if cells.get("Url") else (),
        notes=tuple(cells[name] for name in ("Extra", "Publication Title") if cells.get(name)),
    )


def read_rdf(text: str, complaints: Complaints) -> Iterator[Record]:
    """Yield the items of an RDF export; a document type is refused, since its entities can grow."""
    if _DECLARES.search(text):
        complaints.add(0, "", "declares a document type, which no export needs; refused")
        return
    try:
        root = ET.fromstring(text)  # noqa: S314  what makes it unsafe is refused above
    except ET.ParseError as error:
        complaints.add(error.position[0], "", f"is no XML ({error})")
        return
    except (ValueError, RecursionError) as error:
        complaints.add(0, "", f"is no XML ({error})")
        return
    number = 0
    for node in root:
        kind = _text(node, "z:itemType")
        if kind and kind not in _NO_PAPER:
            number += 1
            yield _item(f"item {number}", node)
    if not number:
        complaints.add(0, "", "holds no item of Zotero", "export it as Zotero RDF")


def _item(place: str, node: ET.Element) -> Record:
    people = node.findall("bib:authors/rdf:Seq/rdf:li/foaf:Person", _SPACES)
    told = [one.text or "" for one in node.findall("dc:identifier", _SPACES)]
    urls = [one.text or "" for one in node.findall("dc:identifier/dcterms:URI/rdf:value", _SPACES)]
    within = [one.text or "" for one in node.findall("dcterms:isPartOf/*/dc:identifier", _SPACES)]
    return Record(
        place,
        title=_text(node, "dc:title"),
        abstract=_text(node, "dcterms:abstract"),
        authors=tuple(f"{_text(one, 'foaf:givenName')} {_surname(one)}" for one in people),
        venue=_text(node, "dcterms:isPartOf/*/dc:title"),
        ids=tuple(re.sub(r"^DOI\s", "", one.strip()) for one in (*told, *within)),
        urls=tuple(urls),
        notes=(_text(node, "dc:description"), _text(node, "prism:number")),
    )


def _surname(person: ET.Element) -> str:
    return _text(person, "foaf:surname")


def _text(node: ET.Element, path: str) -> str:
    found = node.find(path, _SPACES)
    return (found.text or "").strip() if found is not None else ""
