"""The public editions, as pages and feeds show them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from newsletter.model import WHOLE, EntryContent, EntryId, LetterEntry, Match, Topic
from newsletter.ports import Neighbour, PublicEditions
from newsletter.rules.composing import write_reason
from newsletter.rules.public import topic_slugs
from newsletter.workflows.press import Press

_FEED_EDITIONS: Final = 31
_FEED_ENTRIES: Final = 60
_TITLES: Final = 3


@dataclass(frozen=True, slots=True)
class PublicTopic:
    """A topic of the archive. `slug` stands for it in addresses; that of the newsletter as a whole is "".

    `last` is the day of its last edition; None: there is none so far.
    """

    slug: str
    name: str
    title: str
    editions: int = 0
    last: date | None = None


@dataclass(frozen=True, slots=True)
class PublicPage:
    """One edition with its entries in words, and the editions beside it."""

    topic: PublicTopic
    local_date: date
    planned_at: datetime
    new_count: int
    entries: tuple[LetterEntry, ...]
    also_matched: tuple[LetterEntry, ...]
    before: Neighbour | None
    after: Neighbour | None


@dataclass(frozen=True, slots=True)
class PublicLine:
    """One edition in a list: its first titles, as their sources wrote them, and how many there are."""

    topic: PublicTopic
    local_date: date
    titles: tuple[str, ...]
    entries: int


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry of a feed. `shown_at` is when the edition was planned that has it, `on` its day."""

    id: EntryId
    content: EntryContent
    reasons: tuple[str, ...]
    shown_at: datetime
    on: date


class PublicReading:
    """The archive of a newsletter. All methods raise StorageError, also for a text that is gone."""

    def __init__(self, editions: PublicEditions, press: Press, topics: Sequence[Topic]) -> None:
        self._editions = editions
        self._press = press
        slugs = topic_slugs(topic.name for topic in topics)
        known = (PublicTopic(slugs[one.name], one.name, one.title) for one in topics)
        self._topics: Mapping[str, PublicTopic] = {one.slug: one for one in known}
        self._whole = PublicTopic("", WHOLE, "")

    def topic(self, slug: str) -> PublicTopic | None:
        """Return a topic of the catalogue; of "" the newsletter as a whole."""
        return self._topics.get(slug) if slug else self._whole

    def shelves(self) -> Sequence[PublicTopic]:
        """Return the newsletter as a whole, then every topic, each with what there is of it."""
        there = self._editions.shelves()
        return [
            PublicTopic(one.slug, one.name, one.title, shelf.editions, shelf.last)
            if (shelf := there.get(one.name))
            else one
            for one in (self._whole, *self._topics.values())
        ]

    def days(self, topic: PublicTopic) -> Sequence[date]:
        """Return the days of a topic that have an edition, in order."""
        return self._editions.days(topic.name)

    def page(self, topic: PublicTopic, day: date) -> PublicPage | None:
        """Return the edition of a day; None where there is none."""
        edition = self._editions.edition(topic.name, day)
        if edition is None:
            return None
        before, after = self._editions.around(topic.name, day)
        shown = len(edition.matches)
        written = self._press.written((*edition.matches, *edition.also_matched))
        return PublicPage(
            topic=topic,
            local_date=day,
            planned_at=edition.planned_at,
            new_count=edition.new_count,
            entries=written[:shown],
            also_matched=written[shown:],
            before=before,
            after=after,
        )

    def latest(self, topic: PublicTopic, editions: int = 1) -> Sequence[PublicLine]:
        """Return the last editions, latest first."""
        found = self._editions.latest(topic.name, limit=editions)
        named = [match.revision for one in found for match in one.matches[:_TITLES]]
        contents = self._press.contents(named)
        return [
            PublicLine(
                topic,
                one.local_date,
                tuple(contents[match.revision].title for match in one.matches[:_TITLES]),
                len(one.matches),
            )
            for one in found
        ]

    def feed(self, topic: PublicTopic) -> Sequence[FeedEntry]:
        """Return the last entries of a topic, the latest edition first; at most sixty."""
        editions = self._editions.latest(topic.name, limit=_FEED_EDITIONS)
        chosen = [
            (match, one.planned_at, one.local_date) for one in editions for match in one.matches
        ]
        return tuple(feed_entries(chosen[:_FEED_ENTRIES], self._press))

    def all_days(self) -> Iterator[tuple[PublicTopic, Sequence[date]]]:
        """Yield every topic that is offered with the days of its editions."""
        days = self._editions.all_days()
        for topic in (self._whole, *self._topics.values()):
            yield topic, days.get(topic.name, ())


def feed_entries(
    chosen: Sequence[tuple[Match, datetime, date]], press: Press
) -> Iterator[FeedEntry]:
    """Yield what a feed says of chosen entries, each entry once; what is not kept is left out."""
    contents = press.contents([match.revision for match, _, _ in chosen])
    seen: set[EntryId] = set()
    for match, shown_at, day in chosen:
        content = contents.get(match.revision)
        if content is not None and match.entry not in seen:
            seen.add(match.entry)
            reasons = tuple(write_reason(reason) for reason in match.reasons)
            yield FeedEntry(match.entry, content, reasons, shown_at, day)
