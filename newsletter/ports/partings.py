"""Where people leave with the links of their letters, many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from newsletter.model import EditionId, Key, Reply, Subscriber, SubscriberId


@dataclass(frozen=True, slots=True)
class Parting:
    """The end of a subscription, as the link of one letter finds it.

    `left_at` is when it ended. `can_return` is whether it was this letter, by the same way, that ended
    a confirmed subscription, now or before: then whoever pressed may take it back. Who had left in
    another way, or was asked for a confirmation meanwhile, does not come back by this.
    """

    subscriber: SubscriberId
    left_at: datetime
    can_return: bool


@dataclass(frozen=True, slots=True)
class PartingNotice:
    """What somebody who left is told, with the tokens in it; they left at `left_at`."""

    reply: Reply
    keys: tuple[Key, ...]
    left_at: datetime


class Partings(Protocol):
    """The ends of subscriptions by the links of letters, and whom to tell of them."""

    def end(
        self, letters: Mapping[EditionId, str], *, now: datetime, statement: str
    ) -> Mapping[EditionId, Parting]:
        """End the subscriptions of the readers of these letters, in one durable commit.

        What waits for them and is not in data is cancelled. The values are the evidence for the
        consent log, `statement` what was pressed. Letters that are not known are not in the answer.
        Somebody who had left is left alone. Raises StorageError, and ends none.
        """
        ...

    def untold(self, *, since: datetime, statement: str, limit: int) -> Sequence[Subscriber]:
        """Return who left by `statement` since then, is still gone, and was told nothing, oldest first."""
        ...

    def tell(self, notices: Sequence[PartingNotice], *, now: datetime) -> int:
        """Post these notices with their tokens, all or none; return how many.

        Left out are those to whom a notice or an answer was posted since they left: two programs that
        do this at the same time tell nobody twice.
        """
        ...
