"""What the templates of the archive are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from newsletter.rendering import EntryView, view_entry
from newsletter.rules.composing import shorten, tidy, write_date
from newsletter.rules.public import Month, months

if TYPE_CHECKING:
    from newsletter.model import LetterEntry
    from newsletter.workflows import PublicLine, PublicTopic

ROOT: Final = "/archive"
_ABSTRACT_CHARACTERS: Final = 6_000
_UNTITLED: Final = "Untitled"
_DESCRIPTION_CHARACTERS: Final = 200
_YEAR: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class EntryShown:
    """An entry with its abstract, empty where the summary says it all."""

    view: EntryView
    abstract: str


@dataclass(frozen=True, slots=True)
class EditionShown:
    """An edition in a list: where it is, its day in words, and its first titles."""

    path: str
    day: str
    titles: str
    entries: int


@dataclass(frozen=True, slots=True)
class TopicShown:
    """A topic in a list."""

    title: str
    path: str
    editions: int
    last: str


@dataclass(frozen=True, slots=True)
class Shelves:
    """The months that a page shows, and the years that have pages of their own."""

    months: Sequence[Month]
    years: Sequence[int]


def topic_path(topic: "PublicTopic") -> str:
    """Return where a topic stands."""
    return f"{ROOT}/{quote(topic.slug)}" if topic.slug else ROOT


def edition_path(topic: "PublicTopic", day: date) -> str:
    """Return where an edition stands."""
    return f"{topic_path(topic)}/{day.isoformat()}"


def show_entries(entries: "Sequence[LetterEntry]", today: date) -> list[EntryShown]:
    """Return entries as a page shows them, numbered from 1."""
    return [
        EntryShown(view_entry(entry, number, today), _abstract(entry))
        for number, entry in enumerate(entries, 1)
    ]


def show_edition(one: "PublicLine") -> EditionShown:
    """Return an edition as a list shows it."""
    return EditionShown(
        path=edition_path(one.topic, one.local_date),
        day=write_date(one.local_date),
        titles=" · ".join(tidy(title) or _UNTITLED for title in one.titles),
        entries=one.entries,
    )


def show_topic(topic: "PublicTopic") -> TopicShown:
    """Return a topic as a list shows it."""
    last = write_date(topic.last) if topic.last else ""
    return TopicShown(tidy(topic.title), topic_path(topic), topic.editions, last)


def show_days(days: Sequence[date], year: int | None) -> Shelves:
    """Return the months of a year; None: the latest twelve, and other years as links."""
    if year is not None:
        return Shelves(months(day for day in days if day.year == year), ())
    if not days:
        return Shelves((), ())
    since = days[-1] - _YEAR
    latest = months(day for day in days if day > since)[:12]
    is_all = days[0] > since
    years = () if is_all else sorted({day.year for day in days}, reverse=True)
    return Shelves(latest, years)


def describe(entries: "Sequence[LetterEntry]") -> str:
    """Return the titles of entries in as many words as a list of search results shows."""
    return shorten(" · ".join(title(entry) for entry in entries), _DESCRIPTION_CHARACTERS)


def title(entry: "LetterEntry") -> str:
    """Return the title of an entry, on one line."""
    return tidy(entry.content.title) or _UNTITLED


def _abstract(entry: "LetterEntry") -> str:
    abstract = tidy(entry.content.abstract or "")
    return "" if abstract == entry.summary else shorten(abstract, _ABSTRACT_CHARACTERS)
