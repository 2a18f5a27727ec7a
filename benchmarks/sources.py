"""Collecting a month of papers from a file, and reading the worst feeds that fit under the limit.

    python -m benchmarks.sources [PAPERS.jsonl.gz]

Without an argument the May papers of the folder `shared` beside the checkout (or of
$NEWSLETTER_SHARED) are taken; without those only the feeds are read. Times are of the processor and
of the wall.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from newsletter.errors import SourceError
from newsletter.model import Page, PullOrder, SourceName
from newsletter.sources import FeedSource, FileSource
from newsletter.storage import Entries, SourceReports, open_database
from newsletter.testing import FakeClock, FakeWeb
from newsletter.workflows import CollectPorts, collect

ROOT: Final = Path(__file__).resolve().parent.parent
NOW: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
URL: Final = "https://blog.example.org/feed"
LARGE: Final = 5_000_000
"""Bytes: a little less than a feed may have."""


def run() -> None:
    """Measure both."""
    shared = Path(os.environ.get("NEWSLETTER_SHARED", ROOT.parent / "shared"))
    may_papers(shared / "data" / "arxiv" / "2026-05.jsonl.gz")
    worst_feeds()


def may_papers(path: Path) -> None:
    """Collect the papers twice into a new database: first all are new, then all are known."""
    if not path.exists():
        print(f"skipped: there is no {path}")
        return
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="newsletter-sources-"))
        database = stack.enter_context(closing(open_database(f"sqlite:///{folder}/news.db")))
        database.migrate(now=NOW)
        ports = CollectPorts(Entries(database), SourceReports(database), FakeClock(NOW))
        source = FileSource(SourceName("may"), path)
        for name in ("collected, all new", "collected again, all known"):
            with measured(name):
                (report,) = collect([source], ports)
            stored = len(ports.entries.find(admission=None))
            print(f"  {report.state}: {report.fetched:,} fetched, {stored:,} entries stored")
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def worst_feeds() -> None:
    """Read each of the feeds that are hard to read."""
    for name, body in hard_feeds():
        with measured(f"{name}, {len(body) / 1e6:.1f} MB"):
            told = read(body)
        print(f"  {told}")


def read(body: bytes) -> str:
    """Return how reading a feed ended."""
    source = FeedSource(SourceName("blog"), FakeWeb({URL: Page(URL, 200, (), body)}), URL)
    try:
        pull = source.pull(PullOrder(NOW))
    except SourceError as error:
        return f"refused: {error}"[:100]
    return f"{len(pull.entries):,} entries, {len(pull.problems)} problems"


def hard_feeds() -> Iterator[tuple[str, bytes]]:
    """Yield a name and the bytes of each."""
    yield (
        "posts as they are",
        rss(
            "<item><guid>{}</guid><title>Gulls</title><description>They plan.</description></item>"
        ),
    )
    yield "posts without end tags", rss("<item><title>Gulls {}")
    yield (
        "posts full of markup",
        rss(
            "<item><title>G</title><description>&lt;p&gt;"
            + "&lt;b&gt;x" * 400
            + "</description></item>"
        ),
    )
    yield (
        "one post that never ends",
        b"<rss version='2.0'><channel><item><description>" + b"x " * (LARGE // 2),
    )
    yield "brackets that open", b"<rss version='2.0'><channel><item><title>" + b"<" * LARGE
    yield "tags within tags", b"<rss version='2.0'><channel><item>" + b"<a>" * (LARGE // 3)
    yield "ampersands", b"<rss version='2.0'><channel><item><title>" + b"&" * LARGE
    yield "escaped brackets", b"<rss version='2.0'><channel><item><title>" + b"&lt;" * (LARGE // 4)
    yield "comments that open", b"<rss version='2.0'><channel>" + b"<!--" * (LARGE // 4)
    yield (
        "CDATA that opens",
        b"<rss version='2.0'><channel><item><title>" + b"<![CDATA[" * (LARGE // 9),
    )
    yield "one long attribute", b"<rss version='2.0'><channel x='" + b"x=" * (LARGE // 2)
    yield "spaces", b"<rss version='2.0'><channel><item><title>" + b" \t\r\n" * (LARGE // 4) + b"x"
    yield (
        "JSON within JSON",
        b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * LARGE,
    )


def rss(post: str) -> bytes:
    """Return a feed of so many posts as fit."""
    count = LARGE // len(post)
    posts = "".join(post.format(number) for number in range(count))
    return f"<rss version='2.0'><channel>{posts}</channel></rss>".encode()[:LARGE]


@contextmanager
def measured(name: str) -> Iterator[None]:
    """Print how long the block took."""
    wall, processor = time.monotonic(), time.process_time()
    yield
    took = time.monotonic() - wall
    print(f"{name}: {time.process_time() - processor:.2f} s of the processor, {took:.2f} s")


def main(arguments: Sequence[str]) -> None:
    """Measure with the papers of a file that is named."""
    if arguments:
        may_papers(Path(arguments[0]))
        worst_feeds()
    else:
        run()


if __name__ == "__main__":
    main(sys.argv[1:])
