"""What the operator's pages ask of the program, over a newsroom."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from threading import Lock
from time import monotonic
from typing import Final

from newsletter.bootstrap.clocks import SystemClock
from newsletter.bootstrap.disk import disk_alarms
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.bootstrap.preferences_editing import coming_slots
from newsletter.bootstrap.retrying import redress_and_retry
from newsletter.config import OnUncertain
from newsletter.errors import AddressError, NewsletterError
from newsletter.model import (
    Admission,
    OutboxId,
    OutboxItem,
    OutboxState,
    SourceName,
    Subscriber,
    SubscriberId,
)
from newsletter.ports import AuditId, AuditLine, Deed, PersonFound, QueuePlace
from newsletter.rendering import readable_content
from newsletter.rules.addresses import address_key, parse_address
from newsletter.storage import NEWEST_SCHEMA, Audit, LookUps, MessageOutbox
from newsletter.workflows import (
    OperatorPorts,
    Order,
    Overview,
    OverviewPorts,
    PersonFile,
    ReceivePorts,
    ask_again,
    carry_out,
    file_of,
    file_of_stranger,
    look_at_work,
    look_over,
)

OVERVIEW_LASTS_S: Final = 60.0
_REST: Final = 20
"""So many times as long as it took to count an overview it is kept: a million letters cost little."""
_PEOPLE: Final = 50
_PERSON_WORDS: Final = "person "


@dataclass(slots=True)
class Controls:
    """What the pages may ask of the clock of `serve`; None: it runs in another process, or not yet."""

    pull_soon: Callable[[SourceName], bool] | None = None
    is_alive: Callable[[], bool] | None = None


class OperatorDesk:
    """The desk behind the operator's pages. `seconds` is a clock that never goes back."""

    def __init__(
        self,
        room: Newsroom,
        receiving: ReceivePorts,
        controls: Controls,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        # What is decided by hand is no try of the worker in this process.
        resends = int(room.config.delivery.on_uncertain is OnUncertain.RESEND)
        self._room = replace(room, outbox=MessageOutbox(room.database, resend_limit=resends))
        self._receiving = receiving
        self._controls = controls
        self._seconds = seconds
        self._audit = Audit(room.database)
        self._look_ups = LookUps(room.database)
        self._overviews = _overview_ports(self._room)
        self._lock = Lock()
        self._kept: tuple[float, Overview] | None = None
        """Until when an overview is kept, in `seconds`, and the overview."""

    @property
    def can_pull(self) -> bool:
        """Whether sources are pulled by this process."""
        return self._controls.pull_soon is not None

    def overview(self) -> Overview:
        """Return how everything stood within the last minute; made once, however many ask.

        Where it takes more than three seconds to count, it is counted anew more rarely.
        """
        with self._lock:
            begun_at_s = self._seconds()
            if self._kept is None or begun_at_s >= self._kept[0]:
                overview = look_over(self._overviews)
                done_at_s = self._seconds()
                rest_s = _REST * (done_at_s - begun_at_s)
                ends_at_s = max(begun_at_s + OVERVIEW_LASTS_S, done_at_s + rest_s)
                self._kept = (ends_at_s, overview)
            return self._kept[1]

    def now(self) -> datetime:
        """Return the time of the program."""
        return self._room.clock.now()

    def find(self, text: str) -> Sequence[PersonFound]:
        """Return people with `text` in their address, one more than are shown."""
        return self._look_ups.people(text, limit=_PEOPLE + 1)

    def person(self, id_: str, day: date | None) -> PersonFile | None:
        """Return what is known of the subscriber with that id; None: there is none."""
        person = self._room.subscribers.get(SubscriberId(id_))
        if person is None:
            return None
        room = self._room
        found = file_of(person, day, room.reporting(), room.votes, room.bounces)
        return replace(found, coming=coming_slots(room, person, person.preferences))

    def stranger(self, text: str) -> PersonFile | None:
        """Return what is known of an address that is no subscriber; None: nothing, or no address."""
        try:
            key = address_key(parse_address(text))
        except AddressError:
            return None
        return file_of_stranger(key, self._room.reporting())

    def messages(
        self, states: frozenset[OutboxState], below: QueuePlace | None, limit: int
    ) -> Sequence[tuple[QueuePlace, OutboxItem]]:
        """Return a page of messages, the latest slot first."""
        return self._look_ups.messages(states, below=below, limit=limit)

    def message(self, number: int) -> OutboxItem | None:
        """Return one message; None: there is none with that number."""
        return next(iter(self._room.outbox.get([OutboxId(number)])), None)

    def held_titles(self, source: str) -> Sequence[str]:
        """Return the titles of the entries that are held of a source, as they were first seen."""
        held = self._room.entries.find(source=SourceName(source), admission=Admission.HELD)
        return [readable_content(one.content).title for one in held]

    def audit(self, below: int | None, limit: int) -> Sequence[AuditLine]:
        """Return lines of the audit log, the latest first."""
        return self._audit.latest(limit=limit, below=None if below is None else AuditId(below))

    def audit_line(self, number: int) -> AuditLine | None:
        """Return one line of the audit log."""
        return self._audit.get(AuditId(number))

    def names(self, lines: Iterable[AuditLine]) -> Mapping[str, str]:
        """Return the addresses of the people among the subjects, of those who are still here."""
        return names_of(lines, self._room)

    def note(self, deed: Deed) -> None:
        """Write a line into the audit log."""
        self._audit.note(deed, now=self._room.clock.now())

    def has_noted(self, action: str, subject: str, since: datetime) -> bool:
        """Whether that was done to that since then."""
        return self._audit.has(action, subject, since=since)

    def carry_out(self, order: Order) -> AuditId:
        """Do what an operator wants; return the line that says how it ended."""
        line = carry_out(order, self._operating())
        with self._lock:
            self._kept = None
        return line

    def reasons_not_ready(self) -> Sequence[str]:
        """Return why the program cannot do its work now; nothing where it can."""
        return tuple(reasons_not_ready(self._room, self._controls))

    def _operating(self) -> OperatorPorts:
        room = self._room
        return OperatorPorts(
            outbox=room.outbox,
            held=room.held,
            throttles=room.throttles,
            paces=SystemClock(),
            privacy=room.privacy(),
            audit=self._audit,
            secrets=room.press.secrets,
            retry=partial(redress_and_retry, room),
            ask_again=self._ask_again,
            pull=self._controls.pull_soon,
        )

    def _ask_again(self, person: Subscriber) -> str | None:
        return ask_again(person, self._look_ups.wish(person.id), self._receiving)


def names_of(lines: Iterable[AuditLine], room: Newsroom) -> Mapping[str, str]:
    """Return for each subject that is a person the address, of those who are still here."""
    people = {line.deed.subject for line in lines if line.deed.subject.startswith(_PERSON_WORDS)}
    names = {}
    for subject in people:
        person = room.subscribers.get(SubscriberId(subject.removeprefix(_PERSON_WORDS)))
        if person:
            names[subject] = str(person.address)
    return names


def reasons_not_ready(room: Newsroom, controls: Controls) -> Iterable[str]:
    """Yield why the program cannot do its work now, without paths, addresses and secrets."""
    try:
        schema = room.database.schema()
    except NewsletterError:
        yield "database: cannot be read now"
    else:
        if not schema.suits(NEWEST_SCHEMA):
            yield f"database: has schema {schema.version}, this program needs {NEWEST_SCHEMA}"
    if disk_alarms(room.config.data):
        yield "disk: nearly full"
    if controls.is_alive is not None and not controls.is_alive():
        yield "scheduler: does not run"


def _overview_ports(room: Newsroom) -> OverviewPorts:
    sources = room.config.sources
    return OverviewPorts(
        report=room.reporting(),
        figures=room.figures,
        throttles=room.throttles,
        paces=SystemClock(),
        held=room.held,
        correspondence=room.correspondence,
        limits=room.limits_now,
        intervals=room.intervals,
        kinds={name: settings.kind for name, settings in sources.items()},
        timezone=room.config.default_preferences().cadence.timezone,
        more=lambda: disk_alarms(room.config.data),
        work=lambda: look_at_work(room.working()).stuck,
    )
