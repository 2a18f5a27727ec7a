"""Imitates export.arxiv.org/api/query: papers by id and by search, page by page."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha1
from typing import Final
from urllib.parse import quote

from newsletter.testing.services.arxiv_search import UnreadableError, read_search
from newsletter.testing.services.exchange import Call, Reply, seconds_stamp
from newsletter.testing.services.faults import Fault
from newsletter.testing.services.world import Paper, Version, feed_day, pick
from newsletter.testing.services.xml_text import HEAD, around, element

_LAGS: Final = timedelta(hours=2)
"""The API knows later than the feeds what was announced."""
_LAGS_MORE: Final = timedelta(days=1)
_DEFAULT, _SLICE, _MOST = 10, 2_000, 30_000
_ID: Final = re.compile(
    r"(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v(?P<version>\d+))?"
)
_ROOT: Final = {
    "xmlns:opensearch": "http://a9.com/-/spec/opensearch/1.1/",
    "xmlns:arxiv": "http://arxiv.org/schemas/atom",
    "xmlns": "http://www.w3.org/2005/Atom",
}
_SCHEME: Final = "http://arxiv.org/schemas/atom"

Shown = tuple[Paper, Version]


@dataclass(frozen=True, slots=True)
class _Wish:
    search: str
    ids: str
    start: int
    most: int


class _RefusedError(ValueError):
    """The question cannot be answered; the words are for the entry that says so."""


def answer(call: Call) -> Reply:
    """Return a feed: of papers, or with one entry that says what is wrong."""
    if not call.header("Accept"):
        return Reply(406, b"", "text/html")
    if call.faults & {Fault.ERROR_400, Fault.ERROR_200}:
        status = 200 if Fault.ERROR_200 in call.faults else 400
        return _error("the query could not be processed", status, call.now)
    try:
        wish = _read(call.query)
        found = _ordered(call, _found(call, wish))
    except _RefusedError as error:
        return _error(str(error), 400, call.now)
    page = found[wish.start : wish.start + min(wish.most, _SLICE)]
    is_middle = 0 < wish.start < len(found)
    if Fault.EMPTY in call.faults or (is_middle and Fault.EMPTY_PAGE in call.faults):
        page = []
    return _feed(wish, len(found), page, call.now)


def _read(query: Mapping[str, str]) -> _Wish:
    numbers = []
    for name, default in (("start", 0), ("max_results", _DEFAULT)):
        written = query.get(name, str(default))
        if not written.isdigit():
            raise _RefusedError(f"{name} must be an integer")
        numbers.append(int(written))
    if sum(numbers) > _MOST:
        raise _RefusedError(f"start + max_results must not be more than {_MOST}")
    return _Wish(query.get("search_query", ""), query.get("id_list", ""), *numbers)


def _found(call: Call, wish: _Wish) -> list[Shown]:
    lag = _LAGS + _LAGS_MORE * (Fault.LAGGING in call.faults)
    known = {
        paper.arxiv_id: (paper, version)
        for paper in call.world.papers
        if paper.arxiv_id and (version := paper.known(feed_day(call.now - lag)))
    }
    found = _by_id(known, wish.ids) if wish.ids else list(known.values())
    if not wish.search:
        return found if wish.ids else []
    try:
        test = read_search(wish.search)
    except UnreadableError as error:
        raise _RefusedError(f"incorrect query: {wish.search}") from error
    return [shown for shown in found if test(*shown)]


def _by_id(known: Mapping[str, Shown], written: str) -> list[Shown]:
    found = []
    for wanted in written.split(","):
        read = _ID.fullmatch(wanted.strip())
        if not read:
            raise _RefusedError(f"incorrect id format for {wanted}")
        if read["id"] not in known:
            continue
        paper, latest = known[read["id"]]
        number = int(read["version"] or latest.number)
        found += [(paper, one) for one in paper.versions if one.number == number <= latest.number]
    return found


def _ordered(call: Call, found: list[Shown]) -> list[Shown]:
    is_rising = call.query.get("sortOrder") == "ascending"
    match call.query.get("sortBy", "relevance"):
        case "relevance":
            return found
        case "submittedDate":
            return sorted(found, key=lambda one: one[0].first.submitted_at, reverse=not is_rising)
        case "lastUpdatedDate":
            return sorted(found, key=lambda one: one[1].submitted_at, reverse=not is_rising)
    message = "sortBy must be in: relevance, lastUpdatedDate, submittedDate"
    raise _RefusedError(message)


def _feed(wish: _Wish, total: int, page: list[Shown], now: datetime) -> Reply:
    search = wish.search if ":" in wish.search or not wish.search else f"all:{wish.search}"
    said = f"search_query={search}&id_list={wish.ids}&start={wish.start}&max_results={wish.most}"
    linked = f"search_query={quote(search)}&start={wish.start}&max_results={wish.most}&id_list={wish.ids}"
    digest = sha1(said.encode(), usedforsecurity=False).digest()
    address = f"https://arxiv.org/api/query?{linked}"
    head = [
        element("id", f"https://arxiv.org/api/{base64.b64encode(digest).decode().rstrip('=')}"),
        element("title", f"arXiv Query: {said}"),
        element("updated", seconds_stamp(now)),
        element("link", "", {"href": address, "type": "application/atom+xml"}),
    ]
    return _reply([*head, *_counts(wish.most, total, wish.start), *(_entry(*one) for one in page)])


def _counts(asked: int, total: int, start: int) -> list[str]:
    numbers = {"itemsPerPage": asked, "totalResults": total, "startIndex": start}
    return [element(f"opensearch:{name}", str(number)) for name, number in numbers.items()]


def _reply(parts: list[str], status: int = 200) -> Reply:
    body = (HEAD + around("feed", parts, _ROOT) + "\n").encode()
    return Reply(status, body, "application/atom+xml; charset=utf-8")


def _entry(paper: Paper, version: Version) -> str:
    """Return an entry with its children in the order of today's service."""
    where = f"arxiv.org/abs/{paper.arxiv_id}v{version.number}"
    pdf = {
        "href": f"https://arxiv.org/pdf/{paper.arxiv_id}v{version.number}",
        "rel": "related",
        "type": "application/pdf",
        "title": "pdf",
    }
    page = {"href": f"https://{where}", "rel": "alternate", "type": "text/html"}
    parts = [
        element("id", f"http://{where}"),
        element("title", version.title),
        element("updated", seconds_stamp(version.submitted_at)),
        element("link", "", page),
        element("link", "", pdf),
        element("summary", _summary(paper, version)),
        *(element("category", "", {"term": term, "scheme": _SCHEME}) for term in _terms(paper)),
        element("published", seconds_stamp(paper.first.submitted_at)),
    ]
    if version.comment:
        parts.append(element("arxiv:comment", version.comment))
    parts.append(element("arxiv:primary_category", "", {"term": paper.categories[0]}))
    if paper.journal:
        parts.append(element("arxiv:journal_ref", paper.journal))
    return around("entry", [*parts, *_authors(paper), *_doi(paper)])


