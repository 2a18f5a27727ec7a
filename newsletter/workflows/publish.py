"""PUBLISH: plan a letter, or a silence, for everyone whose slot has come."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from typing import Final

from newsletter.errors import NewsletterError
from newsletter.model import (
    Entry,
    EntryId,
    RevisionId,
    Silence,
    SilenceReason,
    SlotKind,
    SlotPlan,
    Standing,
    Subscriber,
    SubscriberId,
    Topic,
    TopicHit,
    WhenEmpty,
)
from newsletter.ports import BuildIndex, Clock, EntryStore, Ledger, Outbox, SourceLog, TopicIndex
from newsletter.rules.matching import Matching, match
from newsletter.rules.planning import (
    CARRY_WINDOW,
    UPVOTES_WINDOW,
    Desk,
    Occasion,
    Schedule,
    carried_entries,
    choose_topics,
    decide,
    find_occasion,
    first_look,
    new_entries,
)

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class PublishPorts:
    """What planning needs of the world."""

    entries: EntryStore
    ledger: Ledger
    outbox: Outbox
    log: SourceLog
    clock: Clock
    build_index: BuildIndex


@dataclass(frozen=True, slots=True)
class PublishOrder:
    """What is asked of one run. `default_topics` are for subscribers who name none."""

    dressing: RevisionId
    default_topics: tuple[Topic, ...] = ()
    schedule: Schedule = Schedule.KEEP


@dataclass(frozen=True, slots=True)
class Published:
    """What a run planned, and everybody who gets nothing, with the reason."""

    plans: tuple[SlotPlan, ...]
    silences: tuple[tuple[Subscriber, Silence], ...]


@dataclass(frozen=True, slots=True)
class Workbench:
    """The pool of entries of one run with its index; each distinct question is asked once."""

    pool: tuple[Entry, ...]
    index: TopicIndex
    desk: Desk
    answers: dict[tuple[str | None, str | None], Mapping[EntryId, TopicHit]] = field(
        default_factory=dict
    )

    def hits(self, topics: Iterable[Topic]) -> Mapping[str, Mapping[EntryId, TopicHit]]:
        """Return the answers to `topics` by the topic's name."""
        return {topic.name: self._answer(topic) for topic in topics}

    def muted(self, queries: Iterable[str]) -> frozenset[EntryId]:
        """Return the entries for which any of `queries` holds."""
        return frozenset[EntryId]().union(*(self._held(query) for query in queries))

    def _answer(self, topic: Topic) -> Mapping[EntryId, TopicHit]:
        question = (topic.query, topic.about)
        if question not in self.answers:
            self.answers[question] = self.index.answer(topic)
        return self.answers[question]

    def _held(self, query: str) -> frozenset[EntryId]:
        return self.index.holds(query)


def publish(
    subscribers: Iterable[Subscriber],
    order: PublishOrder,
    ports: PublishPorts,
    on_planned: Callable[[int], None] = lambda _: None,
) -> Published:
    """Write down what each of `subscribers` gets now; return the plans and the silences.

    Letters that came too late are merged first, so that their entries are candidates again.
    `on_planned` hears how many subscribers each batch settled. Safe to repeat: a slot that is
    planned stays as it is.
    """
    now = ports.clock.now()
    ports.outbox.recover(now=now)
    ports.outbox.expire(now=now)
    plans: list[SlotPlan] = []
    silences: list[tuple[Subscriber, Silence]] = []
    for batch in _batched(subscribers):
        planned, silent = plan_batch(batch, order, ports, now=now)
        plans.extend(ports.ledger.plan(planned))
        silences.extend(silent)
        on_planned(len(batch))
    return Published(tuple(plans), tuple(silences))


def plan_batch(
    batch: Sequence[Subscriber],
    order: PublishOrder,
    ports: PublishPorts,
    *,
    now: datetime,
    adjust: Callable[[Standing], Standing] = lambda standing: standing,
) -> tuple[list[SlotPlan], list[tuple[Subscriber, Silence]]]:
    """Decide for each of `batch` and write nothing.

    Returns the plans to be written, and every silence: those among the plans and those of
    subscribers without a slot now. One subscriber who cannot be decided on is a silence with the
    reason TROUBLE and no plan, so that nothing passes them by. `adjust` is for previews.
    """
    marks = ports.ledger.marks([person.id for person in batch])
    occasions: list[Occasion] = []
    silences: list[tuple[Subscriber, Silence]] = []
    for person in batch:
        occasion = _occasion_safely(person, marks[person.id], order, now=now)
        if isinstance(occasion, Occasion):
            occasions.append(occasion)
        else:
            silences.append((person, occasion))
    if not occasions:
        return [], silences
    standings = {one.subscriber.id: adjust(marks[one.subscriber.id]) for one in occasions}
    bench = set_up(occasions, standings, order, ports, now=now)
    known = ports.ledger.with_appearances(standings.values(), bench.desk.entries.keys())
    standings = {person: adjust(standing) for person, standing in known.items()}
    plans: list[SlotPlan] = []
    for occasion in occasions:
        plan = _decide_safely(occasion, standings[occasion.subscriber.id], bench, order)
        silence = plan if isinstance(plan, Silence) else plan.silence
        if silence:
            silences.append((occasion.subscriber, silence))
        if isinstance(plan, SlotPlan) and (plan.edition or order.schedule is not Schedule.IGNORE):
            plans.append(plan)
    return plans, silences


