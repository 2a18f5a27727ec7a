"""The showroom: letters for people who are no subscribers, or think of other preferences.

Nothing is sent or stored. The index of the last weeks is built in the background and serves all who ask.
"""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic
from typing import Final

from newsletter.bootstrap.indexes import index_for_guests
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.bootstrap.sample_printing import SamplePress
from newsletter.errors import NewsletterError
from newsletter.model import EmailAddress, Preferences, SampleLetter, Topic
from newsletter.rules.cadence import latest_slot
from newsletter.rules.recent import Recent
from newsletter.workflows import Showcase, TrialPorts

LOG: Final = logging.getLogger("newsletter.web")

BEING_PREPARED: Final = "Your letter is still being put together. Please try again in a moment."
"""The silence of a sample that cannot be made now: later it can."""

_PATIENCE_S: Final = 2.0
_MOST_QUESTIONS: Final = 200
"""Distinct topics after which a showcase is made anew: each stays in memory with its answer, 400 kB."""
_TOO_MANY_QUESTIONS: Final = 2 * _MOST_QUESTIONS
"""With so many nothing more is answered until the new one is there."""
_LEAST_AGE_S: Final = 600.0
"""A showcase is not made anew more often, whatever comes in meanwhile."""
_LEAST_AGE_WHEN_FULL_S: Final = 30.0
_LETTERS_KEPT: Final = 128

_FIRST_READER: Final = Preferences(
    EmailAddress("somebody@example.org"),
    topics=(Topic("first", "First", about="what a first reader asks for"),),
)
_LetterKey = tuple[Preferences, int, datetime]


@dataclass(frozen=True, slots=True)
class _Exhibition:
    """A showcase with what was found out when it was made. `number` tells it from the ones before."""

    number: int
    showcase: Showcase = field(repr=False)
    week_counts: Mapping[str, int]
    made_at_s: float


class Showroom:
    """Shows letters that are not sent. Any thread may ask; one letter is made at a time.

    `patience_s` is how long somebody who asks waits at most until it can be begun.
    """

    def __init__(self, room: Newsroom, *, patience_s: float = _PATIENCE_S) -> None:
        self._room = room
        self._patience_s = patience_s
        self._press = SamplePress(room.dressing)
        self._exhibition: _Exhibition | None = None
        self._guard = threading.Lock()
        self._turn = threading.Lock()
        self._preparing: threading.Thread | None = None
        self._letters: Recent[_LetterKey, SampleLetter] = Recent(_LETTERS_KEPT)

    def week_counts(self) -> Mapping[str, int]:
        """Return how many entries of the last seven days each topic of the catalogue would have brought.

        Empty until that is known; nobody waits. Raises StorageError.
        """
        present = self._look()
        return present.week_counts if present else {}

    def sample(self, preferences: Preferences) -> SampleLetter:
        """Return the last letter of the last week that `preferences` would have brought, or why none.

        The address in it is that of `preferences`, a pause is overlooked, and no link in it does
        anything to anybody. `silence` is BEING_PREPARED where it cannot be made within the
        patience. Raises StorageError, RenderingError, and QueryError for a topic that cannot be read.
        """
        present = self._look() or self._wait()
        if present is None or present.showcase.questions > _TOO_MANY_QUESTIONS:
            return SampleLetter(None, silence=BEING_PREPARED)
        now = self._room.clock.now()
        key = (preferences, present.number, latest_slot(preferences.cadence, now).begins_at)
        known = self._letters.get(key)
        if known is not None:
            return known
        if not self._turn.acquire(timeout=self._patience_s):
            return SampleLetter(None, silence=BEING_PREPARED)
        try:
            shown = present.showcase.show(preferences, self._room.default_topics, now=now)
            return self._letters.keep(key, self._press.print(shown))
        finally:
            self._turn.release()

    def _look(self) -> _Exhibition | None:
        """Return what there is to show; where that is old, something new is begun."""
        present = self._exhibition
        if present is None or self._is_old(present):
            self._begin(present.number + 1 if present else 1)
        return present

    def _is_old(self, present: _Exhibition) -> bool:
        age_s = monotonic() - present.made_at_s
        if age_s < _LEAST_AGE_WHEN_FULL_S:
            return False
        if present.showcase.questions > _MOST_QUESTIONS:
            return True
        if age_s < _LEAST_AGE_S:
            return False
        of_today = present.showcase.until.date() == self._room.clock.now().date()
        return not of_today or self._room.entries.last_release() != present.showcase.release

    def _begin(self, number: int) -> None:
        with self._guard:
            if self._preparing is None or not self._preparing.is_alive():
                self._preparing = threading.Thread(
                    target=self._prepare, args=(number,), name="showroom", daemon=True
                )
                self._preparing.start()

    def _wait(self) -> _Exhibition | None:
        preparing = self._preparing
        if preparing:
            preparing.join(self._patience_s)
        return self._exhibition

    def _prepare(self, number: int) -> None:
        try:
            self._exhibition = self._exhibit(number)
        except NewsletterError as error:
            LOG.error("no samples of letters can be shown: %s", error)  # noqa: TRY400 - it says why
        except Exception:  # a fault of ours costs the samples, and no page
            LOG.exception("no samples of letters can be shown")

    def _exhibit(self, number: int) -> _Exhibition:
        room = self._room
        ports = TrialPorts(room.entries, room.clock, index_for_guests(room), room.topicality)
        showcase = Showcase(ports)
        counts = showcase.week_counts(room.config.catalogue())
        # The first letter loads a model, templates and much else: nobody is to wait for that.
        first = replace(_FIRST_READER, topics=(*room.default_topics, *_FIRST_READER.topics))
        self._press.print(showcase.show(first, (), now=showcase.until))
        return _Exhibition(number, showcase, counts, monotonic())
