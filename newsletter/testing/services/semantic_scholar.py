"""Imitates api.semanticscholar.org: search, search in bulk, batches by id."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from newsletter.testing.services.exchange import Call, JsonValue, Reply, json_reply
from newsletter.testing.services.faults import Fault
from newsletter.testing.services.scholar_papers import DEFAULT, FIELDS, identifiers, paper_json
from newsletter.testing.services.scholar_query import matches
from newsletter.testing.services.world import Paper, feed_day

_GRAPH: Final = "/graph/v1/paper"
_RECOMMENDED: Final = "/recommendations/v1/papers/forpaper/"
_DEFAULT, _MOST, _MOST_IN_ALL = 10, 100, 1_000
_BULK, _BATCH = 1_000, 500


def answer(call: Call) -> Reply:
    """Return the answer of the API; errors are objects with `error`."""
    fields = call.query.get("fields", ",".join(DEFAULT)).split(",")
    unknown = [name for name in fields if name.split(".")[0] not in FIELDS]
    if unknown:
        return _error(f"Unrecognized or unsupported fields: [{', '.join(unknown)}]")
    if find := _ROUTES.get(call.path.removeprefix(_GRAPH)):
        return find(call, fields)
    if call.path.startswith(_RECOMMENDED):
        return _recommended(call, fields)
    if call.path.startswith(f"{_GRAPH}/"):
        return _one(call, fields)
    return _error("Not Found", 404)


def _error(text: str, status: int = 400) -> Reply:
    return json_reply({"error": text}, status)


def _known(call: Call) -> list[Paper]:
    day = feed_day(call.now)
    return [paper for paper in call.world.papers if paper.first.day <= day]


def _found(call: Call) -> list[Paper]:
    if Fault.NO_DATA in call.faults:
        return []
    text = call.query["query"]
    return [
        paper
        for paper in _known(call)
        if _is_dated(paper, call.query)
        and matches(text, f"{paper.first.title} {paper.first.abstract}")
    ]


def _is_dated(paper: Paper, query: Mapping[str, str]) -> bool:
    """Whether a paper is within `year` and `publicationDateOrYear`; texts of dates sort as days."""
    day = f"{paper.first.submitted_at:%Y-%m-%d}"
    for name, separator in (("year", "-"), ("publicationDateOrYear", ":")):
        written = query.get(name)
        if not written:
            continue
        since, found, until = written.partition(separator)
        until = until if found else since
        if (since and day[: len(since)] < since) or (until and day[: len(until)] > until):
            return False
    return True


def _search(call: Call, fields: Sequence[str]) -> Reply:
    if not call.query.get("query"):
        return _error("Missing required parameter: query")
    offset, limit = call.number("offset", 0), call.number("limit", _DEFAULT)
    if offset is None or limit is None or not 1 <= limit <= _MOST:
        return _error(f"limit must be between 1 and {_MOST}")
    if offset + limit > _MOST_IN_ALL:
        return _error(f"offset + limit must be <= {_MOST_IN_ALL}")
    found = _found(call)
    if not found:  # there is no `data` then
        return json_reply({"total": 0, "offset": offset})
    page = found[offset : offset + limit]
    head: dict[str, JsonValue] = {"total": len(found), "offset": offset}
    if offset + limit < len(found):
        head["next"] = offset + limit
    return json_reply({**head, "data": [paper_json(paper, fields) for paper in page]})


def _bulk(call: Call, fields: Sequence[str]) -> Reply:
    if "query" not in call.query:
        return _error("Missing required parameter: query")
    found = _found(call)
    name, _, order = call.query.get("sort", "paperId:asc").partition(":")
    if name == "publicationDate":
        found.sort(key=lambda paper: paper.first.submitted_at, reverse=order == "desc")
    token = call.query.get("token", "T0")
    if not re.fullmatch(r"T\d+", token):
        return _error("Invalid token")
    start = int(token[1:])
    rest = len(found) - start - _BULK
    following = f"T{start + _BULK}" if rest > 0 else None
    if not found:
        return json_reply({"total": 0, "token": None})
    page = found[start : start + _BULK]
    data: list[JsonValue] = [paper_json(paper, fields) for paper in page]
    return json_reply({"total": len(found), "token": following, "data": data})


def _batch(call: Call, fields: Sequence[str]) -> Reply:
    posted = call.json_body()
    ids = posted.get("ids") if isinstance(posted, dict) else None
    if call.received.method != "POST" or not isinstance(ids, list) or not ids:
        return _error("No valid paper ids given")
    if len(ids) > _BATCH:
        return _error(f"More than {_BATCH} ids given")
    known = {name: paper for paper in _known(call) for name in identifiers(paper)}
    found: list[JsonValue] = []
    for place, wanted in enumerate(ids):
        paper = known.get(str(wanted).lower())
        is_lost = Fault.UNKNOWN_IDS in call.faults and place % 2 == 1
        found.append(None if paper is None or is_lost else paper_json(paper, fields))
    return json_reply(found)


def _one(call: Call, fields: Sequence[str]) -> Reply:
    wanted = call.path.removeprefix(f"{_GRAPH}/").lower()
    for paper in _known(call):
        if wanted in identifiers(paper):
            return json_reply(paper_json(paper, fields))
    return _error("Paper not found", 404)


def _recommended(call: Call, fields: Sequence[str]) -> Reply:
    wanted = call.path.removeprefix(_RECOMMENDED).lower()
    like = next((paper for paper in _known(call) if wanted in identifiers(paper)), None)
    if like is None:
        return _error("Paper not found", 404)
    near = [paper for paper in _known(call) if paper.field == like.field and paper != like]
    most = call.number("limit", _MOST) or _MOST
    return json_reply({"recommendedPapers": [paper_json(one, fields) for one in near[:most]]})


_ROUTES: Final[Mapping[str, Callable[[Call, Sequence[str]], Reply]]] = {
    "/search": _search,
    "/search/bulk": _bulk,
    "/batch": _batch,
}
