"""The desk at which mail is received: preferences read and changed for one person at a time."""

from datetime import date, timedelta
from typing import Final

from newsletter.bootstrap.document_stores import surroundings_of
from newsletter.bootstrap.indexes import index_anew
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.bootstrap.preferences_editing import checked, coming_slots, receive_document
from newsletter.bootstrap.reading_desk import feed_address
from newsletter.errors import PreferencesError
from newsletter.model import (
    AddressKey,
    Command,
    EmailAddress,
    Preferences,
    Problem,
    Silence,
    Subscriber,
)
from newsletter.preferences import begin_document, differences, fulfil, show
from newsletter.rules.addresses import address_key
from newsletter.rules.answering import Present, Rehearsal
from newsletter.rules.cadence import latest_slot
from newsletter.rules.planning import Schedule, find_occasion, local_day
from newsletter.workflows import TrialPorts, silence_of, try_out, why

_LAST_LETTERS: Final = timedelta(days=8)
"""Long enough for the last letter of a weekly reader."""
_MOMENT: Final = timedelta(seconds=1)
_SHOWN_TITLES: Final = 5


class MailDesk:
    """The PreferencesDesk over a newsroom."""

    def __init__(self, room: Newsroom) -> None:
        self._room = room
        self._around = surroundings_of(room.config)

    def text(self, person: Subscriber) -> str:
        """Return the document as written, or what is in force written anew."""
        source = self._room.preferences.source_of(address_key(person.address))
        if source is not None:
            return source.text
        if person.preferences is not None:
            return show(person.preferences)
        return begin_document(person.address, (), self._around)

    def begin(self, address: EmailAddress, topics: tuple[str, ...]) -> str:
        """Return a first document with these topics. Raises PreferencesError for what cannot be one."""
        text = begin_document(address, topics, self._around)
        said = checked(self._room, address_key(address), text)
        if not isinstance(said, Preferences):
            raise _refusal(said)
        return text

    def fulfil(self, text: str, command: Command, person: Subscriber) -> str:
        """Return the document with what a command asks for. Raises PreferencesError."""
        said = self.check(address_key(person.address), text)
        if not isinstance(said, Preferences):
            raise _refusal(said)
        return fulfil(text, command, said, self._around, today=self.today(person))

    def check(self, address: AddressKey, text: str) -> Preferences | tuple[Problem, ...]:
        """Return what a document says, or every problem; write nothing."""
        return checked(self._room, address, text)

    def take(self, address: AddressKey, text: str) -> Preferences | tuple[Problem, ...]:
        """Write a document and put it into force, or return every problem."""
        return receive_document(self._room, address, text)

    def differences(self, old: Preferences, new: Preferences) -> tuple[str, ...]:
        """Return what is different, a line each."""
        return tuple(map(str, differences(old, new)))

    def present(self, person: Subscriber) -> Present:
        """Return the document, the next slots, and what the last letter would have been."""
        slots = coming_slots(self._room, person, person.preferences)
        silence = "" if slots else self._why_nothing_comes(person)
        feed = feed_address(self._room, person) or ""
        return Present(self.text(person), slots, silence, self._rehearsal(person), feed)

    def today(self, person: Subscriber) -> date:
        """Return the day where the person lives."""
        return local_day(person, self._room.clock.now())

    def why(self, person: Subscriber, day: date) -> Silence | None:
        """Return why nothing came on a day; None where a letter was handed over."""
        return why(person, day, self._room.reporting()).silence

    def _why_nothing_comes(self, person: Subscriber) -> str:
        standing = self._room.ledger.marks([person.id])[person.id]
        now = self._room.clock.now()
        found = find_occasion(person, standing, schedule=Schedule.AHEAD, now=now)
        return found.detail if isinstance(found, Silence) else ""

    def _rehearsal(self, person: Subscriber) -> Rehearsal | None:
        """Return the last letter that the preferences would have brought, if anything is stored."""
        if person.preferences is None or not self._room.entries.last_release():
            return None
        now = self._room.clock.now()
        begun_ago = now - latest_slot(person.preferences.cadence, now).begins_at
        if begun_ago > _LAST_LETTERS:
            return None
        # The last slot alone, with an index of its own: the one that is kept is for the next letters.
        index = index_anew(self._room)
        ports = TrialPorts(self._room.entries, self._room.clock, index, self._room.topicality)
        span = begun_ago + _MOMENT
        trial = try_out(person.preferences, self._room.default_topics, ports, span=span)
        if not trial.plans:
            return None
        plan = trial.plans[-1]
        silence = silence_of(plan)
        matches = plan.edition.matches if plan.edition else ()
        titles = tuple(trial.entries[one.entry].content.title for one in matches[:_SHOWN_TITLES])
        said = silence.detail if silence and not matches else ""
        return Rehearsal(plan.slot.local_date, len(matches), titles, said)


def _refusal(problems: tuple[Problem, ...]) -> PreferencesError:
    """Return the first of some problems, in words for the person."""
    first = problems[0]
    return PreferencesError("; ".join(filter(None, (first.message, first.suggestion))))
