"""What receiving needs of the world, and what it says of a message."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from newsletter.model import (
    AddressKey,
    BounceReport,
    CatalogueTopic,
    Command,
    EmailAddress,
    EntryId,
    InboundKind,
    InboundMail,
    InboundMessage,
    Listing,
    Preferences,
    Problem,
    Silence,
    SourceName,
    Subscriber,
    SubscriberId,
)
from newsletter.ports import BounceBook, Ledger, Partings, Postbag, Votes
from newsletter.rules.answering import Office, Present
from newsletter.rules.inbound import OwnNames
from newsletter.workflows.receive.posting import PostPorts
from newsletter.workflows.subscribe import SubscribePorts


class PreferencesDesk(Protocol):
    """Reads and changes the preferences of one person at a time, and says what follows from them."""

    def text(self, person: Subscriber) -> str:
        """Return the document as written, or what is in force written anew."""
        ...

    def begin(self, address: EmailAddress, topics: tuple[str, ...]) -> str:
        """Return a first document with these topics. Raises PreferencesError for what cannot be one."""
        ...

    def fulfil(self, text: str, command: Command, person: Subscriber) -> str:
        """Return the document with what a command asks for. Raises PreferencesError, in plain words."""
        ...

    def check(self, address: AddressKey, text: str) -> Preferences | tuple[Problem, ...]:
        """Return what a document says, or every problem; write nothing."""
        ...

    def take(self, address: AddressKey, text: str) -> Preferences | tuple[Problem, ...]:
        """Write a document and put it into force, or return every problem.

        Raises PreferencesError when somebody else changed it at the same moment.
        """
        ...

    def differences(self, old: Preferences, new: Preferences) -> tuple[str, ...]:
        """Return what is different, a line each."""
        ...

    def present(self, person: Subscriber) -> Present:
        """Return the document, the next slots, and what the last letter would have been."""
        ...

    def today(self, person: Subscriber) -> date:
        """Return the day where the person lives."""
        ...

    def why(self, person: Subscriber, day: date) -> Silence | None:
        """Return why nothing came on a day; None where a letter was handed over."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """What a source would read of a mail: how many entries, what is wrong, and all of it as lines."""

    entries: int
    problems: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class SourceInbox:
    """A source that takes mail. `senders` are the addresses and domains that it takes mail from.

    No senders means anybody who knows its address.
    """

    name: SourceName
    senders: tuple[str, ...]
    look: Callable[[InboundMail, InboundMessage], Look]


@dataclass(frozen=True, slots=True)
class ReceivePorts:
    """What receiving needs of the world.

    `authserv_id` names the server whose Authentication-Results are believed, None: nobody's.
    `erase` forgets a person, `export` returns all that is stored of one. `inboxes` are the sources
    that take mail, which is kept in `postbag`.
    """

    post: PostPorts
    office: Office
    own: OwnNames
    subscribing: SubscribePorts
    desk: PreferencesDesk
    ledger: Ledger
    partings: Partings
    bounces: BounceBook
    votes: Votes
    catalogue: tuple[CatalogueTopic, ...]
    week_counts: Callable[[], Mapping[str, int]]
    erase: Callable[[Subscriber], None]
    export: Callable[[Subscriber], Sequence[Listing]]
    authserv_id: str | None = None
    postbag: Postbag | None = None
    inboxes: tuple[SourceInbox, ...] = ()
    titles: Callable[[Iterable[EntryId]], Mapping[EntryId, str]] = lambda _: {}
    """What entries are called, where they are known."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one message. `refused` are lines with reasons, `note` is for the operator."""

    kind: InboundKind
    subscriber: SubscriberId | None = None
    commands: tuple[str, ...] = ()
    applied: tuple[str, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()
    is_answered: bool = False
    bounce: BounceReport | None = None
    note: str = ""
