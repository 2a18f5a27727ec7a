"""A source that reads Daily Papers pages as a reader saved them from a browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from glob import iglob
from itertools import islice
from pathlib import Path
from typing import Final

from newsletter.errors import SourceError
from newsletter.model import EntryContent, FetchedEntry, Pull, PullOrder, SourceName
from newsletter.rules.identity import fingerprint
from newsletter.sources.disk import decode, read_bytes
from newsletter.sources.page_text import PageEntry, read_page

_MOST_BYTES: Final = 16 * 1024 * 1024
_MOST_PAGES: Final = 1000
_MOST_PROBLEMS: Final = 100
_TELLING_CHARACTERS: Final = 200
"""Of an abstract, beside the title, to tell entries apart: its end may be cut on another page."""


@dataclass(frozen=True, slots=True)
class SavedPageSource:
    """Text of Daily Papers pages, copied with "select all, copy", one file a page.

    `pattern` is a glob, relative to `root` unless it is absolute; `year` is for pages on which
    no date has a year (None: the dates of such a page stay unknown); `topics` are catalogue
    topics given to every entry. Such pages have no links, so their entries have none.
    """

    name: SourceName
    pattern: str
    root: Path
    year: int | None = None
    topics: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`saved-page`."""
        return "saved-page"

    def pull(self, order: PullOrder) -> Pull:  # noqa: ARG002  a saved page is what it is
        """Return the entries of all pages, by file name; one that several pages show comes as often.

        A page that cannot be read is a problem. Raises SourceError when there is no page, or
        none that can be read.
        """
        entries: list[FetchedEntry] = []
        problems: list[str] = []
        failed = 0
        paths = self._paths()
        for path in paths:
            try:
                found, doubts = self._read(path)
            except SourceError as error:
                failed += 1
                problems.append(str(error))
            else:
                entries += found
                problems += doubts
        if failed == len(paths):
            raise SourceError("; ".join(problems[:3]))
        return Pull(tuple(entries), tuple(problems[:_MOST_PROBLEMS]))

    def _paths(self) -> Sequence[Path]:
        # Path.glob refuses absolute patterns, which an operator may well write.
        every = iglob(self.pattern, root_dir=self.root, recursive=True)  # noqa: PTH207
        found = islice(every, _MOST_PAGES)
        paths = sorted(path for text in found if (path := self.root / text).is_file())
        if not paths:
            place = self.root / self.pattern
            message = f"{place}: no such file; save a page there or correct `path` in config.yaml"
            raise SourceError(message)
        return paths

    def _read(self, path: Path) -> tuple[Sequence[FetchedEntry], Sequence[str]]:
        text = decode(read_bytes(path, most_bytes=_MOST_BYTES), path)
        page = read_page(text, year=self.year)
        if not page.is_daily_papers:
            message = (
                f"{path}: does not look like a Daily Papers page; save the text that"
                ' "select all, copy" gives in a browser'
            )
            raise SourceError(message)
        doubts = [f"{path}:{doubt.line}: {doubt.message}" for doubt in page.doubts]
        return [self._announce(entry) for entry in page.entries], doubts

    def _announce(self, entry: PageEntry) -> FetchedEntry:
        return FetchedEntry(
            source=self.name,
            source_id=fingerprint(entry.title, (entry.abstract or "")[:_TELLING_CHARACTERS]),
            content=EntryContent(
                title=entry.title,
                abstract=entry.abstract,
                author_count=entry.author_count,
                organization=entry.organization,
                published_on=entry.published_on,
                comments=entry.comments,
            ),
            topics=self.topics,
        )
