"""Who need not be looked at for a while."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from newsletter.model import Subscriber, SubscriberId


class Rests(Protocol):
    """Until when no slot of somebody begins, as far as a look found out; any change of theirs ends it."""

    def awake(
        self, *, now: datetime, above: str = "", below: str | None = None
    ) -> Iterator[Subscriber]:
        """Yield those whose slot may have come, by id; with an id above one and below the other."""
        ...

    def bounds(self, *, now: datetime, size: int) -> Sequence[SubscriberId]:
        """Return the id of every `size`th of those, in order."""
        ...

    def has_awake(self, *, now: datetime) -> bool:
        """Return whether there is anybody."""
        ...

    def rest(self, people: Iterable[tuple[Subscriber, datetime]]) -> None:
        """Let each rest until a moment; who was changed since they were read does not."""
        ...
