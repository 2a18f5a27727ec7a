"""What a page of the archive of a year costs: 365 days of 40 topics and the newsletter as a whole.

    python -m benchmarks.archive [FOLDER]

The database lies in FOLDER, made there when it is not, else in one that is gone afterwards. Pages are asked
of the app itself, without a socket; topics and days are chosen by dice, after one page of the kind that is
not counted. `wall` is what a reader waits, `CPU` what it takes of the machine; `statements` are those of one
page. Little of the archive is in memory: what the requests before left there.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import httpx
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.applications import Starlette

from newsletter.bootstrap import Newsroom, open_newsroom, receiving
from newsletter.config import copy_starter
from newsletter.model import (
    WHOLE,
    EntryContent,
    EntryId,
    Link,
    LinkKind,
    Match,
    NewEntry,
    PublicDay,
    PublicEdition,
    Reason,
    ReasonKind,
    ReleaseNo,
    RevisionId,
    SourceName,
)
from newsletter.storage import PublicEditionStore
from newsletter.web import make_app, site_of

DAYS: Final = 365
TOPICS: Final = 40
PAPERS_A_DAY: Final = 60
SHOWN: Final = 10
NAMED: Final = 5
FIRST: Final = date(2025, 11, 22)
SAMPLES: Final = 150
WORDS: Final = (
    *("models", "policy", "reward", "graph", "vision", "speech", "protein", "weather", "memory"),
    *("agent", "safety", "proof", "search", "language", "image", "video", "robot", "market"),
    *("clinical", "sparse", "robust", "learning", "of", "with", "for", "under", "and", "the"),
)


def run(folder: str | None = None) -> None:
    """Print the table."""
    with _place(folder) as place:
        _set_up(place)
        with open_newsroom(place / "config.yaml") as room:
            begin = time.process_time()
            app = make_app(site_of(room, receiving(room)))
            print(f"  the app, once: {time.process_time() - begin:.2f} s CPU")
            asyncio.run(_measure(app, _slugs(room)))


async def _measure(app: Starlette, slugs: list[str]) -> None:
    dice = random.Random(7)  # noqa: S311 - no secret
    days = [FIRST + timedelta(days=number) for number in range(DAYS)]
    statements = _count_statements()
    kinds: dict[str, tuple[int, Callable[[], str]]] = {
        "/archive": (20, lambda: "/archive"),
        "/archive/TOPIC": (SAMPLES, lambda: f"/archive/{dice.choice(slugs)}"),
        "/archive/DAY": (SAMPLES, lambda: f"/archive/{dice.choice(days)}"),
        "/archive/TOPIC/DAY": (
            SAMPLES,
            lambda: f"/archive/{dice.choice(slugs)}/{dice.choice(days)}",
        ),
        "/archive/TOPIC/2026": (SAMPLES, lambda: f"/archive/{dice.choice(slugs)}/2026"),
        "/archive/TOPIC/feed.atom": (SAMPLES, lambda: f"/archive/{dice.choice(slugs)}/feed.atom"),
        "/archive/TOPIC/feed.json": (SAMPLES, lambda: f"/archive/{dice.choice(slugs)}/feed.json"),
        "/sitemap.xml": (10, lambda: "/sitemap.xml"),
    }
    transport = httpx.ASGITransport(app=app)
    print(
        f"  {'page':<28}{'wall p50':>10}{'p95':>8}{'CPU p50':>10}{'p95':>8}{'kB':>7}{'statements':>12}"
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
        for kind, (count, path) in kinds.items():
            await _ask(client, path(), statements)  # compiles templates and statements
            figures = [await _ask(client, path(), statements) for _ in range(count)]
            walls, cpus, sizes, asked = zip(*figures, strict=True)
            cells = (median(walls), _p95(walls), median(cpus), _p95(cpus))
            shown = "".join(
                f"{cell * 1_000:>{width}.1f}"
                for cell, width in zip(cells, (10, 8, 10, 8), strict=True)
            )
            print(f"  {kind:<28}{shown}{median(sizes) / 1_000:>7.0f}{max(asked):>12}")
    print("  (times in ms)")


async def _ask(
    client: httpx.AsyncClient, path: str, statements: list[str]
) -> tuple[float, float, int, int]:
    statements.clear()
    wall, cpu = time.perf_counter(), time.process_time()
    page = await client.get(path)
    figures = (time.perf_counter() - wall, time.process_time() - cpu)
    assert page.status_code == 200, path
    return *figures, len(page.content), len(statements)


def _p95(values: tuple[float, ...]) -> float:
    return quantiles(values, n=20)[-1]


def _count_statements() -> list[str]:
    """Return a list that takes every statement but those of transactions."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    return seen


