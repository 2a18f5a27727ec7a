"""What all pages of the operator share: who may see them, what stands on each, how they are dressed."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter.errors import NewsletterError
from newsletter.web.forms import FormError, read_form
from newsletter.web.operating.access import Access, Operator, is_from_elsewhere
from newsletter.web.operating.desk import OperatorDesk
from newsletter.web.operating.times import Times
from newsletter.web.views import Pages

LOGIN: Final = "/operator/login"
LOG: Final = logging.getLogger("newsletter.operator")

_LONGEST_NUMBER: Final = 9
_GUARDS: Final = {
    "Cache-Control": "no-store",
    # Stricter than for other pages: nothing here needs a script, a frame, or to be in one.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Handler = Callable[[Request, Operator], Awaitable[Response]]


class StaleFormError(Exception):
    """A form is no form of ours, or not of this session. Never leaves this room."""

    def __init__(self, status: int = 403) -> None:
        super().__init__(status)
        self.status = status


class Office:
    """The pages, the desk behind them, and the door."""

    def __init__(self, pages: Pages, desk: OperatorDesk, access: Access, timezone: str) -> None:
        self.pages = pages
        self.desk = desk
        self.access = access
        self._timezone = timezone

    def guarded(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """Return the endpoint that lets operators, and nobody else, come to `handler`."""

        async def answer(request: Request) -> Response:
            try:
                operator = await run_in_threadpool(self.access.who, request)
                if operator is None:
                    return dressed(self.turn_away())
                return dressed(await handler(request, operator))
            except StaleFormError as stale:
                return dressed(self.pages.show("operating/stale", status=stale.status))
            except NewsletterError as error:
                LOG.error("%s", error)  # noqa: TRY400 - the message names the cause
                return dressed(self.pages.trouble())

        return answer

    def turn_away(self) -> Response:
        """Return where somebody goes who is not let in."""
        if self.access.takes_token:
            return RedirectResponse(LOGIN, status_code=303)
        return self.pages.show("operating/closed", status=403)

    async def show(
        self, page: str, request: Request, operator: Operator, **values: object
    ) -> Response:
        """Return one page, its values under `view`, with what was just done above it."""
        told = await self._told(request)
        return self.pages.show(
            f"operating/{page}",
            operator=operator,
            times=Times(self._timezone, self.desk.now()),
            told=told,
            here=_here(request),
            view=values,
        )

    async def own_form(self, request: Request, operator: Operator) -> dict[str, str]:
        """Return the fields of a form that this operator was shown. Raises StaleFormError."""
        if is_from_elsewhere(request):
            raise StaleFormError
        try:
            form = dict(await read_form(request))
        except FormError as error:
            raise StaleFormError(error.status) from None
        if not self.access.is_own_form(operator, form.get("form_token", "")):
            raise StaleFormError
        return form

    async def _told(self, request: Request) -> object:
        """Return the line of the log that the address names, with the names of its people."""
        number = number_in(request, "done")
        if number is None:
            return None
        line = await run_in_threadpool(self.desk.audit_line, number)
        if line is None:
            return None
        names = await run_in_threadpool(self.desk.names, [line])
        return {"line": line, "name": names.get(line.deed.subject, line.deed.subject)}


def dressed(response: Response) -> Response:
    """Return an answer with the headers of the operator's pages."""
    response.headers.update(_GUARDS)
    return response


def number_in(request: Request, name: str) -> int | None:
    """Return a number of the query; None for none, or for what is none."""
    text = request.query_params.get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number else None


def _here(request: Request) -> str:
    """Return the present page as a way back to it, without what was done last."""
    query = [(key, value) for key, value in request.query_params.multi_items() if key != "done"]
    return f"{request.url.path}?{urlencode(query)}" if query else request.url.path
