"""The source: the feeds say what is new, the query API says more of it, OAI-PMH what was missed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from newsletter.errors import FetchError
from newsletter.model import (
    Ask,
    Manners,
    Memory,
    Pull,
    PullOrder,
    PullStep,
    SourceName,
    SourceState,
    Validators,
)
from newsletter.ports import Visit, Web
from newsletter.sources.arxiv.api import AT_ONCE, ask_api
from newsletter.sources.arxiv.calendar import due_list, is_weekend, missed_days
from newsletter.sources.arxiv.feed import Feed, read_feed
from newsletter.sources.arxiv.harvest import harvest
from newsletter.sources.arxiv.papers import Papers
from newsletter.sources.gathering import Gathering

FEEDS: Final = "https://rss.arxiv.org"
QUERIES: Final = "https://export.arxiv.org"
RECORDS: Final = "https://arxiv.org"
_ACCEPT: Final = "application/rss+xml, application/xml;q=0.9, */*;q=0.1"
_ERROR_FEED: Final = frozenset({400})
_LONGEST_GAP: Final = timedelta(days=30)
_MOST_PENDING: Final = 1_000
_LONGEST_LAG: Final = timedelta(days=3)
"""Of the API behind the announcements: hours, at times a day."""
_MANNERS: Final = Manners(
    pace="arxiv",
    interval=timedelta(seconds=3),  # the terms of use: over all its services and all our machines
    busy=frozenset({406, 429, 503}),
    back_off=timedelta(seconds=60),
)


@dataclass(frozen=True, slots=True)
class ArxivSource:
    """What arXiv announces in `categories`, one feed each.

    `base` stands for its three hosts where something else is asked in their place.
    """

    name: SourceName
    web: Web
    categories: tuple[str, ...]
    is_enriched: bool = True
    is_back_filled: bool = True
    base: str | None = None
    deadline: timedelta = timedelta(minutes=10)
    topics: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`arxiv`."""
        return "arxiv"

    def pull(self, order: PullOrder) -> Pull:
        """Return what is announced now, and what was while nobody asked.

        One feed, the API or the records failing is a problem, and the rest is told all the same;
        raises SourceError when no feed could be read.
        """
        manners = replace(_MANNERS, deadline=self.deadline)
        round_ = _Round(self, order)
        with self.web.visit(manners, order) as visit:
            for category in self.categories:
                round_.read_feed(visit, category)
            if self.is_back_filled:
                round_.fill_gaps(visit)
            if self.is_enriched:
                round_.enrich(visit)
        return round_.pull()


