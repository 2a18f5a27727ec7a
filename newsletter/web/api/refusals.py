"""What is not done is said in one form, whatever the cause: problem details (RFC 9457)."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from newsletter.errors import AddressError, NewsletterError, PreferencesError
from newsletter.model import Problem
from newsletter.web.api.records import FieldProblem, ProblemDetails

MEDIA_TYPE: Final = "application/problem+json"
_RETRY_AFTER_S: Final = "60"

log = logging.getLogger(__name__)


class RefusedError(Exception):
    """A call that cannot be done as it is. Never leaves this room."""

    def __init__(self, status: int, detail: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.problems = problems


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what the OpenAPI document says of refusals with these statuses, and the usual ones."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
        }
        for status in sorted({400, 401, 403, 422, 429, 503, *statuses})
    }


def refuse_in_one_form(app: FastAPI) -> None:
    """Answer every refusal of `app` with problem details."""

    async def by_status(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for these alone
        return _answer(error.status_code, str(error.detail), headers=error.headers)

    async def by_value(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        problems = [
            FieldProblem(place=".".join(map(str, one["loc"])), message=str(one["msg"]))
            for one in error.errors()
        ]
        return _answer(422, "Some values cannot be used.", problems=problems)

    async def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, RefusedError)  # noqa: S101
        return _answer(error.status, error.detail, problems=list(map(_field, error.problems)))

    async def ours(_: Request, error: Exception) -> Response:
        if isinstance(error, AddressError | PreferencesError):
            return _answer(422, str(error))
        log.error("api: %s", error)
        detail = "The fault is ours, and nothing was changed. Try again in a minute."
        return _answer(503, detail, headers={"Retry-After": _RETRY_AFTER_S})

    app.add_exception_handler(HTTPException, by_status)
    app.add_exception_handler(RequestValidationError, by_value)
    app.add_exception_handler(RefusedError, refused)
    app.add_exception_handler(NewsletterError, ours)


def _answer(
    status: int,
    detail: str,
    *,
    problems: list[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    said = ProblemDetails(
        title=HTTPStatus(status).phrase, status=status, detail=detail, problems=problems or []
    )
    return JSONResponse(
        said.model_dump(mode="json"),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def _field(problem: Problem) -> FieldProblem:
    return FieldProblem(
        place=problem.key,
        message=problem.message,
        suggestion=problem.suggestion,
        line=problem.line,
    )
