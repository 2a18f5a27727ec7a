"""Every store of one newsletter, filled with what can be kept of one person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.model import (
    AddressKey,
    EmailAddress,
    EntryId,
    InboundId,
    InboundState,
    Key,
    KeyPurpose,
    OutboxEvent,
    OutboxId,
    Reply,
    ReplyKind,
    Settlement,
    Silence,
    SilenceReason,
    SubscriberId,
    SubscriptionEvent,
    TokenHash,
    UnplannedDay,
)
from newsletter.ports import (
    Archive,
    AuditBook,
    BounceBook,
    Correspondence,
    Deed,
    EnquiryKind,
    EnquiryStore,
    InboundStore,
    Ledger,
    Outbox,
    SubscriberStore,
    Votes,
)
from newsletter.rules.addresses import Secrets, address_key
from newsletter.storage import (
    Audit,
    Ballots,
    Bounces,
    Database,
    Enquiries,
    Inbound,
    Letterbox,
    MessageOutbox,
    RecordArchive,
    SlotLedger,
    Subscribers,
)
from newsletter.storage.purging import Steps
from newsletter.testing.archive import MemoryArchive
from newsletter.testing.audit import MemoryAudit
from newsletter.testing.bounces import MemoryBounces
from newsletter.testing.correspondence import MemoryLetterbox
from newsletter.testing.enquiries import MemoryEnquiries
from newsletter.testing.inbound import MemoryInbound
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.office import begin, claim_one, settle
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan, make_silence, make_slot
from newsletter.testing.subscribers import MemorySubscriberStore
from newsletter.testing.votes import MemoryVotes

NOW = FIRST_SLOT_AT
DAY = timedelta(days=1)
SECRETS = Secrets((b"a secret of sixteen bytes",))
HELLO = b"From: Ada <Ada@Example.org>\r\nSubject: help\r\n\r\nHello\r\n"


@dataclass(frozen=True, slots=True)
class House:
    """All stores over one memory or one database."""

    subscribers: SubscriberStore
    ledger: Ledger
    outbox: Outbox
    letterbox: Correspondence
    inbound: InboundStore
    bounces: BounceBook
    votes: Votes
    archive: Archive
    enquiries: EnquiryStore
    audit: AuditBook

    def admit(self, address: EmailAddress, now: datetime = NOW) -> SubscriberId:
        """Make a confirmed subscriber."""
        person = self.subscribers.apply(
            address, SubscriptionEvent.VOUCH, now=now, statement="They asked.", evidence="page 1"
        )
        assert person
        return person.id

    def send_letter(self, person: SubscriberId, entry: str, *, day: int = 0) -> None:
        """Plan a letter with one entry and have it taken."""
        self.ledger.plan([make_plan(person, [entry], slot=make_slot(day=day))])
        item = claim_one(self.outbox)
        assert begin(self.outbox, item)
        settle(self.outbox, item, OutboxEvent.ACCEPT, "250 taken")

    def answer(
        self,
        address: EmailAddress,
        person: SubscriberId | None,
        kind: ReplyKind = ReplyKind.ANSWER,
        *,
        at: datetime = NOW,
        key: str = "",
    ) -> None:
        """Post a message, with a token where `key` names one, and have it taken at once."""
        to_key = address_key(address)
        number = len(list(self.outbox.find(limit=None)))
        reply = Reply(
            kind, person, address, to_key, "", f"<r{number}.{key}{at:%j}@x>", b"Hello\r\n"
        )
        token = Key(
            TokenHash(key), KeyPurpose.CONFIRM, person or SubscriberId(""), to_key, at, at + 7 * DAY
        )
        self.letterbox.post(reply, (token,) if key else (), now=at)
        for item in self.outbox.claim(now=at, limit=9):
            begin(self.outbox, item)
            self.outbox.record(
                ended=[Settlement(OutboxId(item.id), OutboxEvent.ACCEPT, "250 taken")], now=at
            )

    def ask_on_page(self, address: EmailAddress, *, at: datetime = NOW) -> None:
        """Keep what somebody asked for on the subscribe page."""
        document = f"email: {address}\ntopics: [robotics]\n"
        self.enquiries.keep(EnquiryKind.SUBSCRIBE, address, document, "page", now=at)

    def receive(
        self, raw: bytes, sender: str | None = None, *, is_handled: bool = True
    ) -> InboundId:
        """Keep a message that came in."""
        number = self.inbound.store(raw, sender, "help@news.example", now=NOW)
        if is_handled:
            self.inbound.settle(number, InboundState.HANDLED, "answered")
        return number


def fill(house: House, address: EmailAddress, *, name: str = "a") -> SubscriberId:
    """Keep of one person whatever can be kept; return the id."""
    person = house.admit(address)
    house.send_letter(person, f"{name}1")
    house.ledger.plan([make_silence(person, slot=make_slot(day=1))])
    paused = Silence(SilenceReason.PAUSED, "paused until Friday")
    house.ledger.note([UnplannedDay(person, make_slot(day=2).local_date, paused)])
    house.answer(address, person, key=f"token-{name}")
    house.receive(HELLO.replace(b"Ada@Example.org", address.encode()))
    house.bounces.keep(address_key(address), '{"points": 1}')
    house.votes.vote(person, EntryId(f"{name}1"), 1, now=NOW)
    house.ask_on_page(address)
    house.audit.note(Deed("desk", "ask-again", f"person {person}", "was asked once more"), now=NOW)
    return person


def memory_house() -> House:
    """Return the fakes."""
    ledger, letterbox, inbound = MemoryLedger(), MemoryLetterbox(), MemoryInbound()
    bounces, votes = MemoryBounces(), MemoryVotes()
    people = MemorySubscriberStore(
        ledger,
        SECRETS,
        lambda address, ids: archive.forget(address, ids),  # noqa: PLW0108 - made below
    )
    enquiries, audit = MemoryEnquiries(), MemoryAudit()
    archive = MemoryArchive(
        ledger,
        letterbox,
        inbound,
        bounces,
        votes,
        people.ids_of,
        lambda person: people.get(person) is not None,
        enquiries,
        audit,
        SECRETS,
    )
    outbox = MemoryOutbox(ledger)
    return House(
        people, ledger, outbox, letterbox, inbound, bounces, votes, archive, enquiries, audit
    )


def stored_house(database: Database) -> House:
    """Return the stores over a database; what is purged goes in steps of two rows."""
    return House(
        Subscribers(database, SECRETS),
        SlotLedger(database),
        MessageOutbox(database),
        Letterbox(database),
        Inbound(database),
        Bounces(database),
        Ballots(database),
        RecordArchive(database, Steps(rows=2, pause_s=0), SECRETS),
        Enquiries(database),
        Audit(database),
    )


def open_house(kind: str, open_stored: Callable[[str], Database]) -> House:
    """Return a house of one kind: `memory`, `sqlite`, `postgresql`."""
    return memory_house() if kind == "memory" else stored_house(open_stored(kind))


def key_of(address: str) -> AddressKey:
    """Return the folded address."""
    return address_key(EmailAddress(address))
