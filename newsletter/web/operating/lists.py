"""Looking things up: people, messages, held entries, and what operators did."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.model import OutboxId, OutboxState
from newsletter.ports import QueuePlace
from newsletter.rules.answering import write_cadence, write_slot
from newsletter.web.operating.access import Operator
from newsletter.web.operating.office import Office, number_in

_PAGE: Final = 50
_PEOPLE: Final = 50
_LEAST_PART: Final = 3
_LONGEST_TEXT: Final = 254
_SHOWN_TITLES: Final = 100
TROUBLE: Final = "trouble"
_GROUPS: Final = {
    TROUBLE: frozenset({OutboxState.DEFERRED, OutboxState.UNCERTAIN, OutboxState.FAILED})
}
_PLACE: Final = re.compile(r"(\d{1,16})-(\d{1,18})", re.ASCII)
_LATEST: Final = 253_402_300_799
"""Seconds of the last moment of the year 9999."""
_MICROSECONDS: Final = 1_000_000
_YEARS: Final = range(1970, 2970)


class Lists:
    """The pages on which an operator looks something up; none of them ever lists everybody."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._desk = office.desk

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes."""
        guarded = self._office.guarded
        return (
            Route("/operator/subscribers", guarded(self._people)),
            Route("/operator/subscribers/{id}", guarded(self._person)),
            Route("/operator/deliveries", guarded(self._messages)),
            Route("/operator/held/{source}", guarded(self._held)),
            Route("/operator/audit", guarded(self._audit)),
        )

    async def _people(self, request: Request, operator: Operator) -> Response:
        text = request.query_params.get("q", "").strip()[:_LONGEST_TEXT]
        # What cannot be printed stands in no address, and a NUL would end the text for the database.
        text = "".join(filter(str.isprintable, text))
        is_short = 0 < len(text) < _LEAST_PART
        found = await run_in_threadpool(self._desk.find, text) if text and not is_short else ()
        exact = [one for one in found if one.address.casefold() == text.casefold()]
        if exact:
            return RedirectResponse(f"/operator/subscribers/{exact[0].id}", status_code=303)
        file = None
        if "@" in text and not found:
            file = await run_in_threadpool(self._desk.stranger, text)
        return await self._office.show(
            "people",
            request,
            operator,
            text=text,
            is_short=is_short,
            found=found[:_PEOPLE],
            has_more=len(found) > _PEOPLE,
            file=file,
        )

    async def _person(self, request: Request, operator: Operator) -> Response:
        day, is_wrong_day = _day_in(request)
        id_ = str(request.path_params["id"])[:_LONGEST_TEXT]
        file = await run_in_threadpool(self._desk.person, id_, day)
        if file is None:
            return self._office.pages.show("missing", status=404)
        wants = file.person.preferences if file.person else None
        return await self._office.show(
            "person",
            request,
            operator,
            file=file,
            is_wrong_day=is_wrong_day,
            cadence=write_cadence(wants.cadence) if wants else "",
            coming=tuple(map(write_slot, file.coming)),
        )

    async def _messages(self, request: Request, operator: Operator) -> Response:
        wanted = request.query_params.get("state", "")
        states = _states(wanted)
        below = _place_in(request)
        rows = await run_in_threadpool(self._desk.messages, states, below, _PAGE + 1)
        shown = rows[:_PAGE]
        following = None
        if len(rows) > _PAGE:
            query = {"state": wanted, "before": _written(shown[-1][0])}
            following = f"/operator/deliveries?{urlencode(query)}"
        return await self._office.show(
            "deliveries",
            request,
            operator,
            messages=[item for _, item in shown],
            wanted=wanted if wanted in {*_GROUPS, *OutboxState} else "",
            states=(TROUBLE, *OutboxState),
            following=following,
            is_first=below is None,
        )

    async def _held(self, request: Request, operator: Operator) -> Response:
        source = str(request.path_params["source"])[:_LONGEST_TEXT]
        titles = await run_in_threadpool(self._desk.held_titles, source)
        return await self._office.show(
            "held",
            request,
            operator,
            source=source,
            titles=titles[:_SHOWN_TITLES],
            count=len(titles),
        )

    async def _audit(self, request: Request, operator: Operator) -> Response:
        below = number_in(request, "before")
        lines = await run_in_threadpool(self._desk.audit, below, _PAGE + 1)
        shown = lines[:_PAGE]
        names = await run_in_threadpool(self._desk.names, shown)
        following = None
        if len(lines) > _PAGE:
            following = f"/operator/audit?before={shown[-1].id}"
        return await self._office.show(
            "audit",
            request,
            operator,
            lines=shown,
            names=names,
            following=following,
            is_first=below is None,
        )


def _states(wanted: str) -> frozenset[OutboxState]:
    """Return the states that are asked for; all of them for none, or for a word that is none."""
    if wanted in _GROUPS:
        return _GROUPS[wanted]
    with suppress(ValueError):
        return frozenset({OutboxState(wanted)})
    return frozenset(OutboxState)


def _day_in(request: Request) -> tuple[date | None, bool]:
    """Return the day that is asked for, and whether what is written there is none."""
    text = request.query_params.get("day", "").strip()
    if not text:
        return None, False
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None, True
    # At the ends of the calendar there is no day before or after to reckon with.
    return (day, False) if day.year in _YEARS else (None, True)


def _written(place: QueuePlace) -> str:
    begins_at, number = place
    since = begins_at - datetime(1970, 1, 1, tzinfo=UTC)
    micros = (since.days * 86_400 + since.seconds) * _MICROSECONDS + since.microseconds
    return f"{max(0, micros)}-{number}"


def _place_in(request: Request) -> QueuePlace | None:
    form = _PLACE.fullmatch(request.query_params.get("before", ""))
    if form is None:
        return None
    seconds, micros = divmod(int(form[1]), _MICROSECONDS)
    begins_at = datetime.fromtimestamp(min(seconds, _LATEST), UTC).replace(microsecond=micros)
    return begins_at, OutboxId(int(form[2]))
