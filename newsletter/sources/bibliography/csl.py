"""CSL-JSON, as Zotero, Mendeley and others export it (citeproc-js, "Citation Style Language" 1.0)."""

import json
from collections.abc import Iterator

from newsletter.sources.bibliography.items import Record
from newsletter.sources.complaints import Complaints
from newsletter.sources.json_fields import JsonFields
from newsletter.sources.row import Raw


def read_csl(text: str, complaints: Complaints) -> Iterator[Record]:
    """Yield the items of a list, or of one under `items`; complain of what is none."""
    items = _items(text, complaints)
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield _record(f"item {number}", JsonFields(item))
        else:
            complaints.add(0, f"item {number}", "is no {…}")


def _items(text: str, complaints: Complaints) -> list[Raw]:
    try:
        value: Raw = json.loads(text)
    except json.JSONDecodeError as error:
        complaints.add(error.lineno, "", f"is no JSON ({error.msg})")
        return []
    except (ValueError, RecursionError):
        complaints.add(0, "", "is too deep, or holds a number too long")
        return []
    found = value.get("items") if isinstance(value, dict) else value
    if isinstance(found, list):
        return found
    complaints.add(0, "", "holds no list of items", "export it as CSL JSON")
    return []


def _record(place: str, item: JsonFields) -> Record:
    names = (_name(one) for one in item.parts("author"))
    keys = ("DOI", "number", "archive_location", "id")
    return Record(
        place,
        title=item.text("title", 2_000) or "",
        abstract=item.prose("abstract") or "",
        authors=tuple(name for name in names if name),
        venue=item.text("container-title") or "",
        ids=tuple(text for key in keys if (text := item.text(key))),
        urls=tuple(text for key in ("URL",) if (text := item.text(key, 2_000))),
        notes=tuple(text for key in ("note", "container-title") if (text := item.text(key, 2_000))),
    )


def _name(name: JsonFields) -> str:
    parts = (name.text(key) for key in ("given", "non-dropping-particle", "family"))
    return " ".join(part for part in parts if part) or name.text("literal") or ""
