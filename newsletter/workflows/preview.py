"""What would be sent now, or at the next slot: the same decision and the same bytes, not stored."""

from dataclasses import dataclass

from newsletter.model import Dressing, Edition, Silence, Subscriber
from newsletter.rules.planning import Schedule
from newsletter.workflows.press import Press, PrintedLetter, print_letter, print_with
from newsletter.workflows.publish import PublishOrder, PublishPorts, plan_batch


@dataclass(frozen=True, slots=True)
class PreviewOrder:
    """A run that plans without writing; `dressing` is the one that `order` names."""

    order: PublishOrder
    dressing: Dressing


def preview(
    subscriber: Subscriber, wanted: PreviewOrder, ports: PublishPorts, press: Press
) -> tuple[Edition, PrintedLetter] | Silence:
    """Return the letter of the slot that is due, else of the next one, or why there is none."""
    now = ports.clock.now()
    plans, silences = plan_batch([subscriber], wanted.order, ports, now=now)
    for plan in plans:
        if plan.edition:
            return plan.edition, print_planned(plan.edition, wanted.dressing, press)
    return silences[0][1]


def print_planned(edition: Edition, dressing: Dressing, press: Press) -> PrintedLetter:
    """Print an edition that was decided and not stored."""
    revisions = [match.revision for match in (*edition.matches, *edition.also_matched)]
    return print_with(edition, press, press.entries.contents(revisions), dressing)


def last_letter(
    subscriber: Subscriber, ports: PublishPorts, press: Press
) -> tuple[Edition, PrintedLetter] | None:
    """Return the subscriber's last planned letter, printed again, or None when there was none."""
    records = ports.ledger.slots(subscriber.id, limit=100)
    named = [record.edition for record in records if record.edition]
    if not named:
        return None
    edition = ports.ledger.editions(named[:1])[named[0]]
    return edition, print_letter(edition, press)


def preview_order(order: PublishOrder, dressing: Dressing) -> PreviewOrder:
    """Return `order` with its schedule turned ahead, for `preview`."""
    ahead = PublishOrder(order.dressing, order.default_topics, Schedule.AHEAD)
    return PreviewOrder(ahead, dressing)
