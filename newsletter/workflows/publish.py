"""PUBLISH: plan a letter, or a silence, for everyone whose slot has come."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from newsletter.errors import NewsletterError
from newsletter.model import (
    RevisionId,
    Silence,
    SilenceReason,
    SlotPlan,
    Standing,
    Subscriber,
    SubscriberId,
    Topic,
)
from newsletter.ports import BuildIndex, Clock, EntryStore, Ledger, Outbox, Rests, SourceLog, Votes
from newsletter.rules.planning import Desk, Occasion, Schedule, find_occasion, unplanned_days
from newsletter.rules.topicality import Topicality
from newsletter.workflows.circumstances import may_meet_again
from newsletter.workflows.questions import FAULTS
from newsletter.workflows.ratings import read_ratings
from newsletter.workflows.resting import resting
from newsletter.workflows.stock import Stock
from newsletter.workflows.workbench import Ratings, Workbench

if TYPE_CHECKING:
    from newsletter.rules.choosing import Exchange

_FIRST_BATCH: Final = 100
_LARGEST_BATCH: Final = 4000
"""What is done once for a batch is a tenth of the work for a thousand people."""
_GROWTH: Final = 4


@dataclass(frozen=True, slots=True)
class PublishPorts:
    """What planning needs of the world."""

    entries: EntryStore
    ledger: Ledger
    outbox: Outbox
    log: SourceLog
    clock: Clock
    build_index: BuildIndex
    votes: Votes | None = None
    """None: nobody's likes are known."""
    rests: Rests | None = None
    """None: everybody is looked at each time."""
    exchange: "Exchange | None" = None
    """None: nobody plans beside this run who could be told what it learns."""


@dataclass(frozen=True, slots=True)
class PublishOrder:
    """What is asked of one run. `default_topics` are for subscribers who name none.

    `topicality` is what sources make of the scores of their entries; `build_index` of the ports knows
    the rest of it, which is where topics look.
    """

    dressing: RevisionId
    default_topics: tuple[Topic, ...] = ()
    schedule: Schedule = Schedule.KEEP
    topicality: Topicality = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Published:
    """What a run, or a batch of it, planned, and everybody who gets nothing, with the reason."""

    plans: tuple[SlotPlan, ...]
    silences: tuple[tuple[Subscriber, Silence], ...]


def publish(
    subscribers: Iterable[Subscriber], order: PublishOrder, ports: PublishPorts
) -> Published:
    """Write down what each of `subscribers` gets now; return all plans and silences together."""
    plans: list[SlotPlan] = []
    silences: list[tuple[Subscriber, Silence]] = []
    for batch in publish_by_batches(subscribers, order, ports):
        plans.extend(batch.plans)
        silences.extend(batch.silences)
    return Published(tuple(plans), tuple(silences))


def publish_by_batches(
    subscribers: Iterable[Subscriber], order: PublishOrder, ports: PublishPorts
) -> Iterator[Published]:
    """Write down what each of `subscribers` gets now, and yield each batch once it is written.

    The first batch is small, so that its letters can leave while the others are planned; nothing
    is kept of the batches before. Letters that came too late are merged first, so that their
    entries are candidates again. Safe to repeat: a slot that is planned stays as it is.
    """
    now = ports.clock.now()
    ports.outbox.recover(now=now)
    ports.outbox.expire(now=now)
    stock = open_stock(order, ports, now=now)
    for batch in _batched(subscribers):
        with _without_collecting():
            planned, silent = plan_batch(batch, order, ports, now=now, stock=stock)
            written = ports.ledger.plan(planned)
            if order.schedule is Schedule.KEEP:
                ports.ledger.note(unplanned_days(silent, planned, now=now))
                if ports.rests:
                    ports.rests.rest(resting(batch, planned, written, silent, now=now))
        yield Published(tuple(written), tuple(silent))


def get_ready(order: PublishOrder, ports: PublishPorts) -> None:
    """Read and index what the next letters will be chosen from, so that the first leaves sooner.

    For who keeps what `build_index` of the ports returned; without that it is a waste of time.
    """
    open_stock(order, ports, now=ports.clock.now()).workbench((), ())


