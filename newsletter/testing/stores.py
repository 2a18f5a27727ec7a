"""Entries, source reports and subscribers, kept in memory as the ports promise."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from newsletter.errors import StorageError, UnknownEntryError
from newsletter.model import (
    NO_RELEASE,
    AddressKey,
    Cadence,
    ConsentRecord,
    Document,
    EmailAddress,
    Entry,
    EntryChange,
    EntryContent,
    EntryId,
    IdentityKey,
    NewEntry,
    OutboxItem,
    Preferences,
    ReleaseNo,
    RevisedEntry,
    RevisionId,
    SourceName,
    SourceReport,
    Subscriber,
    SubscriberId,
    SubscriptionEvent,
    SubscriptionState,
    Suppression,
    next_subscription_state,
)
from newsletter.ports import DocumentChanges
from newsletter.rules.addresses import address_key
from newsletter.testing.ledger import MemoryLedger


class MemoryEntryStore:
    """The EntryStore port in memory."""

    def __init__(self) -> None:
        self._entries: dict[EntryId, Entry] = {}
        self._contents: dict[RevisionId, EntryContent] = {}

    def change(
        self,
        keys: Iterable[IdentityKey],
        decide: Callable[[Mapping[IdentityKey, Sequence[Entry]]], Sequence[EntryChange]],
        *,
        now: datetime,
    ) -> Sequence[EntryChange]:
        """Decide on the entries under `keys` and apply the changes, all or none."""
        stored = self.find()
        found = {key: [entry for entry in stored if key in entry.keys] for key in keys}
        changes = decide({key: entries for key, entries in found.items() if entries})
        entries, contents = dict(self._entries), dict(self._contents)
        for one in changes:
            if isinstance(one, NewEntry | RevisedEntry):
                entry = _changed(entries, one, now)
                entries[entry.id] = entry
                contents[entry.revision] = entry.content
        self._entries, self._contents = entries, contents
        return changes

    def last_release(self) -> ReleaseNo:
        """Return the highest release number given so far, 0 when there is none."""
        return _last_release(self._entries)

    def released(self, *, above: ReleaseNo) -> Sequence[Entry]:
        """Return entries with release_no > `above`, in release order."""
        return [entry for entry in self.find() if entry.release_no > above]

    def find(
        self, *, since: datetime | None = None, source: SourceName | None = None
    ) -> Sequence[Entry]:
        """Return entries first seen at or after `since` and announced by `source`."""
        return [
            entry
            for entry in sorted(self._entries.values(), key=lambda entry: entry.release_no)
            if (since is None or entry.first_seen_at >= since)
            and (source is None or source in entry.sources)
        ]

    def get(self, ids: Iterable[EntryId]) -> Mapping[EntryId, Entry]:
        """Return the entries that exist among `ids`."""
        return {id_: self._entries[id_] for id_ in ids if id_ in self._entries}

    def contents(self, revisions: Iterable[RevisionId]) -> Mapping[RevisionId, EntryContent]:
        """Return the contents of `revisions` that are known."""
        return {one: self._contents[one] for one in revisions if one in self._contents}


def _last_release(entries: Mapping[EntryId, Entry]) -> ReleaseNo:
    return max((entry.release_no for entry in entries.values()), default=NO_RELEASE)


def _changed(
    entries: Mapping[EntryId, Entry], change: NewEntry | RevisedEntry, now: datetime
) -> Entry:
    revision = RevisionId(hashlib.sha256(repr(change.content).encode()).hexdigest())
    if isinstance(change, RevisedEntry):
        if change.id not in entries:
            message = f"entry {change.id}: is not stored"
            raise UnknownEntryError(message)
        return replace(
            entries[change.id],
            revision=revision,
            content=change.content,
            sources=change.sources,
            keys=change.keys,
            topics=change.topics,
        )
    if change.id in entries:
        message = f"entry {change.id}: is stored already and cannot be new"
        raise StorageError(message)
    return Entry(
        id=change.id,
        revision=revision,
        content=change.content,
        sources=(change.source,),
        first_seen_at=now,
        release_no=ReleaseNo(_last_release(entries) + 1),
        keys=change.keys,
        topics=change.topics,
    )


class OneContentStore(MemoryEntryStore):
    """Knows one content under every revision, for tests of what becomes of letters."""

    def contents(self, revisions: Iterable[RevisionId]) -> Mapping[RevisionId, EntryContent]:
        """Return the one content for each of `revisions`."""
        content = EntryContent(title="A robot that walks", abstract="It walks. It falls.")
        return dict.fromkeys(revisions, content)


class MemorySourceLog:
    """The SourceLog port in memory."""

    def __init__(self) -> None:
        self._reports: dict[SourceName, SourceReport] = {}

    def record(self, report: SourceReport) -> None:
        """Keep `report` as the last one of its source."""
        self._reports[report.name] = report

    def last(self) -> Mapping[SourceName, SourceReport]:
        """Return the last report of every source."""
        return dict(sorted(self._reports.items()))


class MemorySubscriberStore:
    """The SubscriberStore port in memory.

    `ledger`, if given, writes to the CONFIRMED alone and forgets whom ERASE forgets.
    """

    def __init__(self, ledger: MemoryLedger | None = None) -> None:
        self._ledger = ledger
        self._numbers = count(1)
        self._people: dict[AddressKey, Subscriber] = {}
        self._consents: dict[AddressKey, list[ConsentRecord]] = {}
        self._suppressions: dict[AddressKey, Suppression] = {}
        self._cadences: dict[AddressKey, Cadence] = {}
        if ledger:
            ledger.wants_letters = self._is_confirmed
            ledger.hindrance = self._hindrance

    def all(self) -> Iterator[Subscriber]:
        """Yield every subscriber, by address."""
        for key in sorted(self._people):
            yield self._shown(key)

    def find(self, address: AddressKey) -> Subscriber | None:
        """Return the subscriber with that folded address."""
        return self._shown(address) if address in self._people else None

    def get(self, subscriber: SubscriberId) -> Subscriber | None:
        """Return the subscriber with that id."""
        return next((person for person in self.all() if person.id == subscriber), None)

    def apply(
        self,
        address: EmailAddress,
        event: SubscriptionEvent,
        *,
        now: datetime,
        statement: str,
        evidence: str = "",
    ) -> Subscriber | None:
        """Take one event through the transition table and log it."""
        key = address_key(address)
        before = self._people.get(key)
        state = next_subscription_state(before.state if before else None, event)
        person = before or self._newcomer(address, now)
        record = ConsentRecord(person.id, person.address, event, now, statement, evidence)
        self._consents.setdefault(key, []).append(record)
        if event is SubscriptionEvent.ERASE:
            del self._consents[key]
            if self._ledger:
                self._ledger.forget(person.id)
        if state is None:
            del self._people[key]
            return None
        if before is None or before.state is not state:
            confirmed = now if state is SubscriptionState.CONFIRMED else person.confirmed_at
            person = replace(person, state=state, since_at=now, confirmed_at=confirmed)
        self._people[key] = person
        return self._shown(key)

    def apply_all(
        self,
        people: Iterable[tuple[EmailAddress, str]],
        event: SubscriptionEvent,
        *,
        now: datetime,
        statement: str,
    ) -> None:
        """Take the same event for one after the other."""
        for address, evidence in people:
            self.apply(address, event, now=now, statement=statement, evidence=evidence)

    def states(self, addresses: Iterable[AddressKey]) -> Mapping[AddressKey, SubscriptionState]:
        """Return the state of each of these people who is known."""
        return {key: self._people[key].state for key in addresses if key in self._people}

    def compare(self, documents: Mapping[AddressKey, Preferences]) -> DocumentChanges:
        """Return how these documents differ from those in force."""
        last = {key: person.preferences for key, person in self._people.items()}
        in_force = {key for key, preferences in last.items() if preferences}
        return DocumentChanges(
            unknown=frozenset(documents.keys() - last.keys()),
            changed=frozenset(
                key for key, one in documents.items() if key in last and last[key] != one
            ),
            missing=frozenset(in_force - documents.keys()),
            in_force=len(in_force),
        )

    def adopt(self, documents: Iterable[Document], *, now: datetime) -> None:
        """Put documents into force for the subscribers they name."""
        for document in documents:
            key = address_key(document.preferences.email)
            if person := self._people.get(key):
                old = self._cadences.get(key)
                self._cadences[key] = document.preferences.cadence
                is_same = old == document.preferences.cadence
                self._people[key] = replace(
                    person,
                    preferences=document.preferences,
                    cadence_since_at=person.cadence_since_at if is_same else now,
                )

    def disown(self, addresses: Iterable[AddressKey]) -> None:
        """Take the document of these subscribers out of force."""
        for key in addresses:
            if key in self._people:
                self._people[key] = replace(self._people[key], preferences=None)

    def suppress(self, suppression: Suppression) -> None:
        """Record that an address must not be mailed."""
        self._suppressions[suppression.address] = suppression

    def unsuppress(self, address: AddressKey) -> None:
        """Forget the suppression of an address, if there is one."""
        self._suppressions.pop(address, None)

    def consents(self, address: AddressKey) -> Sequence[ConsentRecord]:
        """Return the consent log of an address, oldest first."""
        return tuple(self._consents.get(address, ()))

    def _shown(self, key: AddressKey) -> Subscriber:
        return replace(self._people[key], suppression=self._suppressions.get(key))

    def _is_confirmed(self, subscriber: SubscriberId) -> bool:
        person = self.get(subscriber)
        return person is not None and person.state is SubscriptionState.CONFIRMED

    def _hindrance(self, item: OutboxItem) -> str | None:
        """Return why a letter must not go to its reader any more."""
        person = self.get(item.subscriber)
        if person is None or person.state is not SubscriptionState.CONFIRMED:
            return "unsubscribed"
        if person.suppression:
            return f"the address is suppressed ({person.suppression.cause})"
        if person.preferences is None:
            is_gone = address_key(person.address) in self._cadences
            return "the preferences document is gone" if is_gone else None
        until = person.preferences.pause_until
        is_paused = until is not None and item.slot is not None and item.slot.local_date < until
        return f"paused until {until}" if is_paused else None

    def _newcomer(self, address: EmailAddress, now: datetime) -> Subscriber:
        id_ = SubscriberId(f"person-{next(self._numbers)}")
        return Subscriber(id_, address, SubscriptionState.PENDING, since_at=now)
