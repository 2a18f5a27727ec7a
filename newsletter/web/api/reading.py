"""What programs may read: topics, entries, editions."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from newsletter.model import EntryId, ReleaseNo, Scope, SourceName, SubscriberId
from newsletter.web.api.access import Desk, GuardedRoute, allowed
from newsletter.web.api.bounds import LARGEST_NUMBER, Id, Limit
from newsletter.web.api.records import (
    EditionList,
    EditionRecord,
    EntryPage,
    EntryRecord,
    PlannedSlot,
    TopicList,
    TopicRecord,
)
from newsletter.web.api.refusals import RefusedError, documented

router = APIRouter(route_class=GuardedRoute)
_ENTRIES = [Depends(allowed(Scope.ENTRIES_READ))]
_EDITIONS = [Depends(allowed(Scope.EDITIONS_READ))]
_LETTER: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/html": {}, "text/plain": {}}}
}


@router.get("/topics", dependencies=_ENTRIES, responses=documented())
def list_topics(desk: Desk) -> TopicList:
    """Return the topics of the catalogue."""
    return TopicList(topics=[TopicRecord.of(one) for one in desk.topics()])


@router.get("/entries", dependencies=_ENTRIES, responses=documented())
def list_entries(
    desk: Desk,
    after: Annotated[
        int, Query(ge=0, le=LARGEST_NUMBER, description="`next` of the page before")
    ] = 0,
    limit: Limit = 100,
    source: Annotated[str | None, Query(max_length=40)] = None,
) -> EntryPage:
    """Return entries in the order in which they became available."""
    name = SourceName(source) if source else None
    found = desk.entries(above=ReleaseNo(after), limit=limit, source=name)
    last = found[-1].release_no if len(found) == limit else None
    return EntryPage(entries=[EntryRecord.of(one) for one in found], next=last)


@router.get("/entries/{entry:path}", dependencies=_ENTRIES, responses=documented(404))
def show_entry(
    desk: Desk, entry: Annotated[str, Path(min_length=1, max_length=300)]
) -> EntryRecord:
    """Return one entry by its id, such as `arxiv:2605.01234`."""
    found = desk.entry(EntryId(entry))
    if found is None:
        raise RefusedError(404, "There is no such entry.")
    return EntryRecord.of(found)


@router.get("/subscribers/{subscriber}/editions", dependencies=_EDITIONS, responses=documented())
def list_editions(desk: Desk, subscriber: Id, limit: Limit = 100) -> EditionList:
    """Return the last slots of a subscriber, the latest first: the edition, or why there was none."""
    found = desk.slots(SubscriberId(subscriber), limit)
    return EditionList(editions=[PlannedSlot.of(one) for one in found])


@router.get("/editions/{edition}", dependencies=_EDITIONS, responses=documented(404))
def show_edition(desk: Desk, edition: Id) -> EditionRecord:
    """Return what an edition shows and why, as long as it is kept."""
    found = desk.edition(edition)
    if found is None:
        raise RefusedError(404, "There is no such edition, or it is no longer kept.")
    return EditionRecord.of(found)


@router.get(
    "/editions/{edition}/letter",
    dependencies=_EDITIONS,
    responses=documented(404) | _LETTER,
    response_class=HTMLResponse,
)
def show_letter(desk: Desk, edition: Id) -> Response:
    """Return the letter as it is sent: HTML, or text for who asked for text."""
    found = desk.letter(edition)
    if found is None:
        raise RefusedError(404, "There is no such edition, or it is no longer kept.")
    return PlainTextResponse(found.text) if found.html is None else HTMLResponse(found.html)
