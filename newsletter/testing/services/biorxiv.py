"""Imitates the API of bioRxiv and medRxiv: `/details/SERVER/INTERVAL/CURSOR/json`."""

import re
from datetime import date, timedelta
from typing import Final

from newsletter.testing.services.exchange import Call, JsonValue, Reply, json_reply, text_reply
from newsletter.testing.services.faults import Fault
from newsletter.testing.services.world import Paper, Preprint, Version, feed_day, pick

_PAGE: Final = 30
_DETAILS: Final = re.compile(
    r"/details/(?P<server>biorxiv|medrxiv)/(?P<interval>\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d|\d+d?)"
    r"(?:/(?P<cursor>\d+))?(?:/json)?"
)
_ONE: Final = re.compile(
    r"/details/(?P<server>biorxiv|medrxiv)/(?P<doi>10\.\d+/[^/]+)/na(?:/json)?"
)
_TYPES: Final = ("new results", "confirmatory results", "contradictory results")
_LICENCES: Final = ("cc_by", "cc_by_nc_nd", "cc_no", "cc0")

Posted = tuple[Paper, Preprint, Version]


def answer(call: Call) -> Reply:
    """Return the answer of the API, whose errors come with 200."""
    if found := _ONE.fullmatch(call.path):
        wanted = [one for one in _posted(call, found["server"]) if one[1].doi == found["doi"]]
        return _page(call, wanted, {"status": "ok", "doi": found["doi"]})
    if not (found := _DETAILS.fullmatch(call.path)):
        if not call.path.startswith("/details/"):
            return text_reply("Not Found", 404)
        return _message({"status": "error: wrong format; use /details/[server]/[interval]"})
    chosen = _within(call, _posted(call, found["server"]), found["interval"])
    if category := call.query.get("category"):
        wanted_category = category.replace("_", " ").lower()
        chosen = [one for one in chosen if one[1].category == wanted_category]
    cursor = int(found["cursor"] or 0)
    head: dict[str, JsonValue] = {
        "status": "ok",
        "category": category or "all",
        "interval": found["interval"].replace("/", ":"),
        "cursor": cursor if cursor == 0 else str(cursor),
    }
    return _page(call, chosen, head, cursor)


def _posted(call: Call, server: str) -> list[Posted]:
    """Return every version that was posted until today, the oldest first."""
    today = feed_day(call.now)
    found = [
        (paper, paper.preprint, version)
        for paper in call.world.papers
        if paper.preprint and paper.preprint.server == server
        for version in paper.versions
        if version.day <= today
    ]
    return sorted(found, key=lambda one: one[2].day)


def _within(call: Call, posted: list[Posted], interval: str) -> list[Posted]:
    if interval.isdigit():
        return posted[-int(interval) :]
    if interval.endswith("d"):
        until = feed_day(call.now)
        since = until - timedelta(days=int(interval[:-1]))
    else:
        since, until = (_day(text) for text in interval.split("/"))
    return [one for one in posted if since <= one[2].day <= until]


def _day(text: str) -> date:
    """Return a day; one that is not there is one without posts."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.max


def _page(call: Call, posted: list[Posted], head: dict[str, JsonValue], cursor: int = 0) -> Reply:
    page = posted[cursor : cursor + _PAGE]
    if not page or Fault.NO_POSTS in call.faults:
        return _message({"status": "no posts found"})
    if "interval" in head:
        first = sum(version.number == 1 for _, _, version in posted)
        head |= {"count": len(page), "count_new_papers": str(first), "total": str(len(posted))}
    is_unpadded = Fault.UNPADDED in call.faults
    return json_reply(
        {
            "messages": [head],
            "collection": [_record(*one, is_unpadded=is_unpadded) for one in page],
        }
    )


def _message(head: dict[str, JsonValue]) -> Reply:
    return json_reply({"messages": [head], "collection": []})


def _record(paper: Paper, preprint: Preprint, version: Version, *, is_unpadded: bool) -> JsonValue:
    day = version.day
    is_padded = preprint.is_padded and not is_unpadded
    name = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}[preprint.server]
    last = preprint.doi.partition("/")[2]
    corresponding = paper.authors[-1]
    return {
        "title": version.title,
        "authors": "; ".join(_author(one.family, one.given) for one in paper.authors),
        "author_corresponding": corresponding.name,
        "author_corresponding_institution": paper.organization,
        "doi": preprint.doi,
        "date": f"{day}" if is_padded else f"{day.year}-{day.month}-{day.day}",
        "version": str(version.number),
        "type": _TYPES[pick(f"{paper.key} type", len(_TYPES))],
        "license": _LICENCES[pick(f"{paper.key} licence", len(_LICENCES))],
        "category": preprint.category,
        "jatsxml": f"https://www.{preprint.server}.org/content/early/{day:%Y/%m/%d}/{last}.source.xml",
        "abstract": glued(paper, version),
        "funder": "NA",
        "published": "NA",
        "server": name,
    }


def _author(family: str, given: str) -> str:
    return f"{family}, {' '.join(part[0] + '.' for part in given.split())}"


def glued(paper: Paper, version: Version) -> str:
    """Return the abstract; in some a heading is glued to its first word."""
    if pick(f"{paper.key} glued", 3):
        return version.abstract
    return f"Background{version.abstract.replace('. ', '. Results', 1)}"
