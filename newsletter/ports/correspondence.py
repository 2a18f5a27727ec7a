"""Where messages to people wait, and the tokens that let them act."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from newsletter.model import (
    AddressKey,
    Key,
    KeyPurpose,
    OutboxId,
    Reply,
    ReplyKind,
    SubscriberId,
    TokenHash,
)


class Correspondence(Protocol):
    """Answers, confirmations and notices; each waits in the outbox like a letter."""

    def post(
        self,
        reply: Reply,
        keys: tuple[Key, ...] = (),
        *,
        now: datetime,
        not_before: datetime | None = None,
    ) -> OutboxId | None:
        """Put a message into the outbox, with the tokens it carries, all or nothing.

        It leaves at `not_before` at the earliest. Returns None, and writes nothing, when the
        inbound message that it answers was answered before.
        """
        ...

    def give(self, keys: Sequence[Key]) -> None:
        """Keep tokens that no message carries: those that stand on a page."""
        ...

    def reply(self, item: OutboxId) -> Reply | None:
        """Return a message of the outbox; None when it is no reply, or its bytes were wiped."""
        ...

    def posted_as(self, beginning: str) -> Reply | None:
        """Return the message whose Message-ID begins so (without the bracket), bytes or no bytes."""
        ...

    def wipe_sent(self) -> int:
        """Forget the bytes of what was sent, or will never be, and held a token; return how many."""
        ...

    def count(
        self,
        *,
        since: datetime,
        address: AddressKey | None = None,
        kinds: frozenset[ReplyKind] = frozenset(),
    ) -> int:
        """Return how many messages were posted since then, to one address or to all, of some kinds or any."""
        ...

    def find_key(self, hash_: TokenHash, purpose: KeyPurpose) -> Key | None:
        """Return the token with that hash for that purpose, used or over as it may be."""
        ...

    def use_key(self, hash_: TokenHash, *, now: datetime) -> bool:
        """Mark a token as used; False when it was used before, so that of two at once one wins."""
        ...

    def revoke_keys(self, subscriber: SubscriberId, purpose: KeyPurpose | None = None) -> None:
        """Forget the tokens of a subscriber, of one purpose or all."""
        ...
