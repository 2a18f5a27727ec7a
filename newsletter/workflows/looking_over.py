"""Looking everything over for the operator; nothing is written.

It says the same as `status`, counted and not read, so that a million messages and people make no
difference of more than a second: of the people who may be late only some are looked at.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from newsletter.model import SourceName, SourceReport, SubscriptionEvent
from newsletter.ports import Counted, Figures
from newsletter.rules.collecting import due_at
from newsletter.workflows.alarms import flood_alarms, held_alarms, lane_alarms
from newsletter.workflows.lane_report import report_lanes
from newsletter.workflows.overview import (
    Concern,
    DayLine,
    Overview,
    OverviewPorts,
    Returns,
    SourceLine,
    Today,
    Worry,
)
from newsletter.workflows.receive.bouncing import read_standing
from newsletter.workflows.receive.lately import asked_lately
from newsletter.workflows.status import (
    Alarm,
    clock_alarms,
    letter_alarms,
    look_at_people,
    schedule_alarms,
    source_alarms,
    troubles,
)

DAYS: Final = 30
"""How many days the charts have, today among them."""
LATELY_BOUNCED: Final = timedelta(days=7)
_LOOKED_AT: Final = 1_000
"""People who are looked at for a letter that is late. Ids are made by chance: they stand for all."""
_JOINED: Final = frozenset(
    {SubscriptionEvent.CONFIRM, SubscriptionEvent.VOUCH, SubscriptionEvent.UNDO}
)
_LEFT: Final = frozenset({SubscriptionEvent.UNSUBSCRIBE})


def look_over(ports: OverviewPorts) -> Overview:
    """Return how everything stands now."""
    now = ports.report.publishing.clock.now()
    zone = ZoneInfo(ports.timezone)
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    since = _midnight(days[0], zone)
    figures = ports.figures
    letters = figures.letters(since=since)
    reports = ports.report.publishing.log.last()
    held = ports.held.held()
    said = figures.consents(_JOINED | _LEFT, since=since)
    return Overview(
        taken_at=now,
        timezone=ports.timezone,
        worries=tuple(_worries(ports, reports, held, now)),
        tally=figures.tally(),
        today=_today(today, letters, ports, zone),
        oldest_waiting=figures.oldest_waiting(),
        lanes=report_lanes(ports.throttles.lanes(), ports.limits(), ports.paces.now()),
        sources=tuple(_sources(ports, reports, held, now)),
        people=figures.people(),
        returns=_returns(figures, now),
        letters_by_day=_by_day(days, letters, zone),
        people_by_day=_by_day(days, [_joined_or_left(one) for one in said], zone),
        entries_by_day=_by_day(days, figures.entries(since=since), zone),
        aside=figures.aside(),
    )


def _worries(
    ports: OverviewPorts,
    reports: Mapping[SourceName, SourceReport],
    held: Mapping[SourceName, int],
    now: datetime,
) -> Iterator[Worry]:
    figures = ports.figures
    clock = list(
        clock_alarms(ports.report.ledger.latest_beginning(after=now), reports.values(), now)
    )
    flood = flood_alarms(asked_lately(ports.correspondence, now))
    for concern, alarms in (
        (Concern.CLOCK, clock),
        (Concern.DISK, ports.more()),
        (Concern.WORK, ports.work()),
        (Concern.PLANNING, () if clock else _late(ports, now)),
        (Concern.LETTERS, letter_alarms(*troubles(figures, now))),
        (Concern.LANE, lane_alarms(ports.throttles.lanes(), ports.paces.now())),
        (Concern.SOURCE, source_alarms(reports.values())),
        (Concern.HELD, held_alarms(held)),
        (Concern.FLOOD, flood),
        (Concern.ASIDE, _aside(figures.aside())),
    ):
        yield from (Worry(concern, alarm) for alarm in alarms)


def _late(ports: OverviewPorts, now: datetime) -> Iterator[Alarm]:
    some = islice(ports.report.subscribers.by_id(), _LOOKED_AT)
    yield from schedule_alarms(look_at_people(some, ports.report, now).overdue)


def _aside(count: int) -> Iterator[Alarm]:
    if count:
        messages = "1 received message is" if count == 1 else f"{count:,} received messages are"
        yield Alarm(f"{messages} set aside", "see `newsletter inbound`")


def _today(day: date, letters: Sequence[Counted], ports: OverviewPorts, zone: ZoneInfo) -> Today:
    counts: Counter[str] = Counter()
    for one in letters:
        if one.at.astimezone(zone).date() == day:
            counts[one.what] += one.count
    # "After" that moment: a slot that begins at midnight is one of today.
    since = _midnight(day, zone) - timedelta(microseconds=1)
    return Today(day, counts, ports.report.ledger.silences(since=since))


def _sources(
    ports: OverviewPorts,
    reports: Mapping[SourceName, SourceReport],
    held: Mapping[SourceName, int],
    now: datetime,
) -> Iterator[SourceLine]:
    for name, every in ports.intervals.items():
        report = reports.get(name)
        next_at = due_at(report, every, now=now)
        stored_at = ports.report.publishing.log.last_stored(name)
        yield SourceLine(name, ports.kinds[name], report, next_at, held.get(name, 0), stored_at)
    for name, count in held.items():  # of one that is no source any more
        if name not in ports.intervals:
            yield SourceLine(name, "", reports.get(name), None, count)


def _returns(figures: Figures, now: datetime) -> Returns:
    standings = [read_standing(text) for text in figures.bounced()]
    since = now - LATELY_BOUNCED
    lately = [one for one in standings if one.last_day and one.last_day > since.date()]
    suppressed = figures.suppressed()
    return Returns(
        bounced=len(standings),
        bounced_lately=len(lately),
        suppressed=Counter(cause for _, cause in suppressed),
        suppressed_lately=sum(at > since for at, _ in suppressed),
    )


def _joined_or_left(one: Counted) -> Counted:
    return Counted(one.at, "left" if one.what in _LEFT else "joined", one.count)


def _by_day(
    days: Sequence[date], counted: Iterable[Counted], zone: ZoneInfo
) -> tuple[DayLine, ...]:
    """Add up by local day; what is of another day is left out."""
    counts: dict[date, Counter[str]] = {day: Counter() for day in days}
    for one in counted:
        day = one.at.astimezone(zone).date()
        if day in counts:
            counts[day][str(one.what)] += one.count
    return tuple(DayLine(day, counts[day]) for day in days)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)
