"""Imitates the papers of Hugging Face: daily lists that grow, and one paper."""

import re
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit

from newsletter.testing.services.exchange import Call, JsonValue, Reply, json_reply
from newsletter.testing.services.faults import Fault
from newsletter.testing.services.hub_papers import paper_json, wrapper_json
from newsletter.testing.services.mishaps import too_many
from newsletter.testing.services.world import Hub, Paper, hub_day, hub_opens

_LISTS: Final = "/api/daily_papers"
_PAPER: Final = "/api/papers/"
_DEFAULT, _MOST = 50, 100
_MOST_FOUND: Final = 120
_QUOTA, _QUOTA_WITH_TOKEN, _WINDOW_S = 500, 1_000, 300
_FIRST_DAY: Final = date(2023, 5, 4)
_WEEK_BEGINS_EARLIER: Final = timedelta(days=3)
"""The list of a week begins with the Friday before it."""


def answer(call: Call) -> Reply:
    """Return the answer of the API, which tells how much of the quota is left."""
    quota = _QUOTA_WITH_TOKEN if call.header("Authorization") else _QUOTA
    left = quota - call.count
    if left < 0:
        return too_many(call)
    reply = _answer(call)
    resets_in = _WINDOW_S - int(call.now.timestamp()) % _WINDOW_S
    headers = {
        "RateLimit": f'"api";r={left};t={resets_in}',
        "RateLimit-Policy": f'"fixed window";"api";q={quota};w={_WINDOW_S}',
    }
    return Reply(reply.status, reply.body, reply.content_type, {**headers, **reply.headers})


def _answer(call: Call) -> Reply:
    if call.path == _LISTS:
        return _list(call)
    if call.path == _PAPER + "search":
        return _search(call)
    if call.path.startswith(_PAPER):
        return _paper(call)
    return _error("Not Found", 404)


def _error(text: str, status: int) -> Reply:
    return json_reply({"error": text}, status)


def listed(call: Call) -> list[tuple[Paper, Hub]]:
    """Return the papers that are on a list by now."""
    if Fault.NO_LISTS in call.faults:
        return []
    return [
        (paper, paper.hub)
        for paper in call.world.papers
        if paper.hub and paper.hub.joins_at <= call.now
    ]


def _list(call: Call) -> Reply:
    page, limit = call.number("p", 0), call.number("limit", _DEFAULT)
    if page is None or limit is None or not 1 <= limit <= _MOST:
        return _error(f"limit must be a number from 1 to {_MOST}, p from 0", 400)
    found = _chosen(call)
    if isinstance(found, str):
        return _error(found, 400)
    if submitter := call.query.get("submitter"):
        found = [one for one in found if f"reader-{one[0].number % 9}" == submitter]
    rest = found[page * limit :]
    items: list[JsonValue] = [wrapper_json(paper, hub, call.now) for paper, hub in rest[:limit]]
    if len(rest) <= limit:
        return json_reply(items)
    following = urlencode({"p": page + 1, "limit": limit} | _kept(call))
    path = urlsplit(call.url).path + _LISTS  # there it is `</api/daily_papers?…>`
    return json_reply(items, headers={"Link": f'<{path}?{following}>; rel="next"'})


def _kept(call: Call) -> dict[str, str]:
    return {key: value for key, value in call.query.items() if key not in {"p", "limit"}}


def _chosen(call: Call) -> list[tuple[Paper, Hub]] | str:
    """Return what a list holds, in its order, or what is wrong with the question."""
    everything = listed(call)
    if call.query.get("sort", "publishedAt") not in {"publishedAt", "trending"}:
        return "Invalid option: expected one of publishedAt | trending"
    for name, read in (("date", _of_day), ("week", _of_week), ("month", _of_month)):
        if written := call.query.get(name):
            days = read(written)
            if days is None:
                return f"Invalid {name}"
            if hub_opens(days[0]) > call.now:
                return f"{name} must be at or before {hub_day(call.now)}"
            return _by_upvotes(
                [one for one in everything if days[0] <= one[1].day <= days[1]], call.now
            )
    if call.query.get("sort") == "trending":
        return sorted(everything, key=lambda one: one[0].chance(f"trend {call.now.date()}"))
    return sorted(_by_upvotes(everything, call.now), key=lambda one: one[1].day, reverse=True)


def _by_upvotes(found: list[tuple[Paper, Hub]], now: datetime) -> list[tuple[Paper, Hub]]:
    """Order the papers of a list: by up-votes, then by their place in the feed."""
    return sorted(found, key=lambda one: (-one[1].upvotes_at(now), one[0].number))


def _of_day(written: str) -> tuple[date, date] | None:
    try:
        day = date.fromisoformat(written) if re.fullmatch(r"\d{4}-\d\d-\d\d", written) else None
    except ValueError:
        return None
    return (day, day) if day and day >= _FIRST_DAY else None


def _of_week(written: str) -> tuple[date, date] | None:
    found = re.fullmatch(r"(\d{4})-W(\d\d)", written)
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None
    return (monday - _WEEK_BEGINS_EARLIER, monday + timedelta(days=6)) if monday else None


def _of_month(written: str) -> tuple[date, date] | None:
    first = _of_day(written + "-01")
    if first is None:
        return None
    after = (first[0] + timedelta(days=31)).replace(day=1)
    return first[0], after - timedelta(days=1)


def _paper(call: Call) -> Reply:
    wanted = call.path.removeprefix(_PAPER)
    for paper, hub in listed(call):
        if paper.arxiv_id == wanted:
            counts: dict[str, JsonValue] = {}
            for kind in ("Models", "Datasets", "Spaces"):
                counts |= {f"linked{kind}": [], f"numTotal{kind}": 0}
            return json_reply(paper_json(paper, hub, call.now) | counts)
    return _error("Paper not found", 404)


def _search(call: Call) -> Reply:
    words = call.query.get("q", "").lower().split()
    found = [
        (paper, hub)
        for paper, hub in listed(call)
        if all(word in paper.first.title.lower() for word in words)
    ]
    most = min(call.number("limit", _MOST_FOUND) or _MOST_FOUND, _MOST_FOUND)
    return json_reply([_found(paper, hub, call.now) for paper, hub in found[:most]])


def _found(paper: Paper, hub: Hub, now: datetime) -> JsonValue:
    """Return what a search finds: the id has lost the zeros its number begins with."""
    month, _, number = (paper.arxiv_id or "").partition(".")
    record = wrapper_json(paper, hub, now)
    return {**record, "paper": paper_json(paper, hub, now) | {"id": f"{month}.{int(number)}"}}
