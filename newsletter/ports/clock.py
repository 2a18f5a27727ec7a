"""The present moment, as a port."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The present moment."""

    def now(self) -> datetime:
        """Return now as aware UTC."""
        ...
