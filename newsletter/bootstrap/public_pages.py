"""The archive of public editions, over a newsroom."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from newsletter.bootstrap.indexes import index_anew
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.model import EmailAddress, PublicEdition
from newsletter.ports import TellProgress
from newsletter.storage import PublicEditionStore
from newsletter.workflows import (
    PublicOrder,
    PublicReading,
    TrialPorts,
    missing_days,
    past_days,
    plan_public_editions,
)

_NOBODY: Final = EmailAddress("archive@example.org")

PlannedDay = tuple[date, Sequence[PublicEdition]]


def public_reading(room: Newsroom) -> PublicReading | None:
    """Return the archive for its readers; None where the operator wants none."""
    if not room.config.web.archive:
        return None
    topics = [one.topic for one in room.config.catalogue().values()]
    return PublicReading(PublicEditionStore(room.database), room.press, topics)


def build_archive(
    room: Newsroom,
    days: int | None = None,
    *,
    tell: TellProgress = lambda _done, _total: None,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Iterator[PlannedDay]:
    """Plan the public editions of the last `days`; None: of those days of the last week that lack them.

    Yields each day once it is written, with the editions that are new; none where the operator
    wants no archive.
    """
    if not room.config.web.archive:
        return
    order, editions = _order(room), PublicEditionStore(room.database)
    now = room.clock.now()
    wanted = past_days(order, days, now=now) if days else missing_days(order, editions, now=now)
    if not wanted:
        return
    # An index of its own: the one that is kept is for the next letters.
    ports = TrialPorts(room.entries, room.clock, index_anew(room), room.topicality)
    yield from plan_public_editions(
        wanted, order, ports, editions, tell=tell, is_stopping=is_stopping
    )


def _order(room: Newsroom) -> PublicOrder:
    config = room.config
    return PublicOrder(
        preferences=replace(config.default_preferences(), email=_NOBODY),
        topics=tuple(one.topic for one in config.catalogue().values()),
        default_topics=room.default_topics,
        hidden=frozenset(name for name, one in config.sources.items() if one.kind == "mail"),
    )
