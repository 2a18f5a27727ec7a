"""Bodies of requests: read whole, and no more than a bound."""

from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

MAX_API_BODY_BYTES: Final = 128 * 1024


async def read_bounded(request: Request, most_bytes: int) -> Request | None:
    """Return the request with its body read whole; None: the body is larger than `most_bytes`.

    Raises ClientDisconnect (Starlette) where the client is gone.
    """
    body = bytearray()
    has_more = True
    while has_more:
        message = await request.receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        body += message.get("body", b"")
        has_more = message.get("more_body", False)
        if len(body) > most_bytes:
            return None
    return Request(request.scope, _replay(bytes(body), request.receive))


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body first, and then what comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again
