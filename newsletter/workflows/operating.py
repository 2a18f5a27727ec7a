"""What an operator does on the pages: each deed through the same workflows as the command line.

Whatever becomes of it, a line of the audit log says who wanted what, and how it ended.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from newsletter.errors import AddressError, NewsletterError
from newsletter.model import (
    AddressKey,
    Lane,
    LaneName,
    OutboxId,
    OutboxItem,
    SourceName,
    Subscriber,
    SubscriberId,
)
from newsletter.ports import (
    AuditBook,
    AuditId,
    Deed,
    HeldEntries,
    Lanes,
    Outbox,
    PaceClock,
    Throttles,
)
from newsletter.rules.addresses import (
    Secrets,
    address_key,
    is_suppression_key,
    parse_address,
    suppression_key,
)
from newsletter.rules.throttle import halvings_left, is_open
from newsletter.workflows.by_hand import (
    Resolution,
    cancel_by_hand,
    resolve_by_hand,
    why_not_queued,
)
from newsletter.workflows.privacy import PrivacyPorts
from newsletter.workflows.suppressions import lift_suppression, suppress_by_hand

_LONGEST_NUMBER: Final = 18
_BY_PAGE: Final = "by the operator, on the page"


class Action(StrEnum):
    """What can be done on the pages; the value is what the audit log calls it."""

    RETRY = "retry"
    RETRY_ALL = "retry all"
    COUNT_AS_SENT = "count as sent"
    COUNT_AS_FAILED = "count as failed"
    SEND_AGAIN = "send again"
    CANCEL = "cancel"
    RELEASE = "release held entries"
    DROP = "drop held entries"
    SUPPRESS = "suppress"
    UNSUPPRESS = "lift suppression"
    ASK_AGAIN = "ask to confirm again"
    PULL = "pull source"
    TRY_LANE = "try lane"


@dataclass(frozen=True, slots=True)
class Order:
    """What `actor` wants done to `subject`, as the form gave it: a number, a name, an address."""

    action: Action
    subject: str
    actor: str


@dataclass(frozen=True, slots=True)
class OperatorPorts:
    """What the deeds need of the world.

    `retry` queues messages again (none: all that failed or wait), `ask_again` sends a confirmation
    once more or says why not, `pull` wants a source pulled at once and says whether there is one of
    that name; None: the clock runs in another process.
    """

    outbox: Outbox
    held: HeldEntries
    throttles: Throttles
    paces: PaceClock
    privacy: PrivacyPorts
    audit: AuditBook
    secrets: Secrets
    retry: Callable[[Sequence[OutboxId]], Sequence[OutboxItem]]
    ask_again: Callable[[Subscriber], str | None]
    pull: Callable[[SourceName], bool] | None

    def now(self) -> datetime:
        """Return the time of the program, under `--now` that one."""
        return self.privacy.clock.now()


@dataclass(frozen=True, slots=True)
class _Ending:
    """What the log says: of what, without an address, and how it ended."""

    subject: str
    detail: str


def carry_out(order: Order, ports: OperatorPorts) -> AuditId:
    """Do it, and return the line of the log that says how it ended.

    What cannot be done is no error: the line says why. Raises StorageError when not even the line
    can be written.
    """
    try:
        ending = _DEEDS[order.action](order, ports)
    except AddressError:  # its message names the address, and the log does not
        ending = _Ending("address", "not done: that is no address which can be written to")
    except NewsletterError as error:
        ending = _Ending(_nameless(order, ports), f"not done: {error}")
    deed = Deed(order.actor, str(order.action), ending.subject, ending.detail)
    return ports.audit.note(deed, now=ports.now())


def _retry(order: Order, ports: OperatorPorts) -> _Ending:
    number = _number(order)
    if ports.retry([number]):
        return _Ending(_message(number), "queued again")
    return _Ending(_message(number), f"not done: {why_not_queued([number], ports.outbox)[number]}")


def _retry_all(_: Order, ports: OperatorPorts) -> _Ending:
    count = len(ports.retry([]))
    return _Ending("messages", f"{count:,} queued again")


def _resolve(order: Order, ports: OperatorPorts) -> _Ending:
    resolution, done = _RESOLUTIONS[order.action]
    number = _number(order)
    problem = resolve_by_hand(number, resolution, ports.outbox, now=ports.now())
    return _Ending(_message(number), _told(problem, done))


def _cancel(order: Order, ports: OperatorPorts) -> _Ending:
    number = _number(order)
    problem = cancel_by_hand(number, ports.outbox, now=ports.now())
    return _Ending(_message(number), _told(problem, "cancelled"))


def _release(order: Order, ports: OperatorPorts) -> _Ending:
    count = ports.held.release(SourceName(order.subject))
    return _Ending(_source(order), f"{count:,} released: the next letters can show them")


def _drop(order: Order, ports: OperatorPorts) -> _Ending:
    count = ports.held.drop(SourceName(order.subject))
    return _Ending(_source(order), f"{count:,} dropped: no letter will show them")


def _suppress(order: Order, ports: OperatorPorts) -> _Ending:
    suppress_by_hand(address_key(parse_address(order.subject)), _BY_PAGE, ports.privacy)
    return _Ending(_nameless(order, ports), "gets no mail any more")


def _unsuppress(order: Order, ports: OperatorPorts) -> _Ending:
    name = _nameless(order, ports)
    is_hash = is_suppression_key(order.subject)
    key = AddressKey(order.subject) if is_hash else address_key(parse_address(order.subject))
    lifted = lift_suppression(key, ports.privacy)
    if lifted is None:
        return _Ending(name, "not done: is not suppressed")
    cause = lifted.cause.replace("-", " ")
    return _Ending(name, f"can be written to again (it was suppressed: {cause})")


def _ask_again(order: Order, ports: OperatorPorts) -> _Ending:
    person = ports.privacy.subscribers.get(SubscriberId(order.subject))
    problem = ports.ask_again(person) if person else "nobody has this id"
    return _Ending(f"person {order.subject}", _told(problem, "was asked once more"))


def _pull(order: Order, ports: OperatorPorts) -> _Ending:
    if ports.pull is None:
        return _Ending(_source(order), "not done: sources are pulled by another process")
    is_known = ports.pull(SourceName(order.subject))
    return _Ending(_source(order), "is pulled now" if is_known else "not done: no such source")


def _try_lane(order: Order, ports: OperatorPorts) -> _Ending:
    name, now = LaneName(order.subject), ports.paces.now()
    told = "not done: nothing stands against it"

    def decide(lanes: Lanes) -> Lanes:
        nonlocal told
        lane = lanes.get(name, Lane())
        if is_open(lane):
            told = "one letter tries it with the next delivery"
            return {name: replace(lane, probe_at=now)}
        if halvings_left(lane, now):
            told = "takes its usual pace again"
            return {name: replace(lane, halvings=0, slowed_at=None, reason="")}
        return {}

    if name in ports.throttles.lanes():
        ports.throttles.change([name], decide)
    return _Ending(f"lane {name}", told)


_RESOLUTIONS: Final = {
    Action.COUNT_AS_SENT: (Resolution.SENT, "counts as sent"),
    Action.COUNT_AS_FAILED: (
        Resolution.FAILED,
        "counts as failed; its entries may come in the next letter",
    ),
    Action.SEND_AGAIN: (Resolution.RESEND, "is sent again, byte for byte, with the next delivery"),
}

_DEEDS: Final[Mapping[Action, Callable[[Order, OperatorPorts], _Ending]]] = {
    Action.RETRY: _retry,
    Action.RETRY_ALL: _retry_all,
    Action.COUNT_AS_SENT: _resolve,
    Action.COUNT_AS_FAILED: _resolve,
    Action.SEND_AGAIN: _resolve,
    Action.CANCEL: _cancel,
    Action.RELEASE: _release,
    Action.DROP: _drop,
    Action.SUPPRESS: _suppress,
    Action.UNSUPPRESS: _unsuppress,
    Action.ASK_AGAIN: _ask_again,
    Action.PULL: _pull,
    Action.TRY_LANE: _try_lane,
}
_OF_ADDRESSES: Final = frozenset({Action.SUPPRESS, Action.UNSUPPRESS})
_KINDS: Final = {
    Action.RELEASE: "source",
    Action.DROP: "source",
    Action.PULL: "source",
    Action.ASK_AGAIN: "person",
    Action.TRY_LANE: "lane",
}


def _nameless(order: Order, ports: OperatorPorts) -> str:
    """Return the subject without an address: who is erased does not live on in the log."""
    if order.action not in _OF_ADDRESSES:
        return f"{_KINDS.get(order.action, 'message')} {order.subject}"
    if is_suppression_key(order.subject):
        return f"address {order.subject}"
    key = address_key(parse_address(order.subject))
    person = ports.privacy.subscribers.find(key)
    return f"person {person.id}" if person else f"address {suppression_key(key, ports.secrets)}"


def _number(order: Order) -> OutboxId:
    is_number = order.subject.isascii() and order.subject.isdigit()
    return OutboxId(int(order.subject[:_LONGEST_NUMBER]) if is_number else 0)


def _message(number: OutboxId) -> str:
    return f"message {number}"


def _source(order: Order) -> str:
    return f"source {order.subject}"


def _told(problem: str | None, done: str) -> str:
    return done if problem is None else f"not done: {problem}"
