"""What other programs read and do through the API, over a newsroom."""

from collections.abc import Sequence

from newsletter.bootstrap.api_joining import JoinWish, join
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.bootstrap.preferences_editing import checked, coming_slots, write_document
from newsletter.bootstrap.retrying import redress_and_retry
from newsletter.errors import PreferencesError
from newsletter.model import (
    Admission,
    ApiToken,
    CatalogueTopic,
    Edition,
    EditionId,
    Entry,
    EntryId,
    OutboxId,
    OutboxItem,
    OutboxState,
    Preferences,
    ReleaseNo,
    RenderedEmail,
    SlotRecord,
    SourceName,
    Subscriber,
    SubscriberId,
    SubscriptionState,
)
from newsletter.ports import Listings
from newsletter.rules.addresses import address_key, parse_address
from newsletter.rules.api_tokens import is_in_force, is_token, token_hash
from newsletter.rules.tags import text_tag
from newsletter.storage import StoredListings, TokenBook
from newsletter.workflows import (
    EditionView,
    Joining,
    PersonView,
    ReceivePorts,
    Written,
    erase_person,
    print_letter,
    unsubscribe,
)


class ProgramDesk:
    """Answers other programs."""

    def __init__(self, room: Newsroom, ports: ReceivePorts) -> None:
        self._room = room
        self._ports = ports
        self._tokens = TokenBook(room.database)
        self._listings: Listings = StoredListings(room.database)

    def token(self, text: str) -> ApiToken | None:
        """Return the token that a program shows, where it is one of ours and in force."""
        found = self._tokens.find(token_hash(text)) if is_token(text) else None
        now = self._room.clock.now()
        if found is None or not is_in_force(found, now):
            return None
        if found.used_on != now.date():
            self._tokens.touch(found.name, now.date())
        return found

    def topics(self) -> Sequence[CatalogueTopic]:
        """Return the catalogue."""
        return tuple(self._room.config.catalogue().values())

    def entries(
        self, *, above: ReleaseNo, limit: int, source: SourceName | None
    ) -> Sequence[Entry]:
        """Return released entries, in release order."""
        return self._listings.entries(above=above, limit=limit, source=source)

    def entry(self, entry: EntryId) -> Entry | None:
        """Return one released entry."""
        found = self._room.entries.get([entry]).get(entry)
        return found if found and found.admission is Admission.RELEASED else None

    def people(
        self, *, above: SubscriberId, limit: int, state: SubscriptionState | None
    ) -> Sequence[Subscriber]:
        """Return subscribers, by id."""
        return self._listings.people(above=above, limit=limit, state=state)

    def find(self, address: str) -> Subscriber | None:
        """Return the subscriber with that address. Raises AddressError for what is none."""
        return self._room.subscribers.find(address_key(parse_address(address)))

    def person(self, subscriber: SubscriberId) -> PersonView | None:
        """Return one subscriber."""
        person = self._room.subscribers.get(subscriber)
        if person is None:
            return None
        key = address_key(person.address)
        source = self._room.preferences.source_of(key)
        return PersonView(
            person,
            source.text if source else None,
            coming_slots(self._room, person, person.preferences),
            tuple(self._room.subscribers.consents(key)),
        )

    def join(self, address: str, topics: tuple[str, ...], vouched: str | None, by: str) -> Joining:
        """Ask an address whether it wants letters, or confirm it where `vouched` says why."""
        return join(self._room, self._ports, JoinWish(address, topics, vouched, by))

    def write(self, subscriber: SubscriberId, text: str, expected: str | None) -> Written | None:
        """Write a document in the place of the one with the tag `expected`; None: whatever it says."""
        person = self._room.subscribers.get(subscriber)
        if person is None:
            return None
        key = address_key(person.address)
        source = self._room.preferences.source_of(key)
        present = source.text if source else None
        if expected is not None and not _is_tag_of(expected, present):
            return Written(is_conflict=True)
        said = checked(self._room, key, text)
        if not isinstance(said, Preferences):
            return Written(problems=said)
        try:
            write_document(self._room, key, text, expected=present)
        except PreferencesError:  # somebody wrote between our look and our writing
            return Written(is_conflict=True)
        return Written()

    def leave(self, subscriber: SubscriberId, statement: str, by: str) -> bool:
        """End a subscription; False for somebody unknown."""
        ports = self._room.subscribing()
        return unsubscribe(subscriber, ports, statement=statement, evidence=by)

    def erase(self, subscriber: SubscriberId) -> bool:
        """Forget everything of a person; False for somebody unknown."""
        person = self._room.subscribers.get(subscriber)
        if person is None:
            return False
        erase_person(address_key(person.address), self._room.privacy())
        return True

    def slots(self, subscriber: SubscriberId, limit: int) -> Sequence[SlotRecord]:
        """Return the last slots of a person, the latest first."""
        return self._room.ledger.slots(subscriber, limit=limit)

    def edition(self, edition: str) -> EditionView | None:
        """Return an edition, as long as it is kept."""
        found = self._edition(edition)
        if found is None:
            return None
        matches = (*found.matches, *found.also_matched)
        contents = self._room.press.contents([one.revision for one in matches])
        message = next(iter(self._room.outbox.find(editions=[found.id])), None)
        return EditionView(found, contents, message)

    def letter(self, edition: str) -> RenderedEmail | None:
        """Return the letter as it was or will be sent, as long as it is kept."""
        found = self._edition(edition)
        return print_letter(found, self._room.press).rendered if found else None

    def messages(
        self,
        *,
        below: OutboxId | None,
        limit: int,
        states: frozenset[OutboxState] | None,
        subscriber: SubscriberId | None,
    ) -> Sequence[OutboxItem]:
        """Return messages, the newest first."""
        return self._listings.messages(
            below=below, limit=limit, states=states, subscriber=subscriber
        )

    def message(self, item: OutboxId) -> OutboxItem | None:
        """Return one message."""
        return next(iter(self._room.outbox.get([item])), None)

    def retry(self, item: OutboxId) -> bool:
        """Queue a message that failed or waits again; False where that cannot be."""
        return bool(redress_and_retry(self._room, [item]))

    def _edition(self, edition: str) -> Edition | None:
        return self._room.ledger.editions([EditionId(edition)]).get(EditionId(edition))


def _is_tag_of(expected: str, text: str | None) -> bool:
    """Whether `expected` is the tag of a text; `*` is that of any (RFC 9110 section 13.1.1)."""
    return text is not None and expected in {"*", text_tag(text)}
