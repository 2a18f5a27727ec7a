"""Entries, source reports and subscribers, kept in memory as the ports promise."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from newsletter.errors import StorageError, UnknownEntryError
from newsletter.model import (
    NO_RELEASE,
    Admission,
    Entry,
    EntryChange,
    EntryContent,
    EntryId,
    IdentityKey,
    Memory,
    NewEntry,
    ReleaseNo,
    RevisedEntry,
    RevisionId,
    SourceName,
    SourceReport,
)
from newsletter.rules.collecting import stored_at


class MemoryEntryStore:
    """The ports EntryStore and HeldEntries in memory."""

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
        stored = self.find(admission=None)
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
        self,
        *,
        since: datetime | None = None,
        source: SourceName | None = None,
        admission: Admission | None = Admission.RELEASED,
        up_to: ReleaseNo | None = None,
    ) -> Sequence[Entry]:
        """Return entries first seen at or after `since` and announced by `source`."""
        return [
            entry
            for entry in sorted(self._entries.values(), key=lambda entry: entry.release_no)
            if (since is None or entry.first_seen_at >= since)
            and (source is None or source in entry.sources)
            and (admission is None or entry.admission is admission)
            and (up_to is None or entry.release_no <= up_to)
        ]

    def held(self) -> Mapping[SourceName, int]:
        """Return how many wait of each source that announced some first."""
        waiting = self.find(admission=Admission.HELD)
        return dict(sorted(Counter(entry.sources[0] for entry in waiting).items()))

    def release(self, source: SourceName) -> int:
        """Give release numbers to what waits of a source; return how many."""
        waiting = self._waiting(source)
        for entry in waiting:
            self._entries[entry.id] = _released(entry, self._entries)
        return len(waiting)

    def drop(self, source: SourceName) -> int:
        """Pass over what waits of a source; return how many."""
        waiting = self._waiting(source)
        for entry in waiting:
            self._entries[entry.id] = replace(entry, admission=Admission.PASSED)
        return len(waiting)

    def _waiting(self, source: SourceName) -> Sequence[Entry]:
        return [one for one in self.find(admission=Admission.HELD) if one.sources[0] == source]

    def get(self, ids: Iterable[EntryId]) -> Mapping[EntryId, Entry]:
        """Return the entries that exist among `ids`."""
        return {id_: self._entries[id_] for id_ in ids if id_ in self._entries}

    def contents(self, revisions: Iterable[RevisionId]) -> Mapping[RevisionId, EntryContent]:
        """Return the contents of `revisions` that are known."""
        return {one: self._contents[one] for one in revisions if one in self._contents}


def _last_release(entries: Mapping[EntryId, Entry]) -> ReleaseNo:
    return max((entry.release_no for entry in entries.values()), default=NO_RELEASE)


def _released(entry: Entry, entries: Mapping[EntryId, Entry]) -> Entry:
    number = ReleaseNo(_last_release(entries) + 1)
    return replace(entry, release_no=number, admission=Admission.RELEASED)


def _changed(
    entries: Mapping[EntryId, Entry], change: NewEntry | RevisedEntry, now: datetime
) -> Entry:
    revision = RevisionId(hashlib.sha256(repr(change.content).encode()).hexdigest())
    if isinstance(change, RevisedEntry):
        if change.id not in entries:
            message = f"entry {change.id}: is not stored"
            raise UnknownEntryError(message)
        old = entries[change.id]
        wakes = change.is_released and old.admission is not Admission.RELEASED
        return replace(
            _released(old, entries) if wakes else old,
            revision=revision,
            content=change.content,
            sources=change.sources,
            keys=change.keys,
            topics=change.topics,
        )
    if change.id in entries:
        message = f"entry {change.id}: is stored already and cannot be new"
        raise StorageError(message)
    is_released = change.admission is Admission.RELEASED
    return Entry(
        id=change.id,
        revision=revision,
        content=change.content,
        sources=(change.source,),
        first_seen_at=now,
        release_no=ReleaseNo(_last_release(entries) + 1) if is_released else NO_RELEASE,
        keys=change.keys,
        topics=change.topics,
        admission=change.admission,
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
        self._stored: dict[SourceName, datetime | None] = {}
        self._memories: dict[SourceName, Memory] = {}

    def record(self, report: SourceReport) -> None:
        """Keep `report` as the last one of its source."""
        self._reports[report.name] = report
        self._stored[report.name] = stored_at(report, self._stored.get(report.name))

    def last(self) -> Mapping[SourceName, SourceReport]:
        """Return the last report of every source."""
        return dict(sorted(self._reports.items()))

    def last_stored(self, source: SourceName) -> datetime | None:
        """Return when a source was last pulled with success, None before its first entries."""
        return self._stored.get(source)

    def memory(self, source: SourceName) -> Memory:
        """Return what the last stored pull of a source left."""
        return self._memories.get(source, {})

    def remember(self, source: SourceName, memory: Memory) -> None:
        """Keep `memory` in place of what was kept of a source."""
        self._memories[source] = dict(memory)
