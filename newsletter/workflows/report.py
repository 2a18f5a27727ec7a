"""Answers for the operator: who somebody is, and what a score is made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsletter.errors import UnknownEntryError, UnknownSubscriberError
from newsletter.model import (
    Entry,
    EntryId,
    Match,
    Preferences,
    Strictness,
    Subscriber,
    Topic,
    TopicHit,
)
from newsletter.ports import Ledger, Outbox, SubscriberStore
from newsletter.rules.addresses import address_key, parse_address
from newsletter.rules.matching import asked_by, budget_of, graded, let_through, select
from newsletter.rules.planning import Occasion, Schedule, choose_topics, find_occasion
from newsletter.workflows.publish import PublishOrder, PublishPorts, open_stock
from newsletter.workflows.ratings import read_ratings
from newsletter.workflows.workbench import Ratings, Workbench


@dataclass(frozen=True, slots=True)
class Gated:
    """How sure it is that one entry answers one topic with `about`."""

    topic: str
    """Its title."""
    chance: float | None
    """See `TopicHit`; None: too few entries are known to tell."""
    asked: int
    """How many entries the topic is asked of in the next letter, this one among them."""
    budget: float
    """How many of these may be off the topic, where this one is the only one shown."""
    is_shown: bool

    @property
    def expected(self) -> float | None:
        """How many entries off the topic would be as sure in that letter."""
        return None if self.chance is None else self.chance * self.asked


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every term of one entry's score for one subscriber.

    `match` is None where the entry answers nothing that was asked for; `was_sent` tells that the
    terms are those stored with a letter, not computed now. `gates` has the topics with `about` that
    the entry answers, sure enough or not.
    """

    entry: Entry
    match: Match | None
    was_sent: bool
    is_muted: bool = False
    gates: tuple[Gated, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportPorts:
    """What the operator's questions need of the world."""

    subscribers: SubscriberStore
    ledger: Ledger
    outbox: Outbox
    publishing: PublishPorts


def find_subscriber(address: str, subscribers: SubscriberStore) -> Subscriber:
    """Return the subscriber with that address; raises UnknownSubscriberError, AddressError."""
    found = subscribers.find(address_key(parse_address(address)))
    if found is None:
        message = (
            f"{address}: no subscriber has this address; `newsletter subscribers list` shows all"
        )
        raise UnknownSubscriberError(message)
    return found


def explain(
    person: Subscriber, entry_id: str, order: PublishOrder, ports: ReportPorts
) -> Explanation:
    """Return the terms of a score: those of the letter it was sent in, else as they are now.

    Raises UnknownEntryError.
    """
    entry = ports.publishing.entries.get([EntryId(entry_id)]).get(EntryId(entry_id))
    if entry is None:
        message = f"{entry_id}: no entry has this id; `newsletter entries` shows all"
        raise UnknownEntryError(message)
    sent = _sent_match(person, entry.id, ports)
    if sent:
        return Explanation(entry, sent, was_sent=True)
    return _explain_now(person, entry, order, ports)


def _sent_match(person: Subscriber, entry: EntryId, ports: ReportPorts) -> Match | None:
    records = ports.ledger.slots(person.id, limit=200)
    editions = ports.ledger.editions([one.edition for one in records if one.edition])
    for edition in editions.values():
        for one in (*edition.matches, *edition.also_matched):
            if one.entry == entry:
                return one
    return None


def _explain_now(
    person: Subscriber, entry: Entry, order: PublishOrder, ports: ReportPorts
) -> Explanation:
    now = ports.publishing.clock.now()
    standings = ports.ledger.marks([person.id])
    found = find_occasion(person, standings[person.id], schedule=Schedule.AHEAD, now=now)
    if not isinstance(found, Occasion):
        return Explanation(entry, None, was_sent=False)
    stock = open_stock(order, ports.publishing, now=now)
    bench = stock.workbench([found], [standings[person.id]], extra=(entry,))
    topics = choose_topics(found.preferences, order.default_topics)
    muted = bench.muted(found.preferences.mute)
    among = bench.new_to(found, standings[person.id]) | {entry.id}
    publishing = ports.publishing
    ratings = read_ratings([found], publishing.votes, publishing.entries, now=now)
    heard = ratings.get(person.id, ())
    best = _match_now(entry.id, found.preferences, topics, bench, among, heard)
    gates = tuple(_gates(entry.id, topics, found.preferences.strictness, bench.hits(topics), among))
    return Explanation(entry, best, was_sent=False, is_muted=entry.id in muted, gates=gates)


def _match_now(
    entry: EntryId,
    preferences: Preferences,
    topics: Sequence[Topic],
    bench: Workbench,
    among: frozenset[EntryId],
    ratings: Ratings,
) -> Match | None:
    """Return what a letter would say of one entry, were it sure enough for the topics that it answers."""
    alone = frozenset((entry,))
    columns = [
        bench.ranker.column(topic, _hit_of(entry, topic, bench, among), alone) for topic in topics
    ]
    ranking = bench.ranker.rank(columns, preferences.follow, alone)
    if ratings:
        ranking = bench.hear_likes(ranking, ratings, among, preferences.strictness)
    found = select(ranking, preferences, fresh=alone, muted=frozenset(), already=frozenset())
    return found.matches[0] if found.matches else None


def _hit_of(
    entry: EntryId, topic: Topic, bench: Workbench, among: frozenset[EntryId]
) -> Mapping[EntryId, TopicHit]:
    hits = bench.hits([topic])[topic.name]
    if entry not in hits:
        return {}
    asked = asked_by(topic, len(among), len(among & hits.keys()))
    return {entry: hits[entry] if topic.about is None else graded(hits[entry], asked)}


def _gates(
    entry: EntryId,
    topics: Sequence[Topic],
    strictness: Strictness,
    hits: Mapping[str, Mapping[EntryId, TopicHit]],
    among: frozenset[EntryId],
) -> Iterator[Gated]:
    budget = budget_of(strictness, topics)
    for topic in topics:
        found = hits[topic.name]
        if topic.about is None or entry not in found:
            continue
        asked = asked_by(topic, len(among), len(among & found.keys()))
        is_shown = entry in let_through(topic, found, among, budget)
        yield Gated(topic.title, found[entry].chance, asked, budget, is_shown)
