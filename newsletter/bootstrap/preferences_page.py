"""What the preferences page asks of the program, for the holder of a token that was mailed."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import Final

from newsletter.bootstrap.document_stores import surroundings_of
from newsletter.bootstrap.libraries import liking
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.bootstrap.preferences_editing import (
    checked,
    coming_slots,
    receive_document,
    topics_of,
    write_document,
)
from newsletter.errors import AddressError, PreferencesError, StorageError
from newsletter.model import (
    AddressKey,
    CatalogueTopic,
    Command,
    CommandName,
    EmailAddress,
    EntryId,
    Preferences,
    Problem,
    SampleLetter,
    Silence,
    Slot,
    Subscriber,
)
from newsletter.ports import EnquiryKind, EnquiryStore
from newsletter.preferences import (
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
from newsletter.rules.addresses import address_key, parse_address
from newsletter.rules.answering import Present
from newsletter.rules.plain_records import JsonValue
from newsletter.rules.planning import Schedule, find_occasion
from newsletter.workflows import (
    Liked,
    ReceivePorts,
    export_person,
    forget_likes,
    holder_of,
    leave_by_page,
    likes_of,
    tell_of_changes,
)

_HASH_LENGTH: Final = 32
_LONGEST_PAUSE: Final = timedelta(days=366)

log = logging.getLogger(__name__)


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
    changes: tuple[str, ...]
    read_as: str
    is_stored: bool
    """Whether the text is the document as it is written."""
    paused: bool
    standing: tuple[str, ...] = ()
    theirs: str | None = None


@dataclass(frozen=True, slots=True)
class Prospect:
    """What preferences would have brought, and when the next letters come; or the problems of the text.

    `silence` says why no letter comes, where none does.
    """

    letter: SampleLetter | None
    coming: tuple[Slot, ...] = ()
    silence: str = ""
    problems: tuple[Problem, ...] = ()
    is_settled: bool = True


@dataclass(frozen=True, slots=True)
class Saved:
    """What was changed, a line each, and what follows from it."""

    changes: tuple[str, ...]
    coming: tuple[Slot, ...]
    silence: str = ""


class PreferencesPage:
    """The desk behind the preferences page. Whoever has no valid token gets None.

    `sample` makes a letter that is shown and not sent. Every method raises StorageError, or another
    NewsletterError, for what is not the fault of who asks.
    """

    def __init__(
        self,
        room: Newsroom,
        ports: ReceivePorts,
        *,
        enquiries: EnquiryStore,
        sample: Callable[[Preferences], SampleLetter],
    ) -> None:
        self._room = room
        self._ports = ports
        self._enquiries = enquiries
        self._sample = sample
        self._around = surroundings_of(room.config)
        self._reader = FormReader(self._around)

    @property
    def catalogue(self) -> Sequence[CatalogueTopic]:
        """What can be ticked."""
        return tuple(self._around.catalogue.values())

    def ask_for_link(self, address: str, evidence: str) -> bool:
        """Keep the wish for a link, whoever has the address; False for what is no address."""
        try:
            parsed = parse_address(address)
        except AddressError:
            return False
        kind, now = EnquiryKind.PREFERENCES_LINK, self._room.clock.now()
        self._enquiries.keep(kind, parsed, "", evidence, now=now)
        return True

    def draft(self, token: str, sheet: Sheet) -> Draft | None:
        """Return the preferences with what was sent worked in; an empty sheet shows what is in force."""
        person = holder_of(token, self._ports)
        return self._draft(person, sheet) if person else None

    def save(self, token: str, sheet: Sheet) -> Saved | Draft | None:
        """Write what was sent, and put it into force; a draft where that cannot be done as it is."""
        person = holder_of(token, self._ports)
        if person is None:
            return None
        draft = self._draft(person, sheet)
        if draft.preferences is None or not draft.synced.is_settled:
            return draft
        written = self._written(person)
        if sheet.read_as != fingerprint(written) and draft.synced.text != written:
            return replace(draft, theirs=written or "")
        key = address_key(person.address)
        try:
            self._write(key, draft.synced.text, written)
        except PreferencesError as error:
            now = self._written(person)
            if now == written:
                # Its text names places of this machine: it is for the operator.
                message = f"preferences of a page could not be written: {error}"
                raise StorageError(message) from error
            return replace(draft, theirs=now or "", read_as=fingerprint(now))
        return self._saved(person, draft.changes)

    def pause(self, token: str, days: int) -> Saved | Draft | None:
        """Pause the letters for some days, or end the pause with 0."""
        person = holder_of(token, self._ports)
        if person is None:
            return None
        wish = Command(CommandName.RESUME)
        if days:
            until = min(timedelta(days=days), _LONGEST_PAUSE).days
            wish = Command(CommandName.PAUSE, ("days", str(until)))
        desk = self._ports.desk
        try:
            text = desk.fulfil(desk.text(person), wish, person)
        except PreferencesError:
            return self._draft(person, Sheet())
        return self.save(token, Sheet(text=text, read_as=fingerprint(self._written(person))))

    def leave(self, token: str) -> bool | None:
        """End the subscription."""
        person = holder_of(token, self._ports)
        if person is None:
            return None
        leave_by_page(person, self._ports)
        return True

    def prospect(self, token: str, sheet: Sheet) -> Prospect | None:
        """Return what would have come, and what comes next."""
        person = holder_of(token, self._ports)
        if person is None:
            return None
        draft = self._draft(person, sheet)
        if draft.preferences is None or not draft.synced.is_settled:
            return Prospect(None, problems=draft.problems, is_settled=draft.synced.is_settled)
        coming, silence = self._coming(person, draft.preferences)
        return Prospect(self._sample(draft.preferences), coming, silence)

    def data(self, token: str) -> Mapping[str, JsonValue] | None:
        """Return all that is stored of the person."""
        person = holder_of(token, self._ports)
        if person is None:
            return None
        return export_person(address_key(person.address), self._room.privacy())

    def likes(self, token: str) -> Sequence[Liked] | None:
        """Return what the person voted on, the latest first."""
        person = holder_of(token, self._ports)
        return likes_of(person.id, liking(self._room)) if person else None

    def forget_likes(self, token: str, entries: Sequence[str] | None) -> bool | None:
        """Take votes back; None: all of them."""
        person = holder_of(token, self._ports)
        if person is None:
            return None
        named = None if entries is None else tuple(map(EntryId, entries))
        forget_likes(person.id, named, liking(self._room))
        return True

    def _draft(self, person: Subscriber, sheet: Sheet) -> Draft:
        key, written = address_key(person.address), self._written(person)
        stored = self._ports.desk.text(person)
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
            fingerprint(written),
            is_stored=synced.text == written,
            paused=bool(person.preferences and person.preferences.pause_until),
            standing=self._standing(preferences),
        )

    def _agreed(self, person: Subscriber, sent: str | None, stored: str) -> str:
        """Return what both sides said last: a document that can be read, whatever was sent."""
        known = show(person.preferences) if person.preferences else ""
        begun = begin_document(person.address, (), self._around)
        options = (sent, stored, known, begun)
        return next(one for one in options if one and self._reader.read(one) is not None)

    def _standing(self, preferences: Preferences | None) -> tuple[str, ...]:
        if preferences is None or preferences.topics:
            return ()
        return tuple(one.title for one in topics_of(self._room, preferences))

    def _written(self, person: Subscriber) -> str | None:
        source = self._room.preferences.source_of(address_key(person.address))
        return source.text if source else None

    def _write(self, key: AddressKey, text: str, written: str | None) -> None:
        if text == written:
            receive_document(self._room, key, text)  # it may not be in force yet
        else:
            write_document(self._room, key, text, expected=written)

    def _saved(self, person: Subscriber, changes: tuple[str, ...]) -> Saved:
        person = self._room.subscribers.get(person.id) or person
        coming, silence = self._coming(person, person.preferences)
        if changes:
            present = Present(self._ports.desk.text(person), coming, silence)
            tell_of_changes(person, changes, present, self._ports)
        return Saved(changes, coming, silence)

    def _coming(
        self, person: Subscriber, preferences: Preferences | None
    ) -> tuple[tuple[Slot, ...], str]:
        """Return the next slots, and why there are none where that is so."""
        coming = coming_slots(self._room, person, preferences)
        if coming:
            return coming, ""
        standing = self._room.ledger.marks([person.id])[person.id]
        asked = replace(person, preferences=preferences)
        now = self._room.clock.now()
        found = find_occasion(asked, standing, schedule=Schedule.AHEAD, now=now)
        return (), found.detail if isinstance(found, Silence) else ""


def fingerprint(text: str | None) -> str:
    """Return what a document is told by from another; "" for none."""
    return (
        "" if text is None else sha256(text.encode("utf-8", "replace")).hexdigest()[:_HASH_LENGTH]
    )


def _as_it_was(sent: str, stored: str, agreed: str) -> str:
    """Return a text with the ends of lines of the one that was shown."""
    carried = with_line_ends_of(sent, stored)
    return carried if carried == stored else with_line_ends_of(sent, agreed)


def _told(old: Preferences | None, new: Preferences | None) -> tuple[str, ...]:
    return tuple(map(str, differences(old, new))) if old and new else ()
