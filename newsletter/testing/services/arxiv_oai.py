"""Imitates arxiv.org/oai: records by the day of their last change (OAI-PMH 2.0)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from newsletter.testing.services.exchange import Call, Reply, seconds_stamp
from newsletter.testing.services.faults import Fault
from newsletter.testing.services.oai_records import METADATA, set_specs
from newsletter.testing.services.world import Paper, Version, feed_day
from newsletter.testing.services.xml_text import HEAD, around, element

_PAGE: Final = 20
_EARLIER: Final = timedelta(hours=2)
"""Records change at 22:00 in New York, two hours before the feeds."""
_LATER: Final = timedelta(days=2)
"""When the journal of a paper is added, which changes the datestamp and no version."""
_ROOT: Final = {
    "xmlns": "http://www.openarchives.org/OAI/2.0/",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": "http://www.openarchives.org/OAI/2.0/ "
    "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd",
}


class _RefusedError(Exception):
    """An error of the protocol (section 3.6): its code and its words."""

    def __init__(self, *, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Record:
    paper: Paper
    version: Version
    datestamp: date


def answer(call: Call) -> Reply:
    """Return what was asked for, or an error of the protocol, both with 200."""
    query = call.query
    try:
        body = _answer(call, query)
    except _RefusedError as error:
        body = element("error", str(error), {"code": error.code})
    asked = {} if body.startswith("<error") else query
    parts = [
        element("responseDate", seconds_stamp(call.now)),
        element("request", "http://oaipmh.arxiv.org/oai", asked),
        body,
    ]
    text = HEAD + around("OAI-PMH", parts, _ROOT) + "\n"
    return Reply(200, text.encode(), "text/xml")


def _answer(call: Call, query: Mapping[str, str]) -> str:
    match query.get("verb"):
        case "Identify":
            return _identify(call)
        case "GetRecord":
            return _get(call, query)
        case "ListRecords" | "ListIdentifiers" as verb:
            return _list(call, query, verb)
    raise _RefusedError(code="badVerb", words="Illegal verb")


def _identify(call: Call) -> str:
    facts = {
        "repositoryName": "arXiv",
        "baseURL": f"{call.url}/oai",
        "protocolVersion": "2.0",
        "adminEmail": "help@example.org",
        "earliestDatestamp": "2005-09-16",
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DD",
    }
    return around("Identify", [element(name, text) for name, text in facts.items()])


def _records(call: Call) -> list[_Record]:
    """Return every record as it is by now, by datestamp."""
    today = feed_day(call.now + _EARLIER)
    found = []
    for paper in call.world.papers:
        version = paper.known(today)
        if not paper.arxiv_id or version is None:
            continue
        stamped = version.day
        if paper.doi and paper.first.day + _LATER <= today:
            stamped = max(stamped, paper.first.day + _LATER)
        found.append(_Record(paper, version, stamped))
    return sorted(found, key=lambda one: one.datestamp)


def _get(call: Call, query: Mapping[str, str]) -> str:
    for record in _records(call):
        if query.get("identifier") == f"oai:arXiv.org:{record.paper.arxiv_id}":
            return around("GetRecord", [_write(record, _prefix(query))])
    raise _RefusedError(code="idDoesNotExist", words="Nothing found for this id")


def _prefix(query: Mapping[str, str]) -> str:
    prefix = query.get("metadataPrefix")
    if not prefix:
        raise _RefusedError(code="badArgument", words="metadataPrefix is missing")
    if prefix not in METADATA:
        raise _RefusedError(
            code="cannotDisseminateFormat", words=f"Did not recognize requested format {prefix}"
        )
    return prefix


def _list(call: Call, query: Mapping[str, str], verb: str) -> str:
    start = 0
    if token := query.get("resumptionToken"):
        if set(query) != {"verb", "resumptionToken"}:
            raise _RefusedError(
                code="badArgument", words="resumptionToken is an exclusive argument"
            )
        query, start = _resumed(call, token)
    prefix = _prefix(query)
    found = _chosen(_records(call), query)
    if not found:
        raise _RefusedError(
            code="noRecordsMatch", words="There are no records with these arguments"
        )
    page = found[start : start + _PAGE]
    whole = verb == "ListRecords"
    parts = [_write(record, prefix) if whole else _header(record) for record in page]
    if start + _PAGE < len(found):
        tomorrow = feed_day(call.now) + timedelta(days=1)
        expires = {"expirationDate": f"{tomorrow}T00:00:00Z"}
        parts.append(element("resumptionToken", _token(query, start + _PAGE), expires))
    elif start:
        parts.append(element("resumptionToken"))
    return around(verb, parts)


def _chosen(records: list[_Record], query: Mapping[str, str]) -> list[_Record]:
    try:
        since = date.fromisoformat(query.get("from", "2005-09-16"))
        until = date.fromisoformat(query.get("until", "9999-12-31"))
    except ValueError as error:
        raise _RefusedError(
            code="badArgument", words="date must be of the form YYYY-MM-DD"
        ) from error
    wanted = query.get("set", "")
    return [
        one
        for one in records
        if since <= one.datestamp <= until
        and (not wanted or any(_is_within(spec, wanted) for spec in set_specs(one.paper)))
    ]


def _is_within(spec: str, wanted: str) -> bool:
    return spec == wanted or spec.startswith(wanted + ":")


def _token(query: Mapping[str, str], start: int) -> str:
    words = [query.get(name, "") for name in ("metadataPrefix", "from", "until", "set")]
    return base64.urlsafe_b64encode("|".join([*words, str(start)]).encode()).decode()


def _resumed(call: Call, token: str) -> tuple[Mapping[str, str], int]:
    try:
        *words, start = base64.urlsafe_b64decode(token).decode().split("|")
        place = int(start)
    except ValueError:
        words, place = [], 0
    names = ("metadataPrefix", "from", "until", "set")
    if Fault.BAD_TOKEN in call.faults or len(words) != len(names):
        raise _RefusedError(code="badResumptionToken", words="The token is invalid or has expired")
    return {name: word for name, word in zip(names, words, strict=True) if word}, place


def _header(record: _Record) -> str:
    parts = [
        element("identifier", f"oai:arXiv.org:{record.paper.arxiv_id}"),
        element("datestamp", str(record.datestamp)),
        *(element("setSpec", spec) for spec in set_specs(record.paper)),
    ]
    return around("header", parts, {"status": "deleted"} if record.paper.is_withdrawn else None)


def _write(record: _Record, prefix: str) -> str:
    """Return a record; of one that is deleted there is a header only."""
    if record.paper.is_withdrawn:
        return around("record", [_header(record)])
    metadata = METADATA[prefix](record.paper, record.version)
    return around("record", [_header(record), around("metadata", [metadata])])
