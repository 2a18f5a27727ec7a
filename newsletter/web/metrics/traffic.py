"""How often each route was asked for, how it was answered, and how long that took."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from threading import Lock
from time import perf_counter
from typing import Final

from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.rules.exposition import Family, Kind, Sample

NO_ROUTE: Final = "none"
"""What no route takes: its path may be anything, and is never a label."""
BOUNDS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_FAULT: Final = 500


class HttpTraffic:
    """Counts the requests of this process. Safe in several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: Counter[tuple[str, int]] = Counter()
        self._buckets: dict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS_S) + 1))
        self._seconds: Counter[str] = Counter()

    def note(self, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        with self._lock:
            self._answers[route, status] += 1
            self._buckets[route][bisect_left(BOUNDS_S, seconds)] += 1
            # In millionths: a float would lose what is small beside a large sum.
            self._seconds[route] += round(seconds * 1_000_000)

    def families(self) -> tuple[Family, Family]:
        """Return what was counted."""
        with self._lock:
            answers = tuple(
                Sample(count, {"route": route, "status": str(status)})
                for (route, status), count in sorted(self._answers.items())
            )
            times = tuple(
                sample for route in sorted(self._buckets) for sample in self._times(route)
            )
        return (
            Family(
                "newsletter_http_requests", Kind.COUNTER, "Requests by route and status.", answers
            ),
            Family(
                "newsletter_http_request_seconds",
                Kind.HISTOGRAM,
                "Time to an answer, by route.",
                times,
            ),
        )

    def _times(self, route: str) -> Iterator[Sample]:
        below = 0
        bounds = [*(f"{bound:g}" for bound in BOUNDS_S), "+Inf"]
        for bound, count in zip(bounds, self._buckets[route], strict=True):
            below += count
            yield Sample(below, {"route": route, "le": bound}, "_bucket")
        yield Sample(self._seconds[route] / 1_000_000, {"route": route}, "_sum")
        yield Sample(below, {"route": route}, "_count")


class Measured:
    """ASGI middleware that counts what goes through it."""

    def __init__(self, app: ASGIApp, *, traffic: HttpTraffic) -> None:
        self._app = app
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and count it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = _FAULT

        async def look(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = perf_counter()
        try:
            await self._app(scope, receive, look)
        finally:
            self._traffic.note(_route_of(scope), status, perf_counter() - began)


def _route_of(scope: Scope) -> str:
    """Return the path of the route as it is written, with `{token}` for a token."""
    route = scope.get("route")
    path = getattr(route, "path", None)
    if not isinstance(path, str):
        return NO_ROUTE
    if isinstance(route, Mount):
        return path
    outside = str(scope.get("app_root_path", ""))
    return str(scope.get("root_path", "")).removeprefix(outside) + path
