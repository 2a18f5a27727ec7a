"""What operators do: one address for all of it, a question before what cannot be undone."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.web.operating.access import Operator
from newsletter.web.operating.office import LOG, Office, StaleFormError
from newsletter.workflows import Action, Order

_LONGEST_SUBJECT: Final = 300
_WAY_BACK: Final = re.compile(r"/operator(?:/[A-Za-z0-9._~%/-]*)?(?:\?[A-Za-z0-9._~%&=+-]*)?")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before something is done that cannot be undone. `yes` is on the button."""

    title: str
    text: str
    yes: str


_QUESTIONS: Final[Mapping[Action, Question]] = {
    Action.RETRY_ALL: Question(
        "Queue all of them again?",
        "Every message that failed or waits for another try is tried again now, letters in the "
        "present templates. Those whose address is bad stay as they are.",
        "Queue them again",
    ),
    Action.COUNT_AS_SENT: Question(
        "Did it arrive?",
        "The letter counts as sent from now on: its entries do not come again.",
        "Yes, it arrived",
    ),
    Action.COUNT_AS_FAILED: Question(
        "Did it not arrive?",
        "The letter counts as failed from now on: its entries may come in the next one. If it did "
        "arrive after all, they are read twice.",
        "No, it did not arrive",
    ),
    Action.SEND_AGAIN: Question(
        "Send it once more?",
        "It is sent again, byte for byte, with the next delivery. If it did arrive, it comes twice.",
        "Send it again",
    ),
    Action.CANCEL: Question(
        "Cancel this message?",
        "It is not sent. The entries of a letter may come in the next one.",
        "Cancel it",
    ),
    Action.RELEASE: Question(
        "Let these entries into letters?",
        "From the next letters on they count as new. They cannot be held back again.",
        "Release them",
    ),
    Action.DROP: Question(
        "Keep these entries out of all letters?",
        "They stay known and are no news: no letter will ever show them.",
        "Drop them",
    ),
    Action.SUPPRESS: Question(
        "Write to this address no more?",
        "What waits for it is cancelled. The subscription stays, and this can be lifted again.",
        "Suppress it",
    ),
}


class Deeds:
    """The one address to which all buttons lead."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Return the route."""
        return (Route("/operator/do", self._office.guarded(self._do), methods=["POST"]),)

    async def _do(self, request: Request, operator: Operator) -> Response:
        form = await self._office.own_form(request, operator)
        order = _order(form, operator)
        back = _way_back(form.get("back", ""))
        question = _QUESTIONS.get(order.action)
        if question and form.get("sure") != "yes":
            return await self._office.show(
                "question", request, operator, question=question, order=order, back=back
            )
        line = await run_in_threadpool(self._office.desk.carry_out, order)
        LOG.info("operator: %s, line %d of the audit log", order.action, line)
        return RedirectResponse(_with_outcome(back, int(line)), status_code=303)


def _order(form: Mapping[str, str], operator: Operator) -> Order:
    subject = form.get("subject", "").strip()
    try:
        action = Action(form.get("action", ""))
    except ValueError:
        raise StaleFormError(400) from None
    if len(subject) > _LONGEST_SUBJECT or not subject.isprintable():
        raise StaleFormError(400)
    return Order(action, subject, operator.name)


def _way_back(text: str) -> str:
    """Return the page that the button stood on, if it is one of the operator's."""
    return text if _WAY_BACK.fullmatch(text) else "/operator"


def _with_outcome(back: str, line: int) -> str:
    joint = "&" if "?" in back else "?"
    return f"{back}{joint}{urlencode({'done': line})}"
