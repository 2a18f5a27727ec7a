"""A desk for the operator's pages that answers from memory, and remembers what was done."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from newsletter.errors import StorageError
from newsletter.model import (
    Cadence,
    ConsentRecord,
    EmailAddress,
    Every,
    Lane,
    LaneName,
    OutboxId,
    OutboxItem,
    OutboxKind,
    OutboxState,
    Preferences,
    Silence,
    SilenceReason,
    Slot,
    SourceName,
    SourceReport,
    SourceState,
    Subscriber,
    SubscriberId,
    SubscriptionEvent,
    SubscriptionState,
    Suppression,
    SuppressionCause,
)
from newsletter.ports import (
    AuditId,
    AuditLine,
    Deed,
    MessageTally,
    PersonFound,
    QueuePlace,
)
from newsletter.rules.addresses import address_key
from newsletter.testing.audit import MemoryAudit
from newsletter.web import Health, Site
from newsletter.web.guards import read_networks
from newsletter.web.operating import Keys, Operating
from newsletter.workflows import (
    Alarm,
    Concern,
    DayLine,
    LaneLine,
    Order,
    Overview,
    PersonFile,
    Returns,
    SourceLine,
    Today,
    Why,
    Worry,
)

NOW = datetime(2026, 11, 21, 19, 50, tzinfo=UTC)
TODAY = NOW.date()
TOKEN = "a token of the operator"
NASTY = "<script>alert(1)</script>"
ADA = EmailAddress("ada@example.org")

__all__ = ["ADA", "NASTY", "NOW", "TOKEN", "FakeDesk", "Lane", "an_overview", "site_with"]


def an_overview(*, given: int = 1_210, planned: int = 1_200) -> Overview:
    """Return numbers that add up to 1,200, and two things that need a person."""
    days = [TODAY - timedelta(days=back) for back in reversed(range(30))]
    report = SourceReport(
        SourceName("arxiv"), "arxiv", SourceState.FAILED, problems=(NASTY,), pulled_at=NOW
    )
    return Overview(
        taken_at=NOW - timedelta(seconds=42),
        timezone="Europe/Paris",
        worries=(
            Worry(
                Concern.LETTERS, Alarm(f"2 letters wait: {NASTY}", "see `newsletter deliveries`")
            ),
            Worry(Concern.DISK, Alarm("the disk is full", "make room")),
        ),
        tally=MessageTally(
            planned,
            {
                OutboxState.SENT: 1_000,
                OutboxState.FAILED: 100,
                OutboxState.CANCELLED: 50,
                OutboxState.UNCERTAIN: 20,
                OutboxState.QUEUED: 28,
                OutboxState.DEFERRED: 2,
            },
            given,
        ),
        today=Today(TODAY, {"sent": 40, "queued": 3}, {SilenceReason.NOTHING_NEW: 5}),
        oldest_waiting=NOW - timedelta(hours=3),
        lanes=(
            LaneLine(LaneName("domain example.net"), (), None, is_slowed=False, is_open=True),
            LaneLine(
                LaneName("domain example.com"), ("a.org",), 75.0, is_slowed=True, is_open=False
            ),
        ),
        sources=(
            SourceLine(report.name, "arxiv", report, NOW + timedelta(hours=1), 7, NOW),
            SourceLine(SourceName("blog"), "feed", None, None, 0),
            SourceLine(SourceName("gone"), "", None, None, 3),
        ),
        people={SubscriptionState.CONFIRMED: 900, SubscriptionState.PENDING: 4},
        returns=Returns(9, 3, {SuppressionCause.BOUNCE: 2, SuppressionCause.BY_HAND: 1}, 1),
        letters_by_day=tuple(
            DayLine(day, {"sent": 900 + place, "failed": 3, "queued": 1, "cancelled": 9})
            for place, day in enumerate(days)
        ),
        people_by_day=tuple(DayLine(day, {"joined": 5, "left": 2}) for day in days),
        entries_by_day=tuple(
            DayLine(day, {f"source {number}": 10 + number for number in range(9)}) for day in days
        ),
        aside=1,
    )


def a_message(number: int, state: OutboxState) -> OutboxItem:
    return OutboxItem(
        OutboxId(number),
        OutboxKind.EDITION,
        SubscriberId("a1"),
        ADA,
        state,
        NOW,
        NOW,
        attempts=2,
        last_reply=f"451 later {NASTY}",
        updated_at=NOW,
    )


class FakeDesk:
    """Implements the desk of the operator's pages."""

    def __init__(self) -> None:
        self.log = MemoryAudit()
        self.orders: list[Order] = []
        self.asked: list[tuple[object, ...]] = []
        self.time = NOW
        self.shown = an_overview()
        self.is_broken = False
        self.reasons: tuple[str, ...] = ()
        self.can_pull = True
        self.people = [PersonFound(SubscriberId("a1"), ADA, SubscriptionState.PENDING)]
        self.pages = [a_message(number, state) for number, state in enumerate(OutboxState, 1)]

    def now(self) -> datetime:
        return self.time

    def overview(self) -> Overview:
        self._break()
        return self.shown

    def find(self, text: str) -> Sequence[PersonFound]:
        self.asked.append(("find", text))
        return [one for one in self.people if text.lower() in one.address]

    def person(self, id_: str, day: date | None) -> PersonFile | None:
        if id_ != "a1":
            return None
        silence = Silence(SilenceReason.NOTHING_NEW, f"Nothing was new. {NASTY}")
        consent = ConsentRecord(
            SubscriberId("a1"), ADA, SubscriptionEvent.VOUCH, NOW, NASTY, "by mail"
        )
        cadence = Cadence(Every.WEEKDAY, at=time(7, 30), timezone="Europe/Paris")
        wants = Preferences(ADA, cadence=cadence)
        person = Subscriber(
            SubscriberId("a1"), ADA, SubscriptionState.PENDING, NOW, preferences=wants
        )
        monday = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
        return PersonFile(
            address=address_key(ADA),
            person=person,
            suppression=None,
            consents=[consent],
            messages=self.pages,
            likes=12,
            coming=[Slot(monday.date(), monday, "Europe/Paris")],
            answer=Why(ADA, day or TODAY, silence, silence.detail, "Use `newsletter why`."),
        )

    def stranger(self, text: str) -> PersonFile | None:
        if text != "eve@example.org":
            return None
        key = address_key(EmailAddress(text))
        suppression = Suppression(key, SuppressionCause.BOUNCE, "550 no", NOW)
        return PersonFile(key, None, suppression, [])

    def messages(
        self, states: frozenset[OutboxState], below: QueuePlace | None, limit: int
    ) -> Sequence[tuple[QueuePlace, OutboxItem]]:
        self.asked.append(("messages", states, below))
        found = [((NOW, item.id), item) for item in self.pages if item.state in states]
        return found[:limit]

    def message(self, number: int) -> OutboxItem | None:
        return next((item for item in self.pages if item.id == number), None)

    def held_titles(self, source: str) -> Sequence[str]:
        return [NASTY] * 150 if source == "arxiv" else []

    def audit(self, below: int | None, limit: int) -> Sequence[AuditLine]:
        return self.log.latest(limit=limit, below=None if below is None else AuditId(below))

    def audit_line(self, number: int) -> AuditLine | None:
        return self.log.get(AuditId(number))

    def names(self, lines: Iterable[AuditLine]) -> Mapping[str, str]:
        return {line.deed.subject: str(ADA) for line in lines if line.deed.subject == "person a1"}

    def note(self, deed: Deed) -> None:
        self.log.note(deed, now=self.time)

    def has_noted(self, action: str, subject: str, since: datetime) -> bool:
        self._break()
        return self.log.has(action, subject, since=since)

    def carry_out(self, order: Order) -> AuditId:
        self._break()
        self.orders.append(order)
        deed = Deed(order.actor, str(order.action), "person a1", "it is done")
        return self.log.note(deed, now=self.time)

    def reasons_not_ready(self) -> Sequence[str]:
        self._break()
        return self.reasons

    def _break(self) -> None:
        if self.is_broken:
            message = "database is locked at /secret/place"
            raise StorageError(message)


def site_with(
    desk: FakeDesk,
    *,
    token: str | None = TOKEN,
    header: str | None = None,
    proxies: Sequence[str] = (),
    url: str | None = None,
    signing: Sequence[bytes] = (b"k" * 32,),
) -> Site:
    """Return a site with the operator's pages and nothing else."""
    networks = read_networks(proxies)
    keys = Keys(signing, token, header, networks, is_https=bool(url and url.startswith("https")))
    return Site(
        name="Paper Round",
        url=url,
        proxies=networks,
        health=lambda: Health(is_well=True),
        operating=Operating(desk, keys, "Europe/Paris"),
    )
