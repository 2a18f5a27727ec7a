"""Letting people rest who were looked at, so that the next look reads the others alone."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from newsletter.model import Silence, SlotPlan, Subscriber, SubscriberId
from newsletter.rules.planning import rests_until


def resting(
    people: Sequence[Subscriber],
    planned: Sequence[SlotPlan],
    written: Sequence[SlotPlan],
    silent: Sequence[tuple[Subscriber, Silence]],
    *,
    now: datetime,
) -> Iterator[tuple[Subscriber, datetime]]:
    """Yield who of `people` may rest, and until when.

    Whose plan was not written, because somebody else was faster, is looked at again.
    """
    silences: dict[SubscriberId, Silence] = {person.id: silence for person, silence in silent}
    done = {plan.subscriber for plan in written}
    left = {plan.subscriber for plan in planned} - done
    for person in people:
        if person.id in left:
            continue
        silence = None if person.id in done else silences.get(person.id)
        until = rests_until(person, silence, now=now)
        if until is not None:
            yield person, until
