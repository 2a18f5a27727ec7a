"""How many asked to join lately: what `status` and the alarms want to know of all that comes in."""

from datetime import datetime, timedelta
from typing import Final

from newsletter.model import ReplyKind
from newsletter.ports import Correspondence

HOUR: Final = timedelta(hours=1)

CONFIRMATIONS_AN_HOUR: Final = 100
"""To all addresses together; what is more waits, an hour for each hundred."""


def asked_lately(correspondence: Correspondence, now: datetime) -> int:
    """Return how many confirmations all addresses were asked for within the hour."""
    kinds = frozenset({ReplyKind.CONFIRMATION})
    return correspondence.count(since=now - HOUR, kinds=kinds)
