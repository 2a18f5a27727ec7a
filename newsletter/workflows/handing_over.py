"""All that is stored of a person, as lines that a person can read."""

from collections.abc import Iterator, Mapping

from newsletter.model import Listing
from newsletter.rules.plain_records import JsonValue

_DOCUMENT = "document"
"""Handed over as it is written, beside the listings."""


def list_export(record: Mapping[str, JsonValue]) -> tuple[Listing, ...]:
    """Return what `export_person` found, a listing for each kind of record; none for what is empty."""
    return tuple(
        Listing(tuple(_rows(value)), title=_words(name))
        for name, value in record.items()
        if name != _DOCUMENT and not _is_empty(value)
    )


def _rows(value: JsonValue) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield from ((_words(key), _inline(one)) for key, one in value.items() if not _is_empty(one))
    elif isinstance(value, list):
        yield from ((str(number), _inline(one)) for number, one in enumerate(value, start=1))
    else:
        yield "", _inline(value)


def _inline(value: JsonValue) -> str:
    """Return a value as one line; what is empty in it is left out."""
    if isinstance(value, dict):
        kept = ((key, one) for key, one in value.items() if not _is_empty(one))
        return "; ".join(f"{_words(key).lower()}: {_nested(one)}" for key, one in kept)
    if isinstance(value, list):
        return ", ".join(_nested(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None else " ".join(str(value).split())


def _nested(value: JsonValue) -> str:
    return f"({_inline(value)})" if isinstance(value, dict) else _inline(value)


def _is_empty(value: JsonValue) -> bool:
    return value is None or value in ("", [], {})


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
