"""Letters in a frame, for people who do not get them yet."""

import logging
from collections.abc import Callable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from newsletter.bootstrap import BEING_PREPARED
from newsletter.errors import NewsletterError
from newsletter.model import SampleLetter
from newsletter.web.samples import say_in_frame, show_sample

log = logging.getLogger(__name__)

_TOO_OFTEN: Final = "You have looked at very many letters. Please wait a moment."
_TROUBLE: Final = "The letter cannot be shown now. That is our fault; please try again later."


async def show_letter(make: Callable[[], SampleLetter]) -> Response:
    """Return what `make` makes, in a thread."""
    try:
        sample = await run_in_threadpool(make)
    except NewsletterError as error:
        log.error("letter to look at: %s", error)  # noqa: TRY400 - the message names the cause
        return say_in_frame(_TROUBLE, status=503)
    return show_sample(sample, is_early=sample.silence == BEING_PREPARED)


def say_too_often(wait_s: int) -> Response:
    """Return what is said to who looks at more letters than we make."""
    answer = say_in_frame(_TOO_OFTEN, status=429)
    answer.headers["Retry-After"] = str(wait_s)
    return answer
