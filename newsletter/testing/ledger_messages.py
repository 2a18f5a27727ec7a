"""Messages and editions in memory: the ledger writes them, and the outbox works on them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import RLock

from newsletter.model import (
    Edition,
    EditionId,
    EntryId,
    Lane,
    LaneName,
    OutboxId,
    OutboxItem,
    OutboxKind,
    OutboxState,
    RevisionId,
    SlotPlan,
    SubscriberId,
)
from newsletter.ports import Shown


@dataclass(slots=True)
class MemoryMessage:
    """One outbox item with what only the outbox knows of it."""

    item: OutboxItem
    begins_at: datetime
    maybe_sent: bool = False
    lease: str | None = None
    given_back: bool = False
    """Whether the next edition may have its entries."""


@dataclass(slots=True)
class _Place:
    edition: Edition
    shown: frozenset[EntryId]
    named: frozenset[EntryId]


class MemoryMessages:
    """What planned letters became, and what each showed.

    `hindrance` says why a planned letter must not go any more; a MemorySubscriberStore sets it.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self.messages: dict[OutboxId, MemoryMessage] = {}
        self.lanes: dict[LaneName, Lane] = {}
        self.hindrance: Callable[[OutboxItem], str | None] = lambda _: None
        self.retired: dict[OutboxId, MemoryMessage] = {}
        """Messages that are forgotten but for their number, and what was sent with them."""
        self._last_id = 0
        self._places: dict[EditionId, _Place] = {}

    def editions(self, ids: Iterable[EditionId]) -> Mapping[EditionId, Edition]:
        """Return the editions that exist among `ids`."""
        gone = {one.item.edition for one in self.retired.values()}
        kept = [id_ for id_ in ids if id_ in self._places and id_ not in gone]
        return {id_: self._places[id_].edition for id_ in kept}

    def redress(self, ids: Iterable[EditionId], dressing: RevisionId) -> None:
        """Let these editions be rendered with another dressing, if nobody saw or holds them."""
        wanted = set(ids)
        for message in self.messages.values():
            item = message.item
            is_held = item.state in {OutboxState.CLAIMED, OutboxState.IN_DATA}
            if item.edition in wanted and not (item.message_sha256 or is_held):
                place = self._places[item.edition]
                place.edition = replace(place.edition, dressing=dressing)

    def states(self) -> list[OutboxState]:
        """Return what became of each message, also of those whose number alone is left."""
        return [one.item.state for one in (*self.messages.values(), *self.retired.values())]

    def live_entries(self, message: MemoryMessage) -> frozenset[EntryId]:
        """Return the entries that count as sent by this message."""
        edition = message.item.edition
        if message.given_back or edition is None:
            return frozenset()
        return self._places[edition].shown

    def entries_of(self, edition: EditionId) -> frozenset[EntryId]:
        """Return the entries that an edition shows."""
        return self._places[edition].shown

    def entries_in(self, subscriber: SubscriberId, beginning: str) -> Shown | None:
        """Return the edition of a subscriber whose id begins so, and its entries by their numbers."""
        for id_, place in self._places.items():
            edition = place.edition
            if edition.reader.subscriber == subscriber and id_.startswith(beginning):
                every = (*edition.matches, *edition.also_matched)
                return id_, list(dict.fromkeys(one.entry for one in every))
        return None

    def forget_messages(self, subscriber: SubscriberId) -> None:
        """Remove all messages and editions of a subscriber."""
        for messages in (self.messages, self.retired):
            for id_, message in list(messages.items()):
                if message.item.subscriber == subscriber:
                    del messages[id_]
        for edition, place in list(self._places.items()):
            if place.edition.reader.subscriber == subscriber:
                del self._places[edition]

    def _enqueue(self, plan: SlotPlan, edition: Edition) -> None:
        shown = frozenset(match.entry for match in edition.matches)
        named = frozenset(match.entry for match in edition.also_matched) - shown
        self._places[edition.id] = _Place(edition, shown, named)
        self._last_id += 1
        item = OutboxItem(
            id=OutboxId(self._last_id),
            kind=OutboxKind.EDITION,
            subscriber=plan.subscriber,
            recipient=edition.reader.address,
            state=OutboxState.QUEUED,
            begin_by=plan.begin_by,
            retry_until=plan.retry_until,
            edition=edition.id,
            slot=plan.slot,
            updated_at=plan.planned_at,
        )
        self.messages[item.id] = MemoryMessage(item, plan.slot.begins_at)

    def _places_of(self, messages: Iterable[MemoryMessage]) -> list[_Place]:
        return [self._places[one.item.edition] for one in messages if one.item.edition]

    def _messages_of(self, subscriber: SubscriberId) -> list[MemoryMessage]:
        retired = (one for one in self.retired.values() if not one.given_back)
        every = (*self.messages.values(), *retired)
        return [one for one in every if one.item.subscriber == subscriber]
