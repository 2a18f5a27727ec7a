"""How the newsletter stands: who got nothing lately and why, and what an operator must look at."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from newsletter.errors import NewsletterError
from newsletter.model import (
    Accounting,
    OutboxState,
    SilenceReason,
    Slot,
    SourceReport,
    SourceState,
    Subscriber,
)
from newsletter.ports import Figures, TroubleCount
from newsletter.rules.cadence import is_ahead
from newsletter.rules.planning import Occasion, Schedule, find_occasion
from newsletter.workflows.report import ReportPorts

LATELY: Final = timedelta(days=1)
_PUNCTUAL: Final = timedelta(minutes=10)
_BATCH: Final = 1_000
_IN_TROUBLE: Final = frozenset({OutboxState.DEFERRED, OutboxState.UNCERTAIN, OutboxState.FAILED})
_WITHOUT_SLOT: Final = frozenset(
    {SilenceReason.UNCONFIRMED, SilenceReason.UNSUBSCRIBED, SilenceReason.NO_DOCUMENT}
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """A fact that an operator must know, and what to do about it."""

    fact: str
    remedy: str

    def __str__(self) -> str:
        """Write both as one sentence."""
        return f"{self.fact}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class Status:
    """How everything stands at one moment.

    `silences` counts the slots of the last 24 hours that brought no letter, by reason, and the
    people who can have no slot at all.
    """

    accounting: Accounting
    subscribers: Mapping[str, int]
    """How many there are in each state."""
    silences: Mapping[SilenceReason, int]
    sources: tuple[SourceReport, ...]
    alarms: tuple[Alarm, ...]


def take_stock(ports: ReportPorts, figures: Figures) -> Status:
    """Return how everything stands now; nothing is written. All messages are counted, none is read."""
    now = ports.publishing.clock.now()
    sources = tuple(ports.publishing.log.last().values())
    people = look_at_people(ports.subscribers.all(), ports, now)
    silences = Counter(people.silences)
    silences.update(ports.ledger.silences(since=now - LATELY))
    silences[SilenceReason.TROUBLE] += _in_trouble(figures, now) + len(people.overdue)
    clock = tuple(clock_alarms(ports.ledger.latest_beginning(after=now), sources, now))
    alarms = (
        *clock,
        *source_alarms(sources),
        *letter_alarms(*troubles(figures, now)),
        *schedule_alarms([] if clock else people.overdue),  # by a wrong clock nobody is late
    )
    return Status(
        accounting=ports.outbox.accounting(),
        subscribers=dict(sorted(people.states.items())),
        silences={reason: silences[reason] for reason in SilenceReason if silences[reason]},
        sources=sources,
        alarms=alarms,
    )


@dataclass(frozen=True, slots=True)
class People:
    """What a look at people found: their states, who can have no slot, and slots that are late."""

    states: Counter[str]
    silences: Counter[SilenceReason]
    overdue: list[Slot]


def look_at_people(everybody: Iterator[Subscriber], ports: ReportPorts, now: datetime) -> People:
    """Look at each of these people; for a million it takes a minute."""
    people = People(Counter(), Counter(), [])
    while batch := list(islice(everybody, _BATCH)):
        standings = ports.ledger.marks([person.id for person in batch])
        for person in batch:
            people.states[str(person.state)] += 1
            try:
                found = find_occasion(person, standings[person.id], schedule=Schedule.KEEP, now=now)
            except NewsletterError:
                people.silences[SilenceReason.TROUBLE] += 1
                continue
            if not isinstance(found, Occasion):
                people.silences.update({found.reason} & _WITHOUT_SLOT)
            elif found.slot.begins_at < now - _PUNCTUAL:
                people.overdue.append(found.slot)
    return people


def clock_alarms(
    latest: datetime | None, sources: Iterable[SourceReport], now: datetime
) -> Iterator[Alarm]:
    """Yield the alarm of a clock that is behind what was written down, `latest` of it of letters."""
    remedy = "set the clock right; letters go on by themselves, none is sent twice"
    if latest and is_ahead(latest, now):
        fact = (
            f"the clock shows {now:%Y-%m-%d %H:%M} UTC, but letters of {latest:%Y-%m-%d %H:%M} UTC"
        )
        yield Alarm(f"{fact} were planned: it is wrong, or was", remedy)
        return
    pulls = [one.pulled_at for one in sources if one.pulled_at and is_ahead(one.pulled_at, now)]
    if pulls:
        fact = f"the clock shows {now:%Y-%m-%d %H:%M} UTC, but sources were read at"
        yield Alarm(f"{fact} {max(pulls):%Y-%m-%d %H:%M} UTC: it is wrong, or was", remedy)


def source_alarms(sources: Iterable[SourceReport]) -> Iterator[Alarm]:
    """Yield an alarm for each source that failed or repeats itself."""
    remedy = "the other sources go on; `newsletter collect {}` asks it again"
    for report in sources:
        said = "; ".join(report.problems)
        if report.state is SourceState.FAILED:
            yield Alarm(f"source {report.name} failed: {said}", remedy.format(report.name))
        if report.state is SourceState.STALE:
            fact = f"source {report.name} repeats an old list"
            yield Alarm(f"{fact}: {said}" if said else fact, remedy.format(report.name))


def troubles(figures: Figures, now: datetime) -> tuple[TroubleCount, TroubleCount, TroubleCount]:
    """Count what waits for another try, what is uncertain, and what failed in the last 24 hours."""
    return (
        figures.trouble(OutboxState.DEFERRED),
        figures.trouble(OutboxState.UNCERTAIN),
        figures.trouble(OutboxState.FAILED, since=now - LATELY),
    )


def letter_alarms(
    waiting: TroubleCount, uncertain: TroubleCount, failed: TroubleCount
) -> Iterator[Alarm]:
    """Yield the alarms of letters that wait for another try, may have arrived, or failed in a day."""
    if waiting.count:
        again = "they are tried again by themselves; `newsletter retry` tries at once"
        yield Alarm(f"{_letters(waiting)} for the relay, which said: {_said(waiting)}", again)
    if uncertain.count:
        fact = f"{_letters(uncertain)} without knowing whether it was taken: {_said(uncertain)}"
        yield Alarm(fact, "see `newsletter deliveries --state uncertain`")
    if failed.count:
        count = "1 letter" if failed.count == 1 else f"{failed.count:,} letters"
        fact = f"{count} failed in the last 24 hours, the last one with: {_said(failed)}"
        yield Alarm(fact, "see `newsletter deliveries --state failed`, then `newsletter retry`")


def schedule_alarms(overdue: Sequence[Slot]) -> Iterator[Alarm]:
    """Yield the alarm of slots that began a while ago and are not planned."""
    if not overdue:
        return
    who = "1 letter is" if len(overdue) == 1 else f"{len(overdue):,} letters are"
    since = min(slot.begins_at for slot in overdue)
    yield Alarm(
        f"{who} due since {since:%Y-%m-%d %H:%M} UTC and not planned yet",
        "keep `newsletter serve` running, or run `newsletter send`",
    )


def _in_trouble(figures: Figures, now: datetime) -> int:
    """Count the slots of the last 24 hours whose letters did not arrive, or may not have."""
    since = now - LATELY
    letters = figures.letters(since=since)
    return sum(one.count for one in letters if one.what in _IN_TROUBLE and one.at > since)


def _letters(trouble: TroubleCount) -> str:
    return "1 letter waits" if trouble.count == 1 else f"{trouble.count:,} letters wait"


def _said(trouble: TroubleCount) -> str:
    return trouble.said or "nothing"
