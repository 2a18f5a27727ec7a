"""Every kind of fault in one run: who gets a letter, how often, and that the run ends by itself.

The real workflow, ledger (SQLite) and SMTP client against a server that goes wrong in the way that each
recipient's local part asks for. Only the clock is not real: it is moved an hour after every round.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from newsletter.model import (
    Dressing,
    OutboxState,
    RevisionId,
    SlotPlan,
)
from newsletter.rules.addresses import Secrets
from newsletter.storage import Database, MessageOutbox, SlotLedger
from newsletter.storage.columns import table_of
from newsletter.storage.tables import SuppressionRow
from newsletter.testing import FakeClock, FakeRenderer, ScriptedSmtpServer
from newsletter.testing.plans import FIRST_SLOT_AT, LETTERHEAD, make_plan
from newsletter.testing.smtp_manners import Record
from newsletter.testing.stores import OneContentStore
from newsletter.transports import Relay, RelayGroup, RelayShare, SmtpTransport, Timeouts
from newsletter.workflows import DeliverOrder, DeliverPorts, Press, deliver
from tests.admitting import admit_all

EACH = 100
HOUR = timedelta(hours=1)
CONNECTIONS = 20

DELIVERABLE = (
    "ada",
    "greylist-1",
    "450-1",
    "421-at-rcpt-1",
    "421-at-end-1",
    "452-at-data-1",
    "452-4.2.2-at-end-1",
    "drop-at-rcpt-1",
    "drop-at-data-1",
    "drop-at-end-1",
    "silent-at-data-1",
    "garbage-at-rcpt-1",
    "endless-at-rcpt-1",
    "cut-at-data-1",
    "extra-at-rcpt-1",
    "early-reply-1",
    "slow-ack",
    "close-after-ack",
    "421-after-ack",
    "tarpit",
    "multiline",
    "nonascii-reply",
)
"""Each ends with the letter delivered, if need be at a later try."""
NEVER_ANSWERED = ("cut-at-end",)
BAD_ADDRESS = ("550-5.1.1", "550-5.1.1-at-end")
OUR_FAULT = ("550-5.7.1", "554-5.7.1-at-end", "530-at-data")


@dataclass(frozen=True, slots=True)
class End:
    """What is left when the run is over. `rounds` counts the hours it took."""

    record: Record
    states: Mapping[str, OutboxState]
    suppressed: frozenset[str]
    rounds: int

    def tries(self, kind: str) -> list[int]:
        return [self.record.tries[address] for address in addresses(kind)]

    def accepted(self, kind: str) -> list[int]:
        return [self.record.accepted[address].total() for address in addresses(kind)]

    def states_of(self, kind: str) -> Counter[OutboxState]:
        return Counter(self.states[address] for address in addresses(kind))


def names(kind: str) -> list[str]:
    return [f"{kind}.r{number}" for number in range(EACH)]


def addresses(kind: str) -> list[str]:
    return [f"{name}@example.org" for name in names(kind)]


def plan_for(name: str, dressing: RevisionId) -> SlotPlan:
    plan = make_plan(name, [f"e{len(name)}"])
    assert plan.edition
    ends = FIRST_SLOT_AT + 3 * HOUR
    edition = replace(plan.edition, dressing=dressing)
    return replace(plan, edition=edition, begin_by=ends, retry_until=ends)


def plan_all(database: Database, kinds: Sequence[str]) -> SlotLedger:
    people = [name for kind in kinds for name in names(kind)]
    admit_all(database, people)
    ledger = SlotLedger(database)
    dressing = ledger.keep_dressing(Dressing(LETTERHEAD, {}))
    ledger.plan([plan_for(name, dressing) for name in people])
    return ledger


def run_to_its_end(database: Database, kinds: Sequence[str]) -> End:
    """Deliver round after round, an hour apart, until nothing waits."""
    ledger, outbox = plan_all(database, kinds), MessageOutbox(database)
    clock = FakeClock(FIRST_SLOT_AT)
    press = Press(OneContentStore(), ledger, lambda _: FakeRenderer(), Secrets((b"k" * 16,)))
    with ScriptedSmtpServer() as server:
        relay = Relay(server.host, server.port)
        patience = Timeouts(data=timedelta(milliseconds=300))
        transport = SmtpTransport(relay, connections=CONNECTIONS, timeouts=patience)
        group = RelayGroup([RelayShare(relay.name, transport, connections=CONNECTIONS)])
        ports = DeliverPorts(outbox, ledger, group, press, clock, lambda: 0.5)
        rounds = 0
        while outbox.accounting().waiting:
            asyncio.run(deliver(ports, DeliverOrder(at_once=2 * CONNECTIONS)))
            outbox.expire(now=clock.move(HOUR))
            rounds += 1
        asyncio.run(deliver(ports))
    states = {str(item.recipient): item.state for item in outbox.find(limit=len(kinds) * EACH)}
    with database.reading() as connection:
        suppressed = connection.scalars(select(table_of(SuppressionRow).c.address_key))
        return End(server.record, states, frozenset(suppressed), rounds)


def test_thirty_kinds_of_fault_in_one_run(open_stored: Callable[[str], Database]) -> None:
    kinds = (*DELIVERABLE, *NEVER_ANSWERED, *BAD_ADDRESS, *OUR_FAULT, "lost-ack", "lost-ack-1")
    assert len(kinds) >= 30
    end = run_to_its_end(open_stored("sqlite"), kinds)

    # Then each deliverable recipient has exactly one copy
    for kind in DELIVERABLE:
        assert Counter(end.accepted(kind)) == {1: EACH}, kind
        assert end.states_of(kind) == {OutboxState.SENT: EACH}, kind

    # And one whose acknowledgement was lost at most two, of the same bytes; then it is held
    for kind, state in (("lost-ack", OutboxState.UNCERTAIN), ("lost-ack-1", OutboxState.SENT)):
        assert Counter(end.accepted(kind)) == {2: EACH}, kind
        assert {len(end.record.accepted[one]) for one in addresses(kind)} == {1}, kind
        assert end.states_of(kind) == {state: EACH}, kind
    for kind in NEVER_ANSWERED:
        assert (Counter(end.accepted(kind)), Counter(end.tries(kind))) == ({0: EACH}, {2: EACH}), (
            kind
        )
        assert end.states_of(kind) == {OutboxState.UNCERTAIN: EACH}, kind

    # And an address that does not exist is tried once
    for kind in BAD_ADDRESS:
        assert Counter(end.tries(kind)) == {1: EACH}, kind
        assert end.states_of(kind) == {OutboxState.FAILED: EACH}, kind

    # And where we are at fault the letter is tried until its time is over, and nobody is suppressed
    for kind in OUR_FAULT:
        assert min(end.tries(kind)) > 2, kind
        assert end.states_of(kind) == {OutboxState.CANCELLED: EACH}, kind
        assert not end.suppressed & set(addresses(kind)), kind
    assert end.suppressed <= {address for kind in BAD_ADDRESS for address in addresses(kind)}

    # And the run ended by itself
    assert end.rounds <= 4