def _terms(paper: Paper) -> tuple[str, ...]:
    """Return the categories; of some papers there are classes of the ACM or the MSC among them."""
    extra = ("I.2.6", "62G10")[paper.number % 2 : paper.number % 2 + 1]
    return (*paper.categories, *(extra if pick(f"{paper.key} class", 6) == 0 else ()))


def _summary(paper: Paper, version: Version) -> str:
    """Return the abstract; of some papers with a line break, or two spaces before it."""
    match pick(f"{paper.key} blanks", 10):
        case 0:
            return version.abstract.replace(". ", ".\n", 1)
        case 1:
            return f"  {version.abstract}"
    return version.abstract


def _authors(paper: Paper) -> list[str]:
    written = []
    for person in paper.authors:
        parts = [element("name", person.name)]
        if person.affiliation:
            parts.append(element("arxiv:affiliation", person.affiliation))
        written.append(around("author", parts))
    return written


def _doi(paper: Paper) -> list[str]:
    if not paper.doi:
        return []
    link = {"rel": "related", "href": f"https://doi.org/{paper.doi}", "title": "doi"}
    return [element("arxiv:doi", paper.doi), element("link", "", link)]


def _error(text: str, status: int, now: datetime) -> Reply:
    """Return the feed with one entry that is no paper."""
    place = f"https://arxiv.org/api/errors#{text.replace(' ', '_')}"
    entry = [
        element("id", place),
        element("title", "Error"),
        element("updated", seconds_stamp(now)),
        element("link", "", {"href": place, "rel": "alternate", "type": "text/html"}),
        element("summary", text),
        around("author", [element("name", "arXiv api core")]),
    ]
    head = [
        element("id", "https://arxiv.org/"),
        element("title", "arXiv Search Results"),
        element("updated", seconds_stamp(now)),
    ]
    return _reply([*head, *_counts(1, 1, 0), around("entry", entry)], status)