def _occasion_safely(
    person: Subscriber, standing: Standing, order: PublishOrder, *, now: datetime
) -> Occasion | Silence:
    try:
        return find_occasion(person, standing, schedule=order.schedule, now=now)
    except NewsletterError as error:
        return Silence(SilenceReason.TROUBLE, f"The next slot cannot be found: {error}")


def _decide_safely(
    occasion: Occasion, standing: Standing, bench: Workbench, order: PublishOrder
) -> SlotPlan | Silence:
    try:
        return decide_one(occasion, standing, bench, order)
    except NewsletterError as error:
        return Silence(SilenceReason.TROUBLE, f"The letter cannot be decided: {error}")
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        # A fault of ours that this person's data brings out must not cost the others their letters.
        text = f"The letter cannot be decided: {type(error).__name__}: {error}"
        return Silence(SilenceReason.TROUBLE, text)


def decide_one(
    occasion: Occasion, standing: Standing, bench: Workbench, order: PublishOrder
) -> SlotPlan:
    """Match and decide for one subscriber; raises QueryError for a topic that cannot be read."""
    topics = choose_topics(occasion.preferences, order.default_topics)
    fresh = new_entries(occasion, standing, bench.pool)
    if occasion.silence:
        return decide(occasion, standing, None, topics, bench.desk, new_count=len(fresh))
    matching = _match(occasion, standing, topics, fresh, bench)
    is_scheduled = occasion.slot.kind is SlotKind.SCHEDULED
    wants_carried = occasion.preferences.when_empty is WhenEmpty.CARRY
    if is_scheduled and wants_carried and not matching.matches:
        carried = carried_entries(standing, bench.pool, now=bench.desk.now)
        found = _match(occasion, standing, topics, carried, bench)
        matching = found if found.matches else matching
    return decide(occasion, standing, matching, topics, bench.desk, new_count=len(fresh))


def _match(
    occasion: Occasion,
    standing: Standing,
    topics: tuple[Topic, ...],
    entries: Sequence[Entry],
    bench: Workbench,
) -> Matching:
    preferences = occasion.preferences
    return match(
        preferences,
        topics,
        entries,
        bench.hits(topics),
        muted=bench.muted(preferences.mute),
        already=standing.appeared | standing.named,
    )


def set_up(
    occasions: Sequence[Occasion],
    standings: Mapping[SubscriberId, Standing],
    order: PublishOrder,
    ports: PublishPorts,
    *,
    now: datetime,
    extra: Sequence[Entry] = (),
) -> Workbench:
    """Read the entries that any of `occasions` may need, and `extra`, once, and index them."""
    here = [standings[occasion.subscriber.id] for occasion in occasions]
    release = ports.entries.last_release()  # first: what comes later stays above the watermark
    pool = {
        entry.id: entry
        for entry in chain(_candidates(occasions, here, ports, now=now), extra)
        if entry.release_no <= release
    }
    entries = tuple(sorted(pool.values(), key=lambda entry: entry.release_no))
    desk = Desk(
        now=now,
        release=release,
        dressing=order.dressing,
        entries=pool,
        reports=tuple(ports.log.last().values()),
    )
    return Workbench(entries, ports.build_index(entries), desk)


def _candidates(
    occasions: Sequence[Occasion],
    standings: Sequence[Standing],
    ports: PublishPorts,
    *,
    now: datetime,
) -> Iterator[Entry]:
    marks = [standing.watermark for standing in standings if standing.watermark is not None]
    if marks:
        yield from ports.entries.released(above=min(marks))
    if len(marks) < len(standings):
        yield from ports.entries.find(since=min(map(first_look, occasions)))
    if any(one.preferences.when_empty is WhenEmpty.CARRY for one in occasions):
        yield from ports.entries.find(since=now - CARRY_WINDOW)
    if any(one.preferences.minimum_upvotes for one in occasions):
        yield from ports.entries.find(since=now - UPVOTES_WINDOW)
    given_back = frozenset[EntryId]().union(*(standing.given_back for standing in standings))
    yield from ports.entries.get(given_back).values()


def _batched(subscribers: Iterable[Subscriber]) -> Iterator[list[Subscriber]]:
    rest = iter(subscribers)
    while batch := list(islice(rest, _BATCH)):
        yield batch
