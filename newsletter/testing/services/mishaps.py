"""The faults that any service can have: an answer in place of its own, or its own spoiled."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from functools import cache
from itertools import repeat
from struct import pack
from typing import Final

from newsletter.testing.services.exchange import (
    HTML,
    Call,
    Reply,
    Service,
    json_reply,
    text_reply,
)
from newsletter.testing.services.faults import Fault

MOVED_TO: Final = "/moved"
"""In front of a path whose redirect was followed."""
LOOPED_TO: Final = "/elsewhere"

HUGE_BYTES: Final = 50_000_000
_MEGABYTE: Final = 1 << 20
_BOMB_MEGABYTES: Final = 200
_RETRY_AFTER_S: Final = 120
_BUSY_S: Final = 55

_PAGE: Final = (
    "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
)


def in_place_of(call: Call) -> Reply | None:
    """Return what a fault answers in place of the service; None when none does."""
    for fault in sorted(call.faults):
        if make := _INSTEAD.get(fault):
            return make(call)
    return None


def spoiled(call: Call, reply: Reply) -> Reply:
    """Return the service's own answer as its faults leave it."""
    if Fault.CUT in call.faults:
        reply = replace(reply, body=_cut(reply.body))
    if Fault.WRONG_CHARSET in call.faults:
        text = reply.body.decode().replace(" the ", " thé ").replace(" a ", " à ")
        reply = replace(reply, body=text.encode("latin-1", "replace"))
    if Fault.HUGE in call.faults:
        reply = replace(reply, padding=HUGE_BYTES)
    if Fault.BOMB in call.faults:
        headers = {**reply.headers, "Content-Encoding": "gzip"}
        reply = replace(reply, body=bomb(), headers=headers)
    return reply


@cache
def bomb() -> bytes:
    """Return 200 MB of spaces as 200 kB of gzip, in one member (RFC 1952)."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    megabyte = b" " * _MEGABYTE
    squeeze.compress(megabyte)
    squeeze.flush(zlib.Z_FULL_FLUSH)
    block = squeeze.compress(megabyte) + squeeze.flush(zlib.Z_FULL_FLUSH)  # it stands for itself
    check = 0
    for piece in repeat(megabyte, _BOMB_MEGABYTES):
        check = zlib.crc32(piece, check)
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    size = _BOMB_MEGABYTES * _MEGABYTE
    return head + block * _BOMB_MEGABYTES + b"\x03\x00" + pack("<II", check, size)


def too_many(call: Call) -> Reply:
    """Return the 429 of the service that was asked."""
    match call.received.service:
        case Service.ARXIV:  # no Retry-After, and not a feed
            return Reply(429, b"Rate exceeded.", "text/html")
        case Service.DAILY_PAPERS:
            headers = {
                "RateLimit": f'"api";r=0;t={_BUSY_S}',
                "RateLimit-Policy": '"fixed window";"api";q=500;w=300',
            }
            error = "We had to rate limit you. To continue using our service, log in or wait."
            return json_reply({"error": error}, 429, headers)
        case Service.SEMANTIC_SCHOLAR:
            error = "Too Many Requests. Please wait and try again or apply for a key."
            return json_reply({"message": error, "code": "429"}, 429)
        case _:
            return json_reply({"error": "Too many requests"}, 429, {"Retry-After": str(_BUSY_S)})


def _unavailable(retry_after: str) -> Reply:
    page = _PAGE.format("503 Service Unavailable").encode()
    return Reply(503, page, HTML, {"Retry-After": retry_after})


def _until(call: Call) -> Reply:
    until = call.now + timedelta(seconds=_RETRY_AFTER_S)
    return _unavailable(format_datetime(until, usegmt=True))


def _moved(call: Call, status: int, mark: str) -> Reply | None:
    below = call.received.target.removeprefix(f"/{call.received.service}")
    if mark == MOVED_TO and below.startswith(MOVED_TO):
        return None
    to = below.removeprefix(mark) if below.startswith(mark) else mark + below
    return Reply(status, headers={"Location": call.url + to})


def _away(to: str) -> Reply:
    return Reply(302, headers={"Location": to})


def _cut(body: bytes) -> bytes:
    """Return the first two thirds, ending within a tag or a name."""
    return body[: len(body) * 2 // 3].rstrip()


_INSTEAD: Final[Mapping[Fault, Callable[[Call], Reply | None]]] = {
    Fault.SERVER_ERROR: lambda _: text_reply(_PAGE.format("500 Server Error"), 500, HTML),
    Fault.UNAVAILABLE: lambda _: _unavailable(str(_RETRY_AFTER_S)),
    Fault.UNAVAILABLE_UNTIL: _until,
    Fault.BUSY: too_many,
    Fault.NOT_FOUND: lambda _: text_reply(_PAGE.format("404 Not Found"), 404, HTML),
    Fault.GONE: lambda _: text_reply(_PAGE.format("410 Gone"), 410, HTML),
    Fault.MOVED: lambda call: _moved(call, 301, MOVED_TO),
    Fault.LOOP: lambda call: _moved(call, 302, LOOPED_TO),
    Fault.PRIVATE: lambda _: _away("http://10.20.30.40/feed"),
    Fault.METADATA: lambda _: _away("http://169.254.169.254/latest/meta-data/"),
    Fault.EMPTY_BODY: lambda _: Reply(200, content_type="application/json"),
    Fault.LOGIN_PAGE: lambda _: text_reply(
        _PAGE.format("Please log in to this network"), 200, HTML
    ),
    Fault.NOT_ACCEPTABLE: lambda _: Reply(406, b"", "text/html"),
}
