"""An archive of made-up editions."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from newsletter.errors import StorageError
from newsletter.model import (
    EntryContent,
    EntryId,
    LetterEntry,
    Link,
    LinkKind,
    SourceName,
)
from newsletter.ports import Neighbour
from newsletter.workflows import FeedEntry, PublicLine, PublicPage, PublicTopic

DAY: Final = timedelta(days=1)
MONDAY: Final = date(2026, 11, 23)
WHOLE: Final = PublicTopic("", "", "")
GULLS: Final = PublicTopic("gulls", "gulls", "Gulls & <i>terns</i>")
OWLS: Final = PublicTopic("owls", "owls", "Owls")
HOSTILE: Final = '"]]> & <script>alert(1)</script>\x00\x0b\ud800\u202e <b>{{ 7 * 7 }}</b>'


def planned_at(day: date) -> datetime:
    return datetime.combine(day + DAY, datetime.min.time(), UTC) + timedelta(minutes=5)


def content_of(title: str) -> EntryContent:
    return EntryContent(
        title,
        abstract=f"About {title}. It is long.",
        authors=("Ada Example", title),
        published_on=date(2026, 11, 20),
        links=(
            Link(LinkKind.PAGE, "https://papers.example.org/1?a=1&b=<2>"),
            Link(LinkKind.PDF, "https://papers.example.org/1.pdf?a=1&b=2"),
        ),
    )


def entry_of(title: str) -> LetterEntry:
    return LetterEntry(
        EntryId(f"id {title}"), content_of(title), (SourceName("shore"),), f"On {title}", (HOSTILE,)
    )


class Archive:
    """Editions of two topics and the whole on some days."""

    def __init__(self, days: Sequence[date] = (MONDAY - DAY, MONDAY)) -> None:
        self.by_day = {day: planned_at(day) for day in days}
        self.title = HOSTILE
        self.is_broken = False
        self.entries_a_day = 2

    def topic(self, slug: str) -> PublicTopic | None:
        if self.is_broken:
            message = "database is locked at /secret/place"
            raise StorageError(message)
        return {"": WHOLE, "gulls": GULLS, "owls": OWLS}.get(slug)

    def shelves(self) -> Sequence[PublicTopic]:
        there = PublicTopic("gulls", "gulls", GULLS.title, len(self.by_day), MONDAY)
        return [WHOLE, there, OWLS]

    def days(self, topic: PublicTopic) -> Sequence[date]:
        return [] if topic is OWLS else list(self.by_day)

    def page(self, topic: PublicTopic, day: date) -> PublicPage | None:
        if topic is OWLS or day not in self.by_day:
            return None
        before = [Neighbour(one, at) for one, at in self.by_day.items() if one < day]
        after = [Neighbour(one, at) for one, at in self.by_day.items() if one > day]
        return PublicPage(
            topic=topic,
            local_date=day,
            planned_at=self.by_day[day],
            new_count=12_345,
            entries=tuple(entry_of(f"{self.title} {n}") for n in range(self.entries_a_day)),
            also_matched=(entry_of("Also"),),
            before=before[-1] if before else None,
            after=after[0] if after else None,
        )

    def latest(self, topic: PublicTopic, editions: int = 1) -> Sequence[PublicLine]:
        days = list(reversed(self.days(topic)))[:editions]
        return [PublicLine(topic, day, (self.title, "Second"), self.entries_a_day) for day in days]

    def feed(self, topic: PublicTopic) -> Sequence[FeedEntry]:
        return [
            FeedEntry(
                EntryId(f"doi:10.1000/{self.title} {day}"),
                content_of(f"{self.title} {day}"),
                (self.title,),
                self.by_day[day],
                day,
            )
            for day in reversed(self.days(topic))
        ]

    def all_days(self) -> Iterator[tuple[PublicTopic, Sequence[date]]]:
        for topic in (WHOLE, GULLS, OWLS):
            yield topic, self.days(topic)
