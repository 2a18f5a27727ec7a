"""Answers that readers may keep: with what they ask again by, and nothing but that when it is the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from newsletter.rules.http_fields import read_http_date
from newsletter.rules.tags import text_tag

PUBLIC: Final[Mapping[str, str]] = {
    "Cache-Control": "public, max-age=300",
    # Other pages say that nobody shall list them.
    "X-Robots-Tag": "all",
}
PRIVATE: Final[Mapping[str, str]] = {"Cache-Control": "private, no-cache"}

HTML: Final = "text/html; charset=utf-8"
_TAGS: Final = re.compile(r'(?:W/)?"([^"]*)"')
_LONGEST_FIELD: Final = 4_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page with the moment of its last change; None: that is not known."""

    text: str
    media_type: str = HTML
    changed_at: datetime | None = None


def answer(request: Request, page: Page, headers: Mapping[str, str] = PUBLIC) -> Response:
    """Return a page, or that it is the one which the reader has (RFC 9110 section 13)."""
    tag = text_tag(page.text)
    told = {**headers, "ETag": f'"{tag}"'}
    if page.changed_at:
        told["Last-Modified"] = format_datetime(page.changed_at.astimezone(UTC), usegmt=True)
    if _is_known(request, tag, page.changed_at):
        return Response(status_code=304, headers=told)
    octets = page.text.encode("utf-8", "replace")
    return Response(octets, media_type=page.media_type, headers=told)


def _is_known(request: Request, tag: str, changed_at: datetime | None) -> bool:
    """Whether the reader has this page; a tag says more than a moment (RFC 9110 section 13.2.2)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        known = tags[:_LONGEST_FIELD]
        return known.strip() == "*" or tag in _TAGS.findall(known)
    moment = request.headers.get("if-modified-since")
    if moment is None or changed_at is None:
        return False
    had = read_http_date(moment[:_LONGEST_FIELD], now=changed_at)
    return had is not None and changed_at.replace(microsecond=0) <= had
