"""Where entries come from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from newsletter.model import Pull, SourceName, SourceReport


class Source(Protocol):
    """Where entries come from."""

    @property
    def name(self) -> SourceName:
        """The key of this source in config.yaml."""
        ...

    @property
    def kind(self) -> str:
        """The name of its adapter in config.yaml, e.g. `saved-page`."""
        ...

    def pull(self, now: datetime) -> Pull:
        """Return what the source announces now.

        One unreadable entry is a problem in the Pull, not an error. Raises SourceError when
        nothing could be read at all; may be called from any thread.
        """
        ...


class SourceLog(Protocol):
    """The last report of every source."""

    def record(self, report: SourceReport) -> None:
        """Keep `report` as the last one of its source."""
        ...

    def last(self) -> Mapping[SourceName, SourceReport]:
        """Return the last report of every source that was ever pulled."""
        ...
