"""Subscribers: read, asked, changed, ended, erased."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from newsletter.model import ApiToken, Scope, SubscriberId, SubscriptionState
from newsletter.rules.tags import text_tag
from newsletter.web.api.access import Desk, GuardedRoute, allowed
from newsletter.web.api.bounds import LARGEST_DOCUMENT, Id, Limit
from newsletter.web.api.records import (
    JoiningRecord,
    SubscriberDetails,
    SubscriberPage,
    SubscriberRecord,
)
from newsletter.web.api.refusals import RefusedError, documented
from newsletter.workflows import Joining

router = APIRouter(prefix="/subscribers", route_class=GuardedRoute)
Reader = Depends(allowed(Scope.SUBSCRIBERS_READ))
Writer = Annotated[ApiToken, Depends(allowed(Scope.SUBSCRIBERS_WRITE))]
_UNKNOWN = RefusedError(404, "There is no such subscriber.")


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewSubscriber(_Wish):
    """An address that is to get letters."""

    address: str = Field(min_length=3, max_length=254)
    topics: list[Annotated[str, Field(min_length=1, max_length=60)]] = Field(
        default_factory=list,
        max_length=50,
        description="names of the catalogue, or words; none: the default topics",
    )
    vouched: str | None = Field(
        default=None,
        min_length=10,
        max_length=500,
        description="where the person agreed, for the consent log; without it they are asked by mail",
    )


class NewDocument(_Wish):
    """A preferences document, as YAML."""

    preferences: str = Field(max_length=LARGEST_DOCUMENT)


class Leaving(_Wish):
    """Why a subscription ends, for the consent log."""

    reason: str = Field(default="Ended through the API.", min_length=1, max_length=500)


@router.get("", dependencies=[Reader], responses=documented())
def list_subscribers(
    desk: Desk,
    after: Annotated[
        str, Query(max_length=64, pattern=r"^[A-Za-z0-9_-]*$", description="`next` of before")
    ] = "",
    limit: Limit = 100,
    state: SubscriptionState | None = None,
    address: Annotated[str | None, Query(max_length=254, description="this one alone")] = None,
) -> SubscriberPage:
    """Return subscribers by id, or the one with an address."""
    if address is not None:
        person = desk.find(address)
        found = [person] if person and state in {None, person.state} else []
        return SubscriberPage(subscribers=[SubscriberRecord.of(one) for one in found], next=None)
    people = desk.people(above=SubscriberId(after), limit=limit, state=state)
    last = people[-1].id if len(people) == limit else None
    return SubscriberPage(subscribers=[SubscriberRecord.of(one) for one in people], next=last)


@router.post("", status_code=202, responses=documented(409))
def add_subscriber(desk: Desk, wish: NewSubscriber, token: Writer) -> JoiningRecord:
    """Ask an address whether it wants letters; with `vouched`, confirm it at once."""
    outcome = desk.join(wish.address, tuple(wish.topics), wish.vouched, _by(token))
    if outcome is Joining.REFUSED:
        detail = "This person unsubscribed; only they can come back, by mail or page."
        raise RefusedError(409, detail)
    return JoiningRecord(outcome=outcome)


@router.get("/{subscriber}", dependencies=[Reader], responses=documented(404))
def show_subscriber(desk: Desk, subscriber: Id, response: Response) -> SubscriberDetails:
    """Return a subscriber with preferences, consent log and the slots to come.

    The ETag is that of the preferences document: send it back as If-Match when you write.
    """
    view = desk.person(SubscriberId(subscriber))
    if view is None:
        raise _UNKNOWN
    if view.document is not None:
        response.headers["ETag"] = f'"{text_tag(view.document)}"'
    return SubscriberDetails.of_view(view)


@router.put("/{subscriber}/preferences", status_code=204, responses=documented(404, 412))
def write_preferences(
    desk: Desk,
    subscriber: Id,
    document: NewDocument,
    _: Writer,
    if_match: Annotated[str | None, Header(max_length=100)] = None,
) -> None:
    """Write the preferences of a subscriber; with If-Match, only over the document you have read."""
    expected = if_match.strip('"') if if_match else None
    written = desk.write(SubscriberId(subscriber), document.preferences, expected)
    if written is None:
        raise _UNKNOWN
    if written.is_conflict:
        raise RefusedError(412, "Somebody else changed the document; read it again.")
    if written.problems:
        raise RefusedError(422, "The document has mistakes.", written.problems)


@router.post("/{subscriber}/unsubscribe", status_code=204, responses=documented(404))
def end_subscription(desk: Desk, subscriber: Id, leaving: Leaving, token: Writer) -> None:
    """End a subscription; doing it twice is fine."""
    if not desk.leave(SubscriberId(subscriber), leaving.reason, _by(token)):
        raise _UNKNOWN


@router.delete("/{subscriber}", status_code=204, responses=documented(404))
def erase_subscriber(desk: Desk, subscriber: Id, _: Writer) -> None:
    """Forget everything that is stored of a person."""
    if not desk.erase(SubscriberId(subscriber)):
        raise _UNKNOWN


def _by(token: ApiToken) -> str:
    return f"api token “{token.name}”"
