"""Topics, looked at before anybody follows them: how a query was understood, and what it would find."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from newsletter.model import CatalogueTopic, Entry, EntryId, Subscriber, SubscriptionState, Topic
from newsletter.ports import Clock, EntryStore, SubscriberStore, TopicIndex
from newsletter.rules.matching import in_daily_letters
from newsletter.rules.planning import choose_topics
from newsletter.rules.query import (
    And,
    Node,
    Not,
    Or,
    Term,
    content_words,
    describe,
    has_forms,
    parse,
    spell,
)

WINDOW: Final = timedelta(days=30)
"""How far back it is counted what a topic would have found."""

_EXAMPLES: Final = 3
_DAY: Final = timedelta(days=1)


class QueryIndex(TopicIndex, Protocol):
    """A topic index that can also be asked about parts of a query."""

    def where(self, part: Node) -> frozenset[EntryId]:
        """Return the entries for which one part of a query is true."""
        ...

    def forms(self, term: Term) -> Mapping[str, tuple[str, ...]]:
        """Return for each word of `term` the words of the entries that it may mean."""
        ...

    def stem(self, word: str) -> str:
        """Return what the forms of a folded word have in common."""
        ...


@dataclass(frozen=True, slots=True)
class TopicPorts:
    """What looking at topics needs of the world."""

    entries: EntryStore
    subscribers: SubscriberStore
    clock: Clock
    build_index: Callable[[Sequence[Entry]], QueryIndex]


@dataclass(frozen=True, slots=True)
class WordForms:
    """A word of a query. `stem` is None where it has no other forms; `forms` are those stored."""

    word: str
    stem: str | None
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryPart:
    """One node of a query, in words and in its plain spelling; `depth` counts from 0."""

    depth: int
    meaning: str
    spelling: str
    words: tuple[WordForms, ...]
    found: int
    examples: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class TopicExplanation:
    """How a topic was understood, and what it finds among the entries since `since`.

    `parts` are those of its query from the whole to the leaves, `about_words` the words that
    count of its free text. `examples` are the best that it finds.
    """

    topic: Topic
    spelling: str | None
    parts: tuple[QueryPart, ...]
    about_words: tuple[str, ...]
    since: datetime
    entry_count: int
    found: int
    examples: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic of the catalogue with what it finds and how many people follow it."""

    offered: CatalogueTopic
    found: int
    per_day: float
    followers: int


def explain_topic(topic: Topic, ports: TopicPorts) -> TopicExplanation:
    """Return how `topic` was understood. Raises QueryError when its query cannot be read."""
    root = parse(topic.query).root if topic.query else None
    since = ports.clock.now() - WINDOW
    entries = {entry.id: entry for entry in ports.entries.find(since=since)}
    index = ports.build_index(tuple(entries.values()))
    hits = in_daily_letters(topic, index.answer(topic), entries.values())
    best = sorted(hits, key=lambda name: -hits[name].score)
    return TopicExplanation(
        topic,
        spell(root) if root else None,
        tuple(_parts(root, 0, index, entries)) if root else (),
        content_words(topic.about or ""),
        since,
        len(entries),
        len(hits),
        _examples(best, entries),
    )


def list_topics(catalogue: Iterable[CatalogueTopic], ports: TopicPorts) -> tuple[TopicLine, ...]:
    """Return each topic of the catalogue with its hits a day in the window, and its followers.

    The days count from the first entry where the store is younger than the window; at least one.
    """
    offers = tuple(catalogue)
    now = ports.clock.now()
    entries = ports.entries.find(since=now - WINDOW)
    first = min((entry.first_seen_at for entry in entries), default=now)
    days = max(now - first, _DAY) / _DAY
    index = ports.build_index(entries)
    followed = _followed(offers, ports.subscribers.all())
    return tuple(
        TopicLine(one, found, found / days, followed.get(one.topic.name, 0))
        for one in offers
        for found in [len(in_daily_letters(one.topic, index.answer(one.topic), entries))]
    )


def _followed(offers: Sequence[CatalogueTopic], people: Iterable[Subscriber]) -> Mapping[str, int]:
    """Count the confirmed followers of each topic; who names none follows the default topics."""
    questions = {(one.topic.name, one.topic.query, one.topic.about) for one in offers}
    defaults = tuple(one.topic for one in offers if one.is_default)
    counts: dict[str, int] = {}
    for person in people:
        if person.preferences is None or person.state is not SubscriptionState.CONFIRMED:
            continue
        for topic in choose_topics(person.preferences, defaults):
            if (topic.name, topic.query, topic.about) in questions:
                counts[topic.name] = counts.get(topic.name, 0) + 1
    return counts


def _parts(
    node: Node, depth: int, index: QueryIndex, entries: Mapping[EntryId, Entry]
) -> Iterator[QueryPart]:
    found = index.where(node)
    yield QueryPart(
        depth,
        describe(node),
        spell(node),
        tuple(_words(node, index)) if isinstance(node, Term) else (),
        len(found),
        _examples((name for name in entries if name in found), entries),
    )
    for part in _below(node):
        yield from _parts(part, depth + 1, index, entries)


def _below(node: Node) -> tuple[Node, ...]:
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(part):
            return (part,)
        case _:
            return ()


def _words(term: Term, index: QueryIndex) -> Iterator[WordForms]:
    for word, forms in index.forms(term).items():
        yield WordForms(word, index.stem(word) if has_forms(term) else None, forms)


def _examples(names: Iterable[EntryId], entries: Mapping[EntryId, Entry]) -> tuple[Entry, ...]:
    return tuple(entries[name] for name, _ in zip(names, range(_EXAMPLES), strict=False))
