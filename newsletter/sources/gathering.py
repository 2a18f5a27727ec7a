"""What one pull of a service gave so far, page by page."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from newsletter.errors import FetchError
from newsletter.model import FetchedEntry, Link, LinkKind, Memory, Pull, SourceState

_MOST_PROBLEMS: Final = 100


@dataclass(slots=True)
class Gathering:
    """Collects entries, each of them once, what is wrong with some, and pages that did not come."""

    entries: dict[str, FetchedEntry] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    failures: list[FetchError] = field(default_factory=list)

    def take(self, entry: FetchedEntry | None, problem: str) -> None:
        """Keep an entry, of several versions the latest; where there is none, say why."""
        if entry is None:
            self.problems.append(problem)
            return
        known = self.entries.get(entry.source_id)
        if known is None or (entry.version or 0) > (known.version or 0):
            self.entries[entry.source_id] = entry

    @contextmanager
    def enduring(self, where: str = "") -> Iterator[None]:
        """Let a FetchError end this part of the pull alone: what came before it is kept."""
        try:
            yield
        except FetchError as error:
            self.failures.append(error)
            self.problems.append(f"{where}: {error}" if where else str(error))

    def pull(self, empty: str, memory: Memory | None = None) -> Pull:
        """Return what was gathered; `empty` says why there may be nothing.

        Raises the first FetchError where there is nothing but failures. Nothing is remembered
        after a failure, so that the same is asked for again.
        """
        if self.failures and not self.entries:
            raise self.failures[0]
        kept = None if self.failures else memory
        if self.entries or self.problems:
            told = tuple(dict.fromkeys(self.problems))[:_MOST_PROBLEMS]
            return Pull(tuple(self.entries.values()), told, memory=kept)
        return Pull((), verdict=SourceState.EMPTY, note=empty, memory=kept)


def links_of(pairs: Iterable[tuple[LinkKind, str | None]]) -> tuple[Link, ...]:
    """Return the links that there are, each once, in this order."""
    return tuple(dict.fromkeys(Link(kind, url) for kind, url in pairs if url))
