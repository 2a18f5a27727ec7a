"""One request to an imitated service, and its answer."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from newsletter.testing.services.faults import Fault
from newsletter.testing.services.world import World

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]

HTML: Final = "text/html; charset=utf-8"
_WORTH_PACKING: Final = 1_000


class Service(StrEnum):
    """What is imitated. The names are those of the kinds of sources, and paths of the server."""

    DAILY_PAPERS = "daily-papers"
    ARXIV = "arxiv"
    BIORXIV = "biorxiv"
    CROSSREF = "crossref"
    SEMANTIC_SCHOLAR = "semantic-scholar"
    OPENREVIEW = "openreview"
    BLOGS = "blogs"


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came, for the log."""

    service: str
    """The first part of its path; empty when that is no service."""
    method: str
    target: str
    """Path and query as they stood in the request line."""
    headers: tuple[tuple[str, str], ...]
    """As they came, in their order; each character is one byte (ISO 8859-1)."""
    body: bytes
    connection: int
    """Counts connections from 1: the same number is the same connection."""
    now: datetime
    """When it came by the clock of the server."""
    began_s: float
    """When its first line was read, on the machine's monotonic clock."""
    ended_s: float | None = None
    """When its answer was written, or given up; None: it is still being answered."""
    status: int | None = None
    """What it was answered; None: nothing."""

    @property
    def path(self) -> str:
        """The path below the service, e.g. `/rss/cs.LG`."""
        return self.target.split("?")[0].removeprefix(f"/{self.service}")

    @property
    def query(self) -> Mapping[str, str]:
        """The parameters, the last of each name."""
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    def header(self, name: str) -> str | None:
        """Return the value of a header as it came; None when there is none."""
        found = (value for known, value in self.headers if known.lower() == name.lower())
        return next(found, None)


@dataclass(frozen=True, slots=True)
class Call:
    """A request as a service looks at it."""

    received: Received
    path: str
    """Below the service, without the marks of redirects."""
    url: str
    """Where the service is, without a slash at the end."""
    now: datetime
    world: World
    faults: frozenset[Fault]
    count: int
    """How many requests this service got in the present five minutes, this one included."""

    @property
    def query(self) -> Mapping[str, str]:
        """The parameters, the last of each name; those of a form (POST) too."""
        written = dict(self.received.query)
        if (self.header("Content-Type") or "").startswith("application/x-www-form-urlencoded"):
            text = self.received.body.decode("utf-8", "replace")
            written |= dict(parse_qsl(text, keep_blank_values=True))
        return written

    def header(self, name: str) -> str | None:
        """Return the value of a header as it came; None when there is none."""
        return self.received.header(name)

    def number(self, name: str, default: int) -> int | None:
        """Return a parameter that is a whole number; None when it is something else."""
        written = self.query.get(name, str(default))
        return int(written) if written.isascii() and written.isdigit() else None

    def json_body(self) -> JsonValue:
        """Return what was posted as JSON; None when it is no JSON."""
        try:
            body: JsonValue = json.loads(self.received.body)
        except ValueError:
            return None
        return body


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer."""

    status: int
    body: bytes = b""
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    padding: int = 0
    """So many bytes of blanks come after the body, and nothing says beforehand how long it is."""

    @property
    def reason(self) -> str:
        """The words of the status line."""
        return HTTPStatus(self.status).phrase

    def all_headers(self) -> dict[str, str]:
        """Return the headers with type and length of the body; a 304 has neither."""
        if self.status == HTTPStatus.NOT_MODIFIED:
            return dict(self.headers)
        typed = {"Content-Type": self.content_type} if self.content_type else {}
        length = {"Content-Length": str(len(self.body))}
        size = {"Transfer-Encoding": "chunked"} if self.padding else length
        return typed | size | dict(self.headers)


def json_reply(
    value: JsonValue, status: int = 200, headers: Mapping[str, str] | None = None
) -> Reply:
    """Return an answer in JSON."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Reply(status, body, "application/json; charset=utf-8", headers or {})


def text_reply(text: str, status: int = 200, content_type: str = "text/plain") -> Reply:
    """Return an answer in plain words, or in HTML."""
    return Reply(status, text.encode(), content_type)


def packed(call: Call, reply: Reply) -> Reply:
    """Return the answer in gzip, where the request takes that and it is worth it."""
    accepts = "gzip" in (call.header("Accept-Encoding") or "")
    is_small = len(reply.body) < _WORTH_PACKING
    if not accepts or is_small or reply.padding or "Content-Encoding" in reply.headers:
        return reply
    headers = {**reply.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return replace(reply, body=gzip.compress(reply.body, compresslevel=1, mtime=0), headers=headers)


def stamp(moment: datetime) -> str:
    """Return a moment as most JSON has it: UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_stamp(moment: datetime) -> str:
    """Return a moment in UTC with seconds, e.g. 2026-11-20T05:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