@contextmanager
def _place(folder: str | None) -> Iterator[Path]:
    if folder:
        yield Path(folder)
        return
    with tempfile.TemporaryDirectory() as temporary:
        yield Path(temporary) / "news"


def _set_up(place: Path) -> None:
    if place.exists():
        return
    copy_starter(place, timezone="UTC")
    path = place / "config.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("\ndelivery:\n", '\nmatching: {semantic: "off"}\ndelivery:\n', 1),
        encoding="utf-8",
    )
    begin = time.perf_counter()
    with open_newsroom(path) as room:
        _fill(room)
        database = room.database.path
    size = database.stat().st_size / 1e6 if database else 0
    print(
        f"  made in {time.perf_counter() - begin:.0f} s; {DAYS * (TOPICS + 1):,} editions, {size:.0f} MB"
    )


def _fill(room: Newsroom) -> None:
    dice = random.Random(5)  # noqa: S311 - no secret
    editions = PublicEditionStore(room.database)
    names = [one.topic.name for one in room.config.catalogue().values()][:TOPICS]
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        now = datetime.combine(day, datetime.min.time(), UTC)
        papers = [_paper(number, place, dice) for place in range(PAPERS_A_DAY)]
        room.entries.change([], lambda _, papers=papers: papers, now=now)  # type: ignore[misc]
        stored = {
            one.id: one.revision
            for one in room.entries.get([paper.id for paper in papers]).values()
        }
        made = tuple(_edition(topic, day, stored, dice) for topic in (WHOLE, *names))
        editions.keep(PublicDay(day, ReleaseNo(number), made), since=day)


def _edition(
    topic: str, day: date, stored: dict[EntryId, RevisionId], dice: random.Random
) -> PublicEdition:
    reason = Reason(ReasonKind.TOPIC, topic or "Agents and tools", tuple(dice.sample(WORDS, 3)))
    source = (SourceName("arxiv"),)
    matches = tuple(
        Match(entry, stored[entry], 1.5, (reason,), (), (topic,), source)
        for entry in dice.sample(sorted(stored), SHOWN + NAMED)
    )
    planned_at = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)
    return PublicEdition(topic, day, planned_at, PAPERS_A_DAY, matches[:SHOWN], matches[SHOWN:])


def _paper(day: int, place: int, dice: random.Random) -> NewEntry:
    name = f"26{day:03}.{place:05}"

    def words(count: int) -> str:
        return " ".join(dice.choices(WORDS, k=count)).capitalize()

    page = f"https://arxiv.org/abs/{name}"
    content = EntryContent(
        title=words(10),
        abstract=" ".join(f"{words(22)}." for _ in range(8)),
        authors=tuple(words(2).title() for _ in range(6)),
        published_on=FIRST + timedelta(days=day),
        links=(Link(LinkKind.PAGE, page), Link(LinkKind.PDF, f"{page}.pdf")),
        categories=("cs.LG", "cs.AI"),
    )
    return NewEntry(EntryId(f"arxiv:{name}"), content, SourceName("arxiv"), frozenset())


def _slugs(room: Newsroom) -> list[str]:
    return [one.topic.name for one in room.config.catalogue().values()][:TOPICS]


if __name__ == "__main__":
    run(*sys.argv[1:2])
