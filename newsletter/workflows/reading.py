"""A letter as a page, and the letters of one subscriber as a feed: for who holds the token."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from newsletter.model import Edition, RenderedEmail, Subscriber
from newsletter.ports import Clock, Ledger, SubscriberStore
from newsletter.rules.addresses import TokenPurpose, read_letter_token
from newsletter.rules.public import read_feed_token
from newsletter.rules.recent import Recent
from newsletter.workflows.press import Press, print_letter
from newsletter.workflows.public_reading import FeedEntry, feed_entries

FEED_WINDOW: Final = timedelta(days=30)
"""How far back the feed of a subscriber reaches."""

_MOST_SLOTS: Final = 100
_MOST_ENTRIES: Final = 300
_KEPT_LETTERS: Final = 64
"""Some 50 kB each."""


@dataclass(frozen=True, slots=True)
class ReadingPorts:
    """What reading needs of the world."""

    subscribers: SubscriberStore
    ledger: Ledger
    press: Press
    clock: Clock


@dataclass(frozen=True, slots=True)
class LetterReader:
    """Letters that were planned, for their readers; those looked at lately are kept as they were printed."""

    ports: ReadingPorts
    _printed: Recent[Edition, RenderedEmail] = field(default_factory=lambda: Recent(_KEPT_LETTERS))

    def letter(self, token: str) -> RenderedEmail | None:
        """Return the very letter that a token stands in.

        None where it is forgotten, and for a token that was not signed here for that. Raises what
        `print_letter` raises.
        """
        named = read_letter_token(TokenPurpose.VIEW, token, self.ports.press.secrets)
        if named is None:
            return None
        edition = self.ports.ledger.editions([named]).get(named)
        if edition is None:
            return None
        return self._printed.get(edition) or self._printed.keep(
            edition, print_letter(edition, self.ports.press).rendered
        )

    def feed(self, token: str) -> Sequence[FeedEntry] | None:
        """Return the entries of somebody's letters of the last 30 days, the latest letter first.

        None for a token that is not ours or not good any more. Raises StorageError.
        """
        secrets = self.ports.press.secrets
        person = read_feed_token(token, secrets, self.ports.subscribers.get)
        return self._feed_of(person) if person else None

    def _feed_of(self, person: Subscriber) -> Sequence[FeedEntry]:
        since = self.ports.clock.now() - FEED_WINDOW
        slots = self.ports.ledger.slots(person.id, limit=_MOST_SLOTS)
        named = [one.edition for one in slots if one.edition and one.planned_at >= since]
        editions = self.ports.ledger.editions(named)
        chosen = [
            (match, editions[one].planned_at, editions[one].slot.local_date)
            for one in named
            if one in editions
            for match in editions[one].matches
        ]
        return tuple(feed_entries(chosen[:_MOST_ENTRIES], self.ports.press))
