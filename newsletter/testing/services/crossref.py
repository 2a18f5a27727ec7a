"""Imitates api.crossref.org/works: by query and filter, with a cursor, and one work by its DOI."""

import base64
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Final
from urllib.parse import unquote

from newsletter.testing.services.crossref_items import Item, item_json
from newsletter.testing.services.exchange import Call, JsonValue, Reply, json_reply, text_reply
from newsletter.testing.services.world import Paper, midnight

_WORKS: Final = "/works"
_DEFAULT, _MOST = 20, 1_000
_REGISTERED: Final = timedelta(hours=10)
_PRINTED: Final = timedelta(days=2, hours=14)
_FILTERS: Final = frozenset(
    {"type", "prefix", "has-abstract"}
    | {f"{a}-{b}-date" for a in ("from", "until") for b in ("created", "posted", "pub", "index")}
)
_START: Final = "*"


class _RefusedError(Exception):
    """A part of the question that cannot be used."""

    def __init__(self, *, kind: str, value: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind
        self.value = value


def answer(call: Call) -> Reply:
    """Return the answer of the API, which names the pool one is in."""
    is_one = call.path.startswith(_WORKS + "/")
    reply = _one(call) if is_one else _works(call)
    return replace(reply, headers={**_pool(call, is_one=is_one), **reply.headers})


def _pool(call: Call, *, is_one: bool) -> dict[str, str]:
    agent = call.header("User-Agent") or ""
    is_polite = bool(call.query.get("mailto")) or "mailto:" in agent
    limits = {(False, False): 1, (False, True): 5, (True, False): 3, (True, True): 10}
    kind = "single" if is_one else "array"
    return {
        "x-rate-limit-limit": str(limits[is_polite, is_one]),
        "x-rate-limit-interval": "1s",
        "x-concurrency-limit": "3" if is_polite else "1",
        "x-api-pool": f"{'polite' if is_polite else 'public'}-{kind}",
    }


def _registered(call: Call) -> list[Item]:
    """Return every work that has been registered by now."""
    items = chain.from_iterable(map(_items, call.world.papers))
    return [item for item in items if item.created_at <= call.now]


def _items(paper: Paper) -> list[Item]:
    first = midnight(paper.first.day)
    if paper.preprint:
        return [Item(paper, "posted-content", paper.preprint.doi, first + _REGISTERED)]
    if paper.doi:
        return [Item(paper, "journal-article", paper.doi, first + _PRINTED)]
    return []


def _one(call: Call) -> Reply:
    doi = unquote(call.path.removeprefix(_WORKS + "/")).lower()
    for item in _registered(call):
        if item.doi.lower() == doi:
            return json_reply(
                {
                    "status": "ok",
                    "message-type": "work",
                    "message-version": "1.0.0",
                    "message": item_json(item, ()),
                }
            )
    return text_reply("Resource not found.", 404)


def _works(call: Call) -> Reply:
    if call.path != _WORKS:
        return text_reply("Resource not found.", 404)
    try:
        return _list(call)
    except _RefusedError as error:
        is_cursor = error.kind == "cursor-invalid"
        return json_reply(
            {
                "status": "failed",
                "message-type": "resource-failure" if is_cursor else "validation-failure",
                "message": [{"type": error.kind, "value": error.value, "message": str(error)}],
            },
            404 if is_cursor else 400,
        )


def _list(call: Call) -> Reply:
    query = call.query
    found = _ordered(call, _matching(call, _registered(call)))
    rows = call.number("rows", _DEFAULT)
    if rows is None or rows > _MOST:
        message = f"Integer specified as {query.get('rows')} but must be at most {_MOST}"
        raise _RefusedError(kind="integer-not-valid", value=query.get("rows", ""), words=message)
    cursor = query.get("cursor")
    start = _place(cursor) if cursor else call.number("offset", 0) or 0
    select = [name for name in query.get("select", "").split(",") if name]
    page: list[JsonValue] = [item_json(item, select) for item in found[start : start + rows]]
    message_: dict[str, JsonValue] = {"facets": {}}
    if cursor:  # it is given even when nothing comes after it
        message_["next-cursor"] = _cursor(start + len(page))
    message_ |= {
        "total-results": len(found),
        "items": page,
        "items-per-page": rows,
        "query": {"start-index": start, "search-terms": query.get("query")},
    }
    return json_reply(
        {
            "status": "ok",
            "message-type": "work-list",
            "message-version": "1.0.0",
            "message": message_,
        }
    )


def _cursor(place: int) -> str:
    return base64.b64encode(f"place/{place}+".encode()).decode()


def _place(cursor: str) -> int:
    if cursor == _START:
        return 0
    try:
        found = re.fullmatch(r"place/(\d+)\+", base64.b64decode(cursor, validate=True).decode())
    except ValueError:
        found = None
    if not found:
        raise _RefusedError(
            kind="cursor-invalid", value=cursor, words="Cursor specified but it is invalid"
        )
    return int(found[1])


def _matching(call: Call, items: list[Item]) -> list[Item]:
    """Return the items that pass the filters and have any word of the query."""
    types: list[str] = []
    for part in call.query.get("filter", "").split(","):
        name, _, value = part.partition(":")
        if name and name not in _FILTERS:
            message = f"Filter {name} specified but there is no such filter for this route"
            raise _RefusedError(kind="filter-not-available", value=name, words=message)
        if name == "type":
            types.append(value)
        elif name == "prefix":
            items = [item for item in items if item.doi.startswith(value)]
        elif name == "has-abstract":
            items = [item for item in items if item.has_abstract == (value in {"1", "true"})]
        elif name:
            items = [item for item in items if _is_within(name, item.created_at, value)]
    if types:
        items = [item for item in items if item.kind in types]
    words = set(re.findall(r"\w+", call.query.get("query", "").lower()))
    return [item for item in items if not words or words & item.words()]


def _is_within(name: str, moment: datetime, value: str) -> bool:
    """Whether a moment is within a filter of days; these are told in UTC."""
    try:
        day = datetime.combine(date.fromisoformat(value), time(), UTC)
    except ValueError as error:
        message = f"Date specified as {value} but must be of the form: YYYY-MM-DD"
        raise _RefusedError(kind="date-not-valid", value=value, words=message) from error
    is_from = name.startswith("from")
    return moment >= day if is_from else moment < day + timedelta(days=1)


def _ordered(call: Call, items: Sequence[Item]) -> list[Item]:
    is_falling = call.query.get("order", "desc") == "desc"
    if call.query.get("sort"):
        return sorted(items, key=lambda item: item.created_at, reverse=is_falling)
    words = set(re.findall(r"\w+", call.query.get("query", "").lower()))
    return sorted(items, key=lambda item: -len(words & item.words()))
