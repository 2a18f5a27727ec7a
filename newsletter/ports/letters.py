"""How topics are answered and letters rendered."""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from newsletter.model import (
    EncodedEmail,
    Entry,
    EntryContent,
    EntryId,
    Letter,
    Liking,
    Rating,
    RenderedEmail,
    Topic,
    TopicHit,
)


class TopicIndex(Protocol):
    """Answers topic questions over a fixed set of entries."""

    def answer(self, topic: Topic) -> Mapping[EntryId, TopicHit]:
        """Return the entries that answer `topic`. Raises QueryError when its query cannot be read."""
        ...

    def holds(self, query: str) -> frozenset[EntryId]:
        """Return the entries for which `query` is true, unranked (for mute)."""
        ...

    def likings(self, ratings: Sequence[Rating]) -> Mapping[EntryId, Liking]:
        """Return how much each entry is to the taste of who gave `ratings`; nothing without a like."""
        ...


class BuildIndex(Protocol):
    """Makes the index of some entries."""

    def __call__(
        self, entries: Sequence[Entry], background: Container[EntryId] | None = None, /
    ) -> TopicIndex:
        """Index `entries`; what is rare and what is long is told by those of `background` (None: all)."""
        ...


class Renderer(Protocol):
    """Turns a letter into its two forms."""

    def render(self, letter: Letter) -> RenderedEmail:
        """Return the same result for the same letter. Raises RenderingError with template and line."""
        ...

    def encode(self, letter: Letter) -> EncodedEmail:
        """Return what `render` returns, each part encoded by `rules.messages`; much cheaper.

        Raises what `render` raises.
        """
        ...


MakeRenderer = Callable[[Mapping[str, str]], Renderer]
"""From a template set (name → text) to a renderer; raises RenderingError for a broken template."""

SignMessage = Callable[[bytes, datetime], bytes]
"""From a message and its planned Date to the message with its signatures (DKIM), the same each time."""

ReadContent = Callable[[EntryContent], EntryContent]
"""From texts as sources wrote them (TeX) to texts that a person can read; the same each time."""
