"""The desk at which mail is received: preferences read and changed for one person at a time."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
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
    Entry,
    EntryId,
    Preferences,
    Problem,
    Silence,
    SlotPlan,
    Subscriber,
)
from newsletter.preferences import begin_document, differences, fulfil, show
from newsletter.rules.addresses import address_key
from newsletter.rules.answering import Present, Rehearsal
from newsletter.rules.cadence import latest_slot
from newsletter.rules.planning import Schedule, find_occasion, local_day
from newsletter.workflows import Showcase, TrialPorts, silence_of, try_out, why

_LAST_LETTERS: Final = timedelta(days=8)
"""Long enough for the last letter of a weekly reader."""
_MOMENT: Final = timedelta(seconds=1)
_SHOWN_TITLES: Final = 5
_Rehearsed = tuple[SlotPlan, Mapping[EntryId, Entry]]
"""What a slot would have brought, and the entries it may name."""


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
        begun_at = latest_slot(person.preferences.cadence, self._room.clock.now()).begins_at
        found = (
            self._sample(person.preferences)
            if person.confirmed_at is None or person.confirmed_at > begun_at
            else self._last_letter(person.preferences, begun_at)
        )
        return _told(*found) if found else None

    def _sample(self, preferences: Preferences) -> _Rehearsed | None:
        """Return the letter that the page showed to somebody who had no slot yet."""
        room = self._room
        showcase = Showcase(self._trial_ports())
        shown = showcase.show(preferences, room.default_topics, now=room.clock.now())
        plan = shown.last_letter or next(reversed(shown.plans), None)
        return (plan, shown.entries) if plan else None

    def _last_letter(self, preferences: Preferences, begun_at: datetime) -> _Rehearsed | None:
        """Return what the last slot would have brought."""
        begun_ago = self._room.clock.now() - begun_at
        if begun_ago > _LAST_LETTERS:
            return None
        ports, span = self._trial_ports(), begun_ago + _MOMENT
        trial = try_out(preferences, self._room.default_topics, ports, span=span)
        return (trial.plans[-1], trial.entries) if trial.plans else None

    def _trial_ports(self) -> TrialPorts:
        # With an index of its own: the one that is kept is for the next letters.
        room = self._room
        return TrialPorts(room.entries, room.clock, index_anew(room), room.topicality)


def _told(plan: SlotPlan, entries: Mapping[EntryId, Entry]) -> Rehearsal:
    silence = silence_of(plan)
    matches = plan.edition.matches if plan.edition else ()
    titles = tuple(entries[one.entry].content.title for one in matches[:_SHOWN_TITLES])
    said = silence.detail if silence and not matches else ""
    return Rehearsal(plan.slot.local_date, len(matches), titles, said)


def _refusal(problems: tuple[Problem, ...]) -> PreferencesError:
    """Return the first of some problems, in words for the person."""
    first = problems[0]
    return PreferencesError("; ".join(filter(None, (first.message, first.suggestion))))
