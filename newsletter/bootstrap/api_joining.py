"""Somebody is to get letters, as another program says."""

from dataclasses import dataclass

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.bootstrap.preferences_editing import parse_part
from newsletter.errors import PreferencesError
from newsletter.model import (
    Document,
    EmailAddress,
    SubscriptionState,
)
from newsletter.rules.addresses import address_key, parse_address
from newsletter.workflows import Joining, ReceivePorts, ask, vouch


@dataclass(frozen=True, slots=True)
class JoinWish:
    """An address as written, names of topics, and on whose word: `vouched` None asks the address.

    `by` is kept as evidence.
    """

    address: str
    topics: tuple[str, ...]
    vouched: str | None
    by: str


def join(room: Newsroom, ports: ReceivePorts, wish: JoinWish) -> Joining:
    """Ask an address, or confirm it. Raises AddressError, and PreferencesError for a topic unknown."""
    address = parse_address(wish.address)
    person = room.subscribers.find(address_key(address))
    if person and person.state is SubscriptionState.CONFIRMED:
        return Joining.ALREADY
    if wish.vouched is None:
        is_asked = ask(address, wish.topics, ports, evidence=wish.by)
        return Joining.ASKED if is_asked else Joining.LIMITED
    if person and person.state is SubscriptionState.UNSUBSCRIBED:
        return Joining.REFUSED
    if person and person.suppression:
        return Joining.LIMITED
    return _confirm(room, ports, address, wish)


def _confirm(room: Newsroom, ports: ReceivePorts, address: EmailAddress, wish: JoinWish) -> Joining:
    document = _document(room, ports, address, wish.topics)
    done = vouch([document], room.subscribing(), statement=f"{wish.vouched} ({wish.by})")
    return Joining.REFUSED if done.refused else Joining.CONFIRMED


def _document(
    room: Newsroom, ports: ReceivePorts, address: EmailAddress, topics: tuple[str, ...]
) -> Document:
    """Return the document of an address: the one that is there, else a new one with `topics`."""
    key = address_key(address)
    if room.preferences.source_of(key) is None:
        ports.desk.take(key, ports.desk.begin(address, topics))
    source = room.preferences.source_of(key)
    reading = parse_part(room, source) if source else None
    if source is None or reading is None or not reading.documents:
        message = f"{address}: the document cannot be read; `newsletter check` says why"
        raise PreferencesError(message)
    return Document(reading.documents[0].preferences, source.text, source.place)