@dataclass(slots=True)
class _Round:
    """One pull, while it goes on."""

    source: ArxivSource
    order: PullOrder
    papers: Papers = field(default_factory=Papers)
    found: Gathering = field(default_factory=Gathering)
    shelves: dict[str, "_Shelf"] = field(default_factory=dict)
    """Of each category what is remembered."""
    pending: dict[str, date] = field(default_factory=dict)
    """New papers of which the API is still to be asked, and since when."""
    stale: list[str] = field(default_factory=list)
    unchanged: int = 0

    def __post_init__(self) -> None:
        """Take what the last pull left."""
        memory = self.order.memory
        for category in self.source.categories:
            self.shelves[category] = _Shelf.load(memory.get(category, ""))
        self.pending = _read_pending(memory.get("pending", ""), self.order.now.date())

    def read_feed(self, visit: Visit, category: str) -> None:
        """Read the list of one category."""
        shelf = self.shelves[category]
        url = f"{self.source.base or FEEDS}/rss/{category}"
        ask = Ask(url, accept=_ACCEPT, validators=shelf.validators, expected=_ERROR_FEED)
        with self.found.enduring(category):
            page = visit.fetch(ask)
            if page.is_unchanged:
                self.unchanged += 1
                self._look_whether_late(category, shelf.dated)
                return
            feed = read_feed(page)
            self.found.problems.extend(feed.problems)
            if feed.is_full:
                self.found.problems.append(
                    f"{category}: the feed is full at {len(feed.papers)} papers, so new ones may be "
                    "missing; name smaller categories, such as cs.LG in place of cs"
                )
            self._take_in(category, feed, page.validators)

    def _take_in(self, category: str, feed: Feed, validators: Validators) -> None:
        shelf = self.shelves[category]
        digest = _digest([paper.arxiv_id for paper in feed.papers])
        dated = feed.dated.date() if feed.dated else None
        is_repeated = bool(feed.papers) and digest == shelf.digest and dated != shelf.dated
        if is_repeated and shelf.dated is not None:
            self.stale.append(f"{category}: the list of {dated} is that of {shelf.dated} again")
            return  # its validators are not kept, so that it is asked for again whole
        self._look_whether_late(category, dated)
        if digest == shelf.digest and dated == shelf.dated:
            self.unchanged += 1
        else:
            news = (p.arxiv_id for p in feed.papers if not p.announced_as.is_revision)
            self.pending = dict.fromkeys(news, self.order.now.date()) | self.pending
        self.papers.add(feed.papers)
        self.shelves[category] = _Shelf(dated, digest, validators, shelf.dated)

    def _look_whether_late(self, category: str, dated: date | None) -> None:
        due = due_list(self.order.now)
        if dated is not None and dated < due and not is_weekend(self.order.now):
            self.stale.append(f"{category}: the list is of {dated}, that of {due} is due")

    def fill_gaps(self, visit: Visit) -> None:
        """Ask for what was announced between the last list that was read and the present one."""
        for category, shelf in self.shelves.items():
            last = shelf.before
            if last is None or last < self.order.now.date() - _LONGEST_GAP:
                continue
            days = missed_days(last, self.order.now)
            if days is None:
                continue
            self._tell(f"{category}: asking for what was announced from {days[0]} to {days[1]}")
            with self.found.enduring(f"{category}, days that were missed"):
                self.papers.add(harvest(visit, self.source.base or RECORDS, category, days))

    def enrich(self, visit: Visit) -> None:
        """Ask the API for more about what is new; what it does not know yet is asked for again."""
        wanted = list(self.pending)[:_MOST_PENDING]
        try:
            for start in range(0, len(wanted), AT_ONCE):
                for paper in ask_api(visit, self._queries, wanted[start : start + AT_ONCE]):
                    if self.pending.pop(paper.arxiv_id, None):
                        known = self.papers.by_id.get(paper.arxiv_id)
                        self.papers.by_id[paper.arxiv_id] = known.told_by(paper) if known else paper
        except FetchError as error:
            self.found.problems.append(f"{error.fact}; the entries are as the feeds tell them")

    @property
    def _queries(self) -> str:
        return self.source.base or QUERIES

    def pull(self) -> Pull:
        """Return what came of it."""
        source = self.source
        for paper in self.papers.by_id.values():
            self.found.take(paper.entry(source.name, source.topics), "")
        memory = self._memory()
        if self.found.failures and len(self.found.failures) >= len(source.categories):
            pull = self.found.pull("")
        else:
            told = tuple(dict.fromkeys(self.found.problems))
            pull = Pull(tuple(self.found.entries.values()), told, memory=memory)
        verdict, note = self._verdict(pull)
        return Pull(pull.entries, pull.problems, verdict, note, pull.memory)

    def _verdict(self, pull: Pull) -> tuple[SourceState | None, str]:
        if pull.problems:
            return None, "; ".join(self.stale)
        if self.stale:
            return SourceState.STALE, "; ".join(self.stale)
        if pull.entries:
            return None, ""
        if self.unchanged == len(self.source.categories):
            return SourceState.UNCHANGED, "not modified"
        weekend = is_weekend(self.order.now)
        return SourceState.EMPTY, (
            "nothing is announced on a weekend" if weekend else "nothing was announced: a holiday?"
        )

    def _memory(self) -> Memory:
        kept: dict[str, str] = {name: shelf.dump() for name, shelf in self.shelves.items()}
        latest = list(self.pending.items())[:_MOST_PENDING]
        return kept | {"pending": " ".join(f"{one}@{since}" for one, since in latest)}

    def _tell(self, text: str) -> None:
        self.order.on_step(PullStep(text))


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What is remembered of one category: its last list, and the validators of its feed."""

    dated: date | None = None
    digest: str = ""
    validators: Validators = field(default_factory=Validators)
    before: date | None = None
    """The list that was read before this one, in this pull; days between were missed."""

    @classmethod
    def load(cls, text: str) -> "_Shelf":
        """Read what `dump` wrote; what cannot be read is forgotten."""
        try:
            told: Mapping[str, str] = json.loads(text)
            dated = date.fromisoformat(told["dated"])
            validators = Validators(told.get("etag"), told.get("last_modified"))
            return cls(dated, str(told["digest"]), validators)
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def dump(self) -> str:
        """Write it as one text; empty without a list."""
        if self.dated is None:
            return ""
        told = {
            "dated": self.dated.isoformat(),
            "digest": self.digest,
            "etag": self.validators.etag,
            "last_modified": self.validators.last_modified,
        }
        return json.dumps({key: value for key, value in told.items() if value is not None})


def _read_pending(text: str, today: date) -> dict[str, date]:
    """Read `ID@DAY` and so on; what the API did not learn of for days it will not."""
    pending: dict[str, date] = {}
    for one in text.split():
        name, _, day = one.partition("@")
        try:
            since = date.fromisoformat(day)
        except ValueError:
            continue
        if today - since <= _LONGEST_LAG:
            pending[name] = since
    return pending


def _digest(ids: Sequence[str]) -> str:
    return hashlib.sha256(" ".join(sorted(ids)).encode()).hexdigest()[:16]
