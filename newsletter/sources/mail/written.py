"""Entries that somebody wrote into a mail as YAML or JSON, with the keys of a `file` source."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

from newsletter.errors import SourceError
from newsletter.model import FetchedEntry, SourceName
from newsletter.sources.complaints import Complaints
from newsletter.sources.fields import Fields
from newsletter.sources.gathering import links_of
from newsletter.sources.mail.papers import PaperIds
from newsletter.sources.row import Raw, Row
from newsletter.sources.row_entries import announce_row
from newsletter.sources.yaml_rows import read_yaml

_PLACE: Final = "entries"
_MOST_CHARACTERS: Final = 500_000
_MOST_ENTRIES: Final = 500
_LIST: Final = re.compile(r"entries\s*:\s*$|-\s+[a-z_]{2,20}\s*:(?:\s|$)", re.IGNORECASE)
_SINGLE: Final = re.compile(r"title\s*:\s+\S")
_GOES_ON: Final = re.compile(r"\s|-(?:\s|$)|#|[a-z_]{2,20}\s*:(?:\s|$)")
_ONLY_KEYS_GO_ON: Final = re.compile(r"\s|#|[a-z_]{2,20}\s*:(?:\s|$)")
_FENCE: Final = re.compile(r"\s*(?:```\w*|---|\.\.\.)\s*$")
_INVISIBLE: Final = str.maketrans(
    {"\u00a0": " ", "\t": "  ", "\u200b": None, "\ufeff": None, "\r": None}
)


def read_written(
    lines: Sequence[str], source: SourceName, topics: tuple[str, ...]
) -> tuple[tuple[FetchedEntry, ...], tuple[str, ...]] | None:
    """Return the entries in some lines and what is wrong with them; None when there is no block.

    The block begins with `entries:`, `- title: …`, `title: …` or a bracket; what stands above it and
    below it is passed over. Lines are counted from its first one.
    """
    tidied = [line.translate(_INVISIBLE).rstrip() for line in lines]
    for at, line in enumerate(tidied):
        if _LIST.match(line):
            return _announced(_yaml("\n".join(_block(tidied[at:], _GOES_ON))), source, topics)
        if _SINGLE.match(line):
            return _announced(
                _yaml(_as_list(_block(tidied[at:], _ONLY_KEYS_GO_ON))), source, topics
            )
        if line.startswith(("[{", "{", "[")) and _looks_like_json(tidied[at : at + 3]):
            return _announced(_json("\n".join(tidied[at:])), source, topics)
    return None


def _looks_like_json(lines: Sequence[str]) -> bool:
    """`[1]` and `[text](address)` begin with a bracket too."""
    return re.match(r'\[?\s*\{\s*"|\[\s*$', "".join(lines)[:200]) is not None


def _block(lines: Sequence[str], goes_on: re.Pattern[str]) -> list[str]:
    """Return the lines of a block, without the greeting below it."""
    kept: list[str] = []
    for line in lines:
        if _FENCE.match(line):
            break
        if line and not goes_on.match(line):
            break
        kept.append(line)
    return kept


def _as_list(lines: Sequence[str]) -> str:
    """Return the keys of one entry, or of some with empty lines between them, as a list."""
    shown: list[str] = []
    for line in lines:
        opens = _SINGLE.match(line) is not None
        shown.append(f"- {line}" if opens else f"  {line}")
    return "\n".join(shown)


def _yaml(text: str) -> Sequence[Row | int] | str:
    try:
        return read_yaml(text[:_MOST_CHARACTERS], Path(_PLACE))
    except SourceError as error:
        return str(error)


def _json(text: str) -> Sequence[Row | int] | str:
    try:
        value = cast("Raw", json.JSONDecoder().raw_decode(text[:_MOST_CHARACTERS])[0])
    except (ValueError, RecursionError) as error:
        said = error.msg if isinstance(error, json.JSONDecodeError) else "it goes too deep"
        return f"{_PLACE}: is no JSON ({said})"
    if isinstance(value, dict):
        inner = value.get("entries")
        value = inner if isinstance(inner, list) else [value]
    listed = value if isinstance(value, list) else []
    return [Row(at, one) if isinstance(one, dict) else at for at, one in enumerate(listed, 1)]


def _announced(
    rows: Sequence[Row | int] | str, source: SourceName, topics: tuple[str, ...]
) -> tuple[tuple[FetchedEntry, ...], tuple[str, ...]]:
    if isinstance(rows, str):
        return (), (rows,)
    complaints = Complaints(_PLACE)
    entries: list[FetchedEntry] = []
    taken: set[str] = set()
    for row in rows[:_MOST_ENTRIES]:
        if isinstance(row, int):
            complaints.add(row, "", "is no entry", "write keys and values, with a title")
            continue
        entry = announce_row(Fields(row, complaints), source, topics, taken)
        if entry:
            taken.add(entry.source_id)
            entries.append(_with_links(entry))
    if len(rows) > _MOST_ENTRIES:
        complaints.add(0, "", f"has more than {_MOST_ENTRIES} entries; the rest is left out")
    return tuple(entries), complaints.sentences()


def _with_links(entry: FetchedEntry) -> FetchedEntry:
    """Return an entry whose ids are named with the page that they lead to, where no link was given."""
    if entry.content.links:
        return entry
    links = links_of(PaperIds(entry.arxiv_id, entry.version, entry.doi).pages())
    return replace(entry, content=replace(entry.content, links=links))
