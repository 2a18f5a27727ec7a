"""The first page of the operator: what needs a person, then all numbers; the same as JSON."""

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.errors import NewsletterError
from newsletter.model import OutboxState
from newsletter.rules.plain_records import plain
from newsletter.web.operating.access import Operator
from newsletter.web.operating.charts import Chart, draw, most_common
from newsletter.web.operating.folding import bundles_of
from newsletter.web.operating.login import Attempts
from newsletter.web.operating.office import LOG, Office, dressed
from newsletter.workflows import Concern, DayLine, Overview

REFRESH_S: Final = 60
_WAYS: Final[Mapping[Concern, tuple[str, str]]] = {
    Concern.LETTERS: ("/operator/deliveries?state=trouble", "Look at them"),
    Concern.LANE: ("#lanes", "To the lanes"),
    Concern.SOURCE: ("#sources", "To the sources"),
    Concern.HELD: ("#sources", "To the sources"),
}
"""Where something is done about what an alarm is about."""
_WAITING: Final = "waiting"


class OverviewPage:
    """The overview, for people and for programs."""

    def __init__(self, office: Office, attempts: Attempts) -> None:
        self._office = office
        self._attempts = attempts

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes."""
        return (
            Route("/operator", self._office.guarded(self._page)),
            Route("/operator.json", self._for_programs),
        )

    async def _page(self, request: Request, operator: Operator) -> Response:
        overview = await run_in_threadpool(self._office.desk.overview)
        if request.query_params.get("format") == "json":
            return JSONResponse(record_of(overview))
        return await self._office.show(
            "overview",
            request,
            operator,
            overview=overview,
            bundles=tuple(bundles_of(overview)),
            ways=_WAYS,
            charts=charts_of(overview),
            can_pull=self._office.desk.can_pull,
            refresh_s=REFRESH_S if "refresh" in request.query_params else None,
        )

    async def _for_programs(self, request: Request) -> Response:
        """Answer whoever brings the token, or a session; errors are JSON too."""
        try:
            refusal = await self._refusal(request)
            if refusal:
                return dressed(refusal)
            overview = await run_in_threadpool(self._office.desk.overview)
        except NewsletterError as error:
            LOG.error("%s", error)
            return dressed(_problem(503, "it cannot be counted now"))
        return dressed(JSONResponse(record_of(overview)))

    async def _refusal(self, request: Request) -> Response | None:
        wait_s = self._attempts.wait_s(request)
        access = self._office.access
        is_bearer = access.is_bearer(request) if wait_s is None else None
        if is_bearer:
            return None
        if await run_in_threadpool(access.who, request):
            return None
        if wait_s is not None:
            answer = _problem(429, "too many wrong tokens came from where you are")
            answer.headers["Retry-After"] = str(wait_s)
            return answer
        if is_bearer is False:
            self._attempts.note_wrong(request)
        answer = _problem(401, "bring web.admin_token as a bearer")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer


def record_of(overview: Overview) -> dict[str, object]:
    """Return an overview as JSON."""
    record = plain(overview)
    assert isinstance(record, dict)  # noqa: S101 - a dataclass is a mapping
    accounting = overview.accounting
    return {
        **record,
        "accounting": {"planned": overview.tally.planned, **_fields(plain(accounting))},
        "adds_up": overview.adds_up,
    }


def charts_of(overview: Overview) -> tuple[Chart, ...]:
    """Return the charts of the last days."""
    letters = [DayLine(line.day, _joined(line.counts)) for line in overview.letters_by_day]
    states = ("sent", "failed", "uncertain", _WAITING)
    entries, sources = most_common(overview.entries_by_day)
    return (
        draw("letters", "Letters a day, by the day of their slot", letters, states),
        draw(
            "people",
            "People who joined and left",
            overview.people_by_day,
            ("joined", "left"),
            down={"left"},
        ),
        draw("entries", "New entries a day, by their first source", entries, sources),
    )


def _joined(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Return the counts of a day with all states of waiting as one; what was cancelled is left out."""
    done = {OutboxState.SENT, OutboxState.FAILED, OutboxState.UNCERTAIN, OutboxState.CANCELLED}
    waiting = sum(count for state, count in counts.items() if state not in done)
    return {**counts, _WAITING: waiting}


def _fields(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _problem(status: int, detail: str) -> Response:
    return JSONResponse({"error": detail}, status_code=status)
