"""What if the machine's clock was wrong when a moment was written down, or is wrong now?

A clock that runs some hours ahead, or behind, corrects itself with the next slot. One that shows
another year must not silence anybody until that year comes.
"""

from datetime import datetime, timedelta
from typing import Final

from newsletter.model import Slot

_MOST_AHEAD: Final = timedelta(days=1)
"""What lies further ahead was written down while the clock was wrong, or the clock is wrong now."""


def is_ahead(moment: datetime, now: datetime) -> bool:
    """Tell whether `moment`, written down in the past, lies more than a day after `now`."""
    return moment - now > _MOST_AHEAD


def last_of(last: Slot | None, slot: Slot, *, planned_at: datetime) -> Slot:
    """Return the scheduled slot that counts as the last, once `slot` was planned at `planned_at`.

    It does not go back to an earlier date, unless the last one lies ahead of the clock.
    """
    if last is None or is_ahead(last.begins_at, planned_at) or slot.local_date > last.local_date:
        return slot
    return last
