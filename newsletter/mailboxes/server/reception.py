"""What the mail server asks of the program for one connection."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.errors import NewsletterError
from newsletter.mailboxes.peers import Peers
from newsletter.model import InboundId
from newsletter.ports import InboundStore
from newsletter.rules.inbound import origin_of

TOO_BIG = "552 5.3.4 the message is too big"
TROUBLE = "451 4.3.0 cannot keep the message now, please try again"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reception:
    """The store, who lives here, and the peer that talks."""

    store: InboundStore
    accepts: Callable[[str], bool]
    now: Callable[[], datetime]
    peers: Peers
    peer: str
    hostname: str
    most_recipients: int

    def may_begin(self) -> bool:
        """Return whether the peer may send another message now."""
        return self.peers.count_message(self.peer)

    def is_ours(self, address: str) -> bool:
        """Return whether mail for this address is taken. One that is no text is nobody's."""
        return address.isprintable() and not _has_surrogates(address) and self.accepts(address)

    async def keep(self, raw: bytes | None, sender: str, recipients: Sequence[str]) -> list[str]:
        """Commit the message for each recipient and return the reply for each. None: too big."""
        if raw is None:
            return [TOO_BIG for _ in recipients]
        return [await self._keep_one(raw, sender, recipient) for recipient in recipients]

    async def _keep_one(self, raw: bytes, sender: str, recipient: str) -> str:
        # aiosmtpd writes the empty sender of answers with its brackets.
        origin = "" if sender == "<>" else sender
        try:
            number = await asyncio.to_thread(self._store, raw, origin, recipient)
        except NewsletterError as error:
            log.warning("mail server: message not kept: %s", error)
            return TROUBLE
        log.info("mail server: message %s kept, %s bytes", number, len(raw))
        return f"250 2.0.0 kept as {number}"

    def _store(self, raw: bytes, sender: str, recipient: str) -> InboundId:
        origin = origin_of(raw, sender, recipient)
        return self.store.store(raw, sender, recipient, now=self.now(), origin=origin)


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)
