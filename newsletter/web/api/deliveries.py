"""Messages of the outbox: read, and tried again."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from newsletter.model import OutboxId, OutboxState, Scope, SubscriberId
from newsletter.web.api.access import Desk, GuardedRoute, allowed
from newsletter.web.api.bounds import LARGEST_NUMBER, Limit
from newsletter.web.api.records import DeliveryPage, DeliveryRecord
from newsletter.web.api.refusals import RefusedError, documented

router = APIRouter(prefix="/deliveries", route_class=GuardedRoute)
Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]
_UNKNOWN = RefusedError(404, "There is no such message.")


@router.get("", dependencies=[Depends(allowed(Scope.DELIVERIES_READ))], responses=documented())
def list_deliveries(
    desk: Desk,
    before: Annotated[
        int | None, Query(ge=1, le=LARGEST_NUMBER, description="`next` of the page before")
    ] = None,
    limit: Limit = 100,
    state: Annotated[list[OutboxState] | None, Query(max_length=10)] = None,
    subscriber: Annotated[str | None, Query(max_length=64)] = None,
) -> DeliveryPage:
    """Return messages, the newest first."""
    found = desk.messages(
        below=OutboxId(before) if before else None,
        limit=limit,
        states=frozenset(state) if state else None,
        subscriber=SubscriberId(subscriber) if subscriber else None,
    )
    last = found[-1].id if len(found) == limit else None
    return DeliveryPage(deliveries=[DeliveryRecord.of(one) for one in found], next=last)


@router.get(
    "/{number}",
    dependencies=[Depends(allowed(Scope.DELIVERIES_READ))],
    responses=documented(404),
)
def show_delivery(desk: Desk, number: Number) -> DeliveryRecord:
    """Return one message and what became of it."""
    found = desk.message(OutboxId(number))
    if found is None:
        raise _UNKNOWN
    return DeliveryRecord.of(found)


@router.post(
    "/{number}/retry",
    status_code=202,
    dependencies=[Depends(allowed(Scope.DELIVERIES_WRITE))],
    responses=documented(404, 409),
)
def retry_delivery(desk: Desk, number: Number) -> DeliveryRecord:
    """Queue a message that failed, is uncertain or waits for another try at once."""
    if desk.message(OutboxId(number)) is None:
        raise _UNKNOWN
    if not desk.retry(OutboxId(number)):
        raise RefusedError(409, "In its present state it cannot be tried again.")
    return show_delivery(desk, number)
