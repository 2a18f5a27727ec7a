"""Messages that are no letters, and their tokens, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

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


@dataclass(slots=True)
class Posted:
    """One message as it was posted."""

    reply: Reply
    at: datetime
    not_before: datetime | None


@dataclass(slots=True)
class MemoryLetterbox:
    """The Correspondence port in memory; nothing leaves, so nothing is ever wiped."""

    posted: list[Posted] = field(default_factory=list)
    keys: dict[TokenHash, Key] = field(default_factory=dict)

    def post(
        self,
        reply: Reply,
        keys: tuple[Key, ...] = (),
        *,
        now: datetime,
        not_before: datetime | None = None,
    ) -> OutboxId | None:
        """Keep a message unless the one that it answers was answered before."""
        answered = {one.reply.answers for one in self.posted}
        if reply.answers is not None and reply.answers in answered:
            return None
        self.posted.append(Posted(reply, now, not_before))
        self.keys |= {key.hash: key for key in keys}
        return OutboxId(len(self.posted))

    def give(self, keys: Sequence[Key]) -> None:
        """Keep tokens that no message carries."""
        self.keys |= {key.hash: key for key in keys}

    def reply(self, item: OutboxId) -> Reply | None:
        """Return a message by its number."""
        return self.posted[item - 1].reply if 0 < item <= len(self.posted) else None

    def posted_as(self, beginning: str) -> Reply | None:
        """Return the message whose Message-ID begins so."""
        found = (one.reply for one in self.posted)
        return next((one for one in found if one.message_id.startswith(f"<{beginning}")), None)

    def wipe_sent(self) -> int:
        """Forget nothing."""
        return 0

    def count(
        self,
        *,
        since: datetime,
        address: AddressKey | None = None,
        kinds: frozenset[ReplyKind] = frozenset(),
    ) -> int:
        """Count what was posted since."""
        return sum(
            one.at > since
            and (address is None or one.reply.to_key == address)
            and (not kinds or one.reply.kind in kinds)
            for one in self.posted
        )

    def find_key(self, hash_: TokenHash, purpose: KeyPurpose) -> Key | None:
        """Return a token by its hash."""
        key = self.keys.get(hash_)
        return key if key and key.purpose is purpose else None

    def use_key(self, hash_: TokenHash, *, now: datetime) -> bool:
        """Mark a token as used, once."""
        key = self.keys.get(hash_)
        if key is None or key.used_at is not None:
            return False
        self.keys[hash_] = replace(key, used_at=now)
        return True

    def revoke_keys(self, subscriber: SubscriberId, purpose: KeyPurpose | None = None) -> None:
        """Forget tokens."""
        gone = [
            hash_
            for hash_, key in self.keys.items()
            if key.subscriber == subscriber and purpose in (None, key.purpose)
        ]
        for hash_ in gone:
            del self.keys[hash_]
