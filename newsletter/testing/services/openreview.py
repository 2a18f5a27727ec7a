"""Imitates api2.openreview.net: notes of a venue, each field wrapped, and the login."""

from typing import Final

from newsletter.testing.services.exchange import Call, JsonValue, Reply, json_reply
from newsletter.testing.services.faults import Fault
from newsletter.testing.services.world import Paper, hex_of, midnight, pick

VENUE: Final = "HARBOUR.cc/{year}/Conference"
"""Of a year; invented, like all that stands there."""
PASSWORD: Final = "open sesame"  # noqa: S105 - of an imitation
"""With any name it opens the login."""

_NO_ABSTRACT, _UNPUBLISHED = 0.1, 0.4
_DEFAULT, _MOST = 1_000, 1_000
_KINDS: Final = ("Conference", "Withdrawn_Submission", "Rejected_Submission")
_VENUES: Final = (
    "HARBOUR {year} poster",
    "HARBOUR {year} Withdrawn",
    "Submitted to HARBOUR {year}",
)


def answer(call: Call) -> Reply:
    """Return notes, or a token for whoever logs in."""
    if call.path == "/login":
        return _login(call)
    if Fault.NO_GUESTS in call.faults and call.header("Authorization") != f"Bearer {_token()}":
        return _error("ForbiddenError", "Guests may not read this at the moment", 403)
    if call.path == "/notes":
        return _notes(call)
    return _error("NotFoundError", "The route was not found", 404)


def _token() -> str:
    return hex_of("token of a login", 40)


def _error(name: str, message: str, status: int) -> Reply:
    record: JsonValue = {"name": name, "message": message, "status": status, "details": {}}
    return json_reply(record, status)


def _login(call: Call) -> Reply:
    posted = call.json_body()
    if not isinstance(posted, dict) or posted.get("password") != PASSWORD or not posted.get("id"):
        return _error("Error", "Invalid username or password", 400)
    return json_reply({"token": _token(), "user": {"id": "~Reader_One1"}})


def _notes(call: Call) -> Reply:
    wanted = call.query.get("content.venueid")
    one = call.query.get("id")
    offset, limit = call.number("offset", 0), call.number("limit", _DEFAULT)
    if offset is None or limit is None or limit > _MOST:
        return _error("ValidationError", f"limit must be a number up to {_MOST}", 400)
    if not wanted and not one:
        return _error("ValidationError", "content.venueid or id is required", 400)
    found = [
        paper
        for paper in call.world.papers
        if paper.is_reviewed
        and midnight(paper.first.day) <= call.now
        and (_venue_id(paper) == wanted or _id(paper) == one)
    ]
    notes: list[JsonValue] = [_note(paper) for paper in found[offset : offset + limit]]
    return json_reply({"notes": notes, "count": len(found)})


def _id(paper: Paper) -> str:
    return hex_of(f"{paper.key} forum", 10)


def _fate(paper: Paper) -> int:
    """Return what became of a submission: 0 accepted, 1 withdrawn, 2 rejected."""
    return (0, 0, 0, 0, 1, 2)[pick(f"{paper.key} fate", 6)]


def _venue_id(paper: Paper) -> str:
    conference = VENUE.format(year=paper.first.day.year)
    fate = _fate(paper)
    return conference if fate == 0 else f"{conference}/{_KINDS[fate]}"


def _note(paper: Paper) -> JsonValue:
    version = paper.first
    made = int(version.submitted_at.timestamp() * 1000)
    public = int(midnight(version.day).timestamp() * 1000)
    published: dict[str, JsonValue] = {}
    if paper.chance("printed") >= _UNPUBLISHED:
        published = {"pdate": public}
    venue = VENUE.format(year=version.day.year)
    identifier = _id(paper)
    names: list[JsonValue] = [person.name for person in paper.authors]
    tildes: list[JsonValue] = [f"~{person.name.replace(' ', '_')}1" for person in paper.authors]
    has_abstract = paper.chance("shown") >= _NO_ABSTRACT
    content: dict[str, JsonValue] = {
        "title": version.title,
        "authors": names,
        "authorids": tildes,
        "keywords": [paper.field, *(word.lower() for word in version.title.split()[:2])],
        "abstract": version.abstract if has_abstract else None,
        "pdf": f"/pdf/{hex_of(f'{paper.key} file', 40)}.pdf",
        "venue": _VENUES[_fate(paper)].format(year=version.day.year),
        "venueid": _venue_id(paper),
    }
    return {
        "id": identifier,
        "forum": identifier,
        "number": paper.number,
        "cdate": made,
        "tcdate": made,
        "mdate": public,
        "tmdate": public,
        "odate": public,
        **published,
        "version": 2,
        "domain": venue,
        "invitations": [f"{venue}/-/Submission"],
        "signatures": [f"{venue}/Submission{paper.number}/Authors"],
        "readers": ["everyone"],
        "writers": [venue],
        "content": {name: {"value": value} for name, value in content.items()},
    }
