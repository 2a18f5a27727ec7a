"""The pages on which a reader says what an entry of a letter is worth."""

import logging
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from newsletter.errors import NewsletterError
from newsletter.web.buttons import MAX_TOKEN_CHARACTERS
from newsletter.web.callbacks import Ballots
from newsletter.web.forms import FormError, read_form
from newsletter.web.guards import Strangers
from newsletter.web.views import Pages

_MOST_DIGITS: Final = 4
_FIELD: Final = "vote"
_VOTES: Final = {"more": 1, "less": -1, "none": 0}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VotePages:
    """A page with all entries of a letter, and one for each with its buttons.

    Looking changes nothing; only a POST of a button does, and the second time nothing more. What the
    program does not know gets one and the same page, whatever is wrong with it, and after many of them the
    network waits.
    """

    pages: Pages
    ballots: Ballots
    strangers: Strangers

    async def list_entries(self, request: Request) -> Response:
        """Show the entries of a letter, each with its vote."""
        return await self._show(request, None)

    async def answer(self, request: Request) -> Response:
        """Show one entry with its buttons, or do what the button says."""
        number = _number(request.path_params["number"])
        if number is None:
            return self._unknown(request)
        if request.method != "POST":
            return await self._show(request, number)
        try:
            form = await read_form(request)
        except FormError as error:
            return await self._show(request, number, status=error.status)
        vote = _VOTES.get(form.get(_FIELD, ""))
        if vote is None:
            return await self._show(request, number, status=400)
        return await self._vote(request, number, vote)

    async def _vote(self, request: Request, number: int, vote: int) -> Response:
        token = request.path_params["token"]
        try:
            is_kept = len(token) <= MAX_TOKEN_CHARACTERS and await run_in_threadpool(
                self.ballots.vote, token, number, vote
            )
        except NewsletterError as error:
            return self._trouble(error)
        if not is_kept:
            return self._unknown(request)
        return await self._show(request, number, is_new=True)

    async def _show(
        self, request: Request, number: int | None, *, status: int = 200, is_new: bool = False
    ) -> Response:
        token = request.path_params["token"]
        if len(token) > MAX_TOKEN_CHARACTERS:
            return self._unknown(request)
        try:
            paper = await run_in_threadpool(self.ballots.look, token, number)
        except NewsletterError as error:
            return self._trouble(error)
        if paper is None:
            return self._unknown(request)
        page = "votes" if number is None else "vote"
        return self.pages.show(page, status=status, paper=paper, token=token, is_new=is_new)

    def _unknown(self, request: Request) -> Response:
        wait_s = self.strangers.count(request)
        if wait_s is not None:
            return self.pages.too_often(wait_s)
        return self.pages.show("stray", status=404)

    def _trouble(self, error: NewsletterError) -> Response:
        log.error("likes: %s", error)
        return self.pages.trouble()


def _number(text: str) -> int | None:
    """Return a number that an entry of a letter can have."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None
