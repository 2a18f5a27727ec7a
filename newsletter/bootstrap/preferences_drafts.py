"""Preferences being worked on: a form and a text that a browser sent, brought together and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from newsletter.bootstrap.document_stores import surroundings_of
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.bootstrap.preferences_editing import checked, topics_of
from newsletter.bootstrap.reading_desk import feed_address
from newsletter.model import EmailAddress, Preferences, Problem, Subscriber
from newsletter.preferences import (
    Difference,
    FormReader,
    Side,
    Synced,
    begin_document,
    bring_together,
    differences,
    read_fields,
    show,
    with_line_ends_of,
)
from newsletter.rules.addresses import address_key
from newsletter.workflows import PreferencesDesk

_HASH_LENGTH: Final = 32


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a browser sent: the fields of the form, and the text beside it.

    `agreed` is the text that both sides said when they were shown, None where it was not sent;
    `read_as` names the document that was there then. `prefer` is the side that counts where both were
    changed to something else.
    """

    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    text: str | None = field(default=None, repr=False)
    agreed: str | None = field(default=None, repr=False)
    read_as: str | None = None
    prefer: Side | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Preferences being worked on: both sides, what is wrong, and what saving them would change.

    `theirs` is the document that somebody else wrote meanwhile; None: nobody did, or it was not asked.
    `standing` are the titles of the topics that hold where the document names none.
    """

    address: EmailAddress
    synced: Synced
    preferences: Preferences | None
    problems: tuple[Problem, ...]
    changes: tuple[Difference, ...]
    read_as: str
    is_stored: bool
    """Whether the text is the document as it is written."""
    paused: bool
    standing: tuple[str, ...] = ()
    theirs: str | None = None
    feed: str | None = None
    """Where the person's own letters can be followed in a feed reader; None: nowhere."""


class Drafts:
    """Works on the preferences of one person at a time; nothing is written."""

    def __init__(self, room: Newsroom, desk: PreferencesDesk) -> None:
        self._room = room
        self._desk = desk
        self.around = surroundings_of(room.config)
        self._reader = FormReader(self.around)

    def draft(self, person: Subscriber, sheet: Sheet) -> Draft:
        """Return what is sent worked into the preferences; an empty sheet shows what is written."""
        key, written = address_key(person.address), self.written(person)
        stored = self._desk.text(person)
        agreed = self._agreed(person, sheet.agreed, stored)
        text = stored if sheet.text is None else _as_it_was(sheet.text, stored, agreed)
        before = self._reader.read(agreed)
        assert before is not None  # noqa: S101 - `_agreed` returns what can be read
        sent = read_fields(sheet.fields, before)
        synced = bring_together(agreed, text, sent, self._reader, prefer=sheet.prefer)
        said = checked(self._room, key, synced.text)
        preferences, problems = (said, ()) if isinstance(said, Preferences) else (None, said)
        return Draft(
            person.address,
            synced,
            preferences,
            problems,
            _told(person.preferences, preferences),
            # What was read once stays what was read, however often the sides were brought together.
            fingerprint(written) if sheet.read_as is None else sheet.read_as[:_HASH_LENGTH],
            is_stored=synced.text == written,
            paused=self._is_paused(person),
            standing=self._standing(preferences),
            feed=feed_address(self._room, person),
        )

    def _is_paused(self, person: Subscriber) -> bool:
        until = person.preferences.pause_until if person.preferences else None
        return until is not None and until > self._desk.today(person)

    def _agreed(self, person: Subscriber, sent: str | None, stored: str) -> str:
        """Return what both sides said last: a document that can be read, whatever was sent."""
        known = show(person.preferences) if person.preferences else ""
        begun = begin_document(person.address, (), self.around)
        options = (sent, stored, known, begun)
        return next(one for one in options if one and self._reader.read(one) is not None)

    def _standing(self, preferences: Preferences | None) -> tuple[str, ...]:
        if preferences is None or preferences.topics:
            return ()
        return tuple(one.title for one in topics_of(self._room, preferences))

    def written(self, person: Subscriber) -> str | None:
        """Return the document as it stands, None where there is none."""
        source = self._room.preferences.source_of(address_key(person.address))
        return source.text if source else None


def fingerprint(text: str | None) -> str:
    """Return what a document is told by from another; "" for none."""
    return (
        "" if text is None else sha256(text.encode("utf-8", "replace")).hexdigest()[:_HASH_LENGTH]
    )


def _as_it_was(sent: str, stored: str, agreed: str) -> str:
    """Return a text with the ends of lines of the one that was shown."""
    carried = with_line_ends_of(sent, stored)
    return carried if carried == stored else with_line_ends_of(sent, agreed)


def _told(old: Preferences | None, new: Preferences | None) -> tuple[Difference, ...]:
    return differences(old, new) if old and new else ()