def plan_batch(
    batch: Sequence[Subscriber],
    order: PublishOrder,
    ports: PublishPorts,
    *,
    now: datetime,
    stock: Stock | None = None,
    adjust: Callable[[Standing], Standing] | None = None,
) -> tuple[list[SlotPlan], list[tuple[Subscriber, Silence]]]:
    """Decide for each of `batch` and write nothing.

    Returns the plans to be written, and every silence: those among the plans and those of
    subscribers without a slot now. One subscriber who cannot be decided on is a silence with the
    reason TROUBLE and no plan, so that nothing passes them by. Batches of one run share a `stock`;
    `adjust` is for previews.
    """
    marks = ports.ledger.marks([person.id for person in batch])
    occasions, silences = _occasions(batch, marks, order, now=now)
    if not occasions:
        return [], silences
    adjusted = adjust or _as_it_is
    standings = {one.subscriber.id: adjusted(marks[one.subscriber.id]) for one in occasions}
    stock = stock or open_stock(order, ports, now=now)
    bench = stock.workbench(occasions, list(standings.values()))
    wanted = [
        standings[one.subscriber.id]
        for one in occasions
        if adjust or may_meet_again(one, standings[one.subscriber.id])
    ]
    if wanted:
        known = ports.ledger.with_appearances(wanted, bench.desk.entries.keys())
        standings |= {person: adjusted(standing) for person, standing in known.items()}
    plans: list[SlotPlan] = []
    ratings = read_ratings(occasions, ports.votes, ports.entries, now=now)
    for occasion, plan in _decide_all(occasions, standings, ratings, bench, order):
        silence = plan if isinstance(plan, Silence) else plan.silence
        if silence:
            silences.append((occasion.subscriber, silence))
        if isinstance(plan, SlotPlan) and (plan.edition or order.schedule is not Schedule.IGNORE):
            plans.append(plan)
    return plans, silences


def _occasions(
    batch: Sequence[Subscriber],
    marks: Mapping[SubscriberId, Standing],
    order: PublishOrder,
    *,
    now: datetime,
) -> tuple[list[Occasion], list[tuple[Subscriber, Silence]]]:
    """Return who of `batch` has a slot now, and why the others have none."""
    occasions: list[Occasion] = []
    silences: list[tuple[Subscriber, Silence]] = []
    for person in batch:
        occasion = _occasion_safely(person, marks[person.id], order, now=now)
        if isinstance(occasion, Occasion):
            occasions.append(occasion)
        else:
            silences.append((person, occasion))
    return occasions, silences


def _decide_all(
    occasions: Sequence[Occasion],
    standings: Mapping[SubscriberId, Standing],
    ratings: Mapping[SubscriberId, Ratings],
    bench: Workbench,
    order: PublishOrder,
) -> Iterator[tuple[Occasion, SlotPlan | Silence]]:
    marked = ((one, standings[one.subscriber.id]) for one in occasions)
    people = [(one, standing, bench.new_to(one, standing)) for one, standing in marked]
    found = bench.choose_together(people, order.default_topics, ratings.keys())
    for one, standing, fresh in people:
        id_ = one.subscriber.id
        chosen, rated = found.get(id_), ratings.get(id_, ())
        try:
            plan = bench.decide(one, standing, order.default_topics, chosen, rated, fresh)
        except NewsletterError as error:
            yield one, _trouble(error)
        except FAULTS as error:
            yield one, _trouble(f"{type(error).__name__}: {error}")
        else:
            yield one, plan


def open_stock(order: PublishOrder, ports: PublishPorts, *, now: datetime) -> Stock:
    """Return the entries of a run that begins at `now`; what is released later is not among them."""
    desk = Desk(
        now=now,
        release=ports.entries.last_release(),
        dressing=order.dressing,
        entries={},
        reports=tuple(ports.log.last().values()),
        topicality=order.topicality,
    )
    return Stock(desk, ports.entries, ports.build_index, ports.exchange)


def _as_it_is(standing: Standing) -> Standing:
    return standing


def _occasion_safely(
    person: Subscriber, standing: Standing, order: PublishOrder, *, now: datetime
) -> Occasion | Silence:
    try:
        return find_occasion(person, standing, schedule=order.schedule, now=now)
    except NewsletterError as error:
        return Silence(SilenceReason.TROUBLE, f"The next slot cannot be found: {error}")


def _trouble(what: object) -> Silence:
    return Silence(SilenceReason.TROUBLE, f"The letter cannot be decided: {what}")


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let the search for garbage wait: a batch makes thousands of objects, and none in a circle.

    It would go through all that is alive again and again, which took a third of the time. What was
    made meanwhile counts as old afterwards: it is not gone through either, as soon as it may be again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def _batched(subscribers: Iterable[Subscriber]) -> Iterator[list[Subscriber]]:
    rest = iter(subscribers)
    size = _FIRST_BATCH
    while True:
        with _without_collecting():
            batch = list(islice(rest, size))
        if not batch:
            return
        yield batch
        size = min(size * _GROWTH, _LARGEST_BATCH)
