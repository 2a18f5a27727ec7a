"""What the preferences page asks of the program, for the holder of a token that was mailed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from newsletter.bootstrap.libraries import liking
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.bootstrap.preferences_drafts import Draft, Drafts, Sheet, fingerprint
from newsletter.bootstrap.preferences_editing import (
    coming_slots,
    receive_document,
    write_document,
)
from newsletter.bootstrap.showroom import BEING_PREPARED
from newsletter.errors import AddressError, PreferencesError, StorageError
from newsletter.model import (
    AddressKey,
    CatalogueTopic,
    Command,
    CommandName,
    EntryId,
    Preferences,
    Problem,
    SampleLetter,
    Silence,
    Slot,
    Subscriber,
)
from newsletter.ports import EnquiryKind, EnquiryStore
from newsletter.preferences import Difference
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


@dataclass(frozen=True, slots=True)
class Prospect:
    """What preferences would have brought, and when the next letters come; or the problems of the text.

    `silence` says why no letter comes, where none does. `is_early`: the letter can be made a little later.
    """

    letter: SampleLetter | None
    coming: tuple[Slot, ...] = ()
    silence: str = ""
    problems: tuple[Problem, ...] = ()
    is_settled: bool = True
    is_early: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What was changed, and what follows from it."""

    changes: tuple[Difference, ...]
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
        self._drafts = Drafts(room, ports.desk)

    @property
    def catalogue(self) -> Sequence[CatalogueTopic]:
        """What can be ticked."""
        return tuple(self._drafts.around.catalogue.values())

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
        return self._drafts.draft(person, sheet) if person else None

    def save(self, token: str, sheet: Sheet) -> Saved | Draft | None:
        """Write what was sent, and put it into force; a draft where that cannot be done as it is."""
        person = holder_of(token, self._ports)
        if person is None:
            return None
        draft = self._drafts.draft(person, sheet)
        if draft.preferences is None or not draft.synced.is_settled:
            return draft
        written = self._drafts.written(person)
        if sheet.read_as != fingerprint(written) and draft.synced.text != written:
            return _clash(draft, written)
        key = address_key(person.address)
        try:
            self._write(key, draft.synced.text, written)
        except PreferencesError as error:
            now = self._drafts.written(person)
            if now == written:
                # Its text names places of this machine: it is for the operator.
                message = f"preferences of a page could not be written: {error}"
                raise StorageError(message) from error
            return _clash(draft, now)
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
            return self._drafts.draft(person, Sheet())
        return self.save(token, Sheet(text=text, read_as=fingerprint(self._drafts.written(person))))

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
        draft = self._drafts.draft(person, sheet)
        if draft.preferences is None or not draft.synced.is_settled:
            return Prospect(None, problems=draft.problems, is_settled=draft.synced.is_settled)
        coming, silence = self._coming(person, draft.preferences)
        letter = self._sample(draft.preferences)
        is_early = letter.silence == BEING_PREPARED
        return Prospect(letter, coming, silence, is_early=is_early)

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

    def _write(self, key: AddressKey, text: str, written: str | None) -> None:
        if text == written:
            receive_document(self._room, key, text)  # it may not be in force yet
        else:
            write_document(self._room, key, text, expected=written)

    def _saved(self, person: Subscriber, changes: tuple[Difference, ...]) -> Saved:
        person = self._room.subscribers.get(person.id) or person
        coming, silence = self._coming(person, person.preferences)
        if changes:
            present = Present(self._ports.desk.text(person), coming, silence)
            tell_of_changes(person, tuple(map(str, changes)), present, self._ports)
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


def _clash(draft: Draft, now: str | None) -> Draft:
    """Return a draft beside what somebody else wrote; saved once more, it takes its place."""
    return replace(draft, theirs=now or "", read_as=fingerprint(now))
