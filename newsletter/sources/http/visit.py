"""One visit: requests in their turns, redirects, patience, and the steps told."""

from datetime import timedelta
from typing import Final

from newsletter.errors import BusyError, FetchError
from newsletter.model import Ask, Manners, Page, PullOrder, PullStep
from newsletter.rules.fetching import REDIRECTS, Hop, advice, first_hop, next_hop
from newsletter.sources.http.fields import first, is_conditional, request_fields
from newsletter.sources.http.line import Answer, Line, Request
from newsletter.sources.http.machine import Machine
from newsletter.sources.http.resting import back_off, rest_after
from newsletter.sources.http.turn import Turns, clock

KEPT_OPEN: Final = timedelta(seconds=2)
"""A connection waits so long for the next request. At slower services each has one of its own:
some allow only one at a time, and other programs of ours may have their turn in between."""

_NOT_MODIFIED: Final = 304
_SUCCESS: Final = range(200, 300)


class PoliteVisit:
    """Implements `ports.Visit`."""

    def __init__(
        self,
        manners: Manners,
        order: PullOrder,
        line: Line,
        turns: Turns,
        machine: Machine,
        agent: str,
    ) -> None:
        self._manners = manners
        self._order = order
        self._line = line
        self._turns = turns
        self._machine = machine
        self._agent = agent
        self._keeps_open = manners.interval <= KEPT_OPEN

    def fetch(self, ask: Ask) -> Page:
        """Return the answer to one request, in its turn; see the port."""
        hop = first_hop(ask.url, is_post=ask.body is not None)
        while True:
            answer = self._patiently(ask, hop)
            if _is_wanted(ask, answer.status):
                return _page(ask, hop, answer)
            if answer.status not in REDIRECTS:
                fact = f"{hop.told}: the server answers {answer.status}"
                raise FetchError(fact, status=answer.status, remedy=advice(answer.status))
            hop = next_hop(hop, answer.status, first(answer.fields, "location"))

    def _patiently(self, ask: Ask, hop: Hop) -> Answer:
        """Return an answer that is not "later"; raises BusyError when there is none in time."""
        tries = 0
        while True:
            with self._turns.turn():
                answer = self._once(ask, hop)
                self._turns.rest(rest_after(answer.fields, self._manners))
                if not self._is_busy(ask, answer):
                    return answer
                tries += 1
                wait = self._back_off(answer, tries)
                self._turns.rest(wait)
            if tries >= self._manners.tries or wait.total_seconds() > self._turns.left_s:
                again_at = clock(self._machine.now() + wait)
                message = (
                    f"{hop.told}: the server is busy ({answer.status}); ask again at {again_at}"
                )
                raise BusyError(message, status=answer.status)
            seconds = f"{wait.total_seconds():.1f}"
            self._tell(f"{hop.place.host} is busy ({answer.status}): asked again in {seconds} s")

    def _once(self, ask: Ask, hop: Hop) -> Answer:
        begun_s = self._machine.monotonic()
        fields = request_fields(ask, hop, user_agent=self._agent, keep_open=self._keeps_open)
        request = Request(hop.place, hop.told, fields, (ask.body or b"") if hop.is_post else None)
        try:
            answer = self._line.ask(
                request,
                is_wanted=lambda status: _is_wanted(ask, status),
                most_bytes=self._manners.most_bytes,
            )
        finally:
            if not self._keeps_open:
                self._line.close()
        took = timedelta(seconds=self._machine.monotonic() - begun_s)
        self._tell(f"{'POST' if hop.is_post else 'GET'} {hop.place}: {_outcome(answer)}", took)
        return answer

    def _is_busy(self, ask: Ask, answer: Answer) -> bool:
        return answer.status in self._manners.busy and not _is_wanted(ask, answer.status)

    def _back_off(self, answer: Answer, tries: int) -> timedelta:
        chance, now = self._machine.chance(), self._machine.now()
        return back_off(answer.fields, self._manners, tries=tries, chance=chance, now=now)

    def _tell(self, text: str, took: timedelta | None = None) -> None:
        self._order.on_step(PullStep(text, took))


def _is_wanted(ask: Ask, status: int) -> bool:
    """Whether the page is what was asked for; "not modified" is no answer to who knows nothing."""
    if status == _NOT_MODIFIED and is_conditional(ask):
        return True
    return status in _SUCCESS or status in ask.expected


def _page(ask: Ask, hop: Hop, answer: Answer) -> Page:
    url = str(hop.place) if hop.passed else ask.url
    moved_to = url if hop.passed and hop.is_for_good else None
    return Page(url, answer.status, tuple(answer.fields), answer.body, moved_to)


def _outcome(answer: Answer) -> str:
    if answer.status == _NOT_MODIFIED:
        return "304 not modified"
    location = first(answer.fields, "location")
    if answer.status in REDIRECTS and location:
        return f"{answer.status} to {location[:200]!a}"
    return f"{answer.status}, {size(len(answer.body))}" if answer.body else f"{answer.status}"


def size(size_bytes: int) -> str:
    """Return a size as people read it: `812 bytes`, `23 kB`, `1.4 MB`."""
    if size_bytes < 1_000:  # noqa: PLR2004  the next unit
        return f"{size_bytes} bytes"
    kilobytes = size_bytes / 1_000
    return f"{kilobytes:.0f} kB" if kilobytes < 1_000 else f"{kilobytes / 1_000:.1f} MB"  # noqa: PLR2004
