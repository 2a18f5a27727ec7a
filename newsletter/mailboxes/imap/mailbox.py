"""What is unseen in the mailbox goes into the store, and is then marked as seen."""

import logging
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from newsletter.errors import NewsletterError
from newsletter.mailboxes.imap.client import ImapClient, StoppedError, Trouble
from newsletter.mailboxes.imap.folder import Folder
from newsletter.mailboxes.imap.login import ImapLogin
from newsletter.mailboxes.rounds import Rounds
from newsletter.mailboxes.sizes import MAX_HEADER_BYTES, MAX_MESSAGE_BYTES
from newsletter.ports import InboundStore

MOST_REMEMBERED: Final = 10_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long it is waited, in seconds."""

    poll_s: float = 60
    """Between two looks, where the server cannot say that there is mail."""
    idle_s: float = 9 * 60
    """Under IDLE, before it is begun anew: RFC 2177 allows 29 minutes, routers less."""
    first_s: float = 1
    """After the first failure; then twice as long each time."""
    longest_s: float = 300


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ImapMailbox:
    r"""Implements `ports.Intake`: empties one folder, and keeps on watching it.

    A message is committed before it is marked \\Seen. One that was committed and not marked,
    because the connection broke, is known again by its octets (which hold its Message-ID), also
    when the server has numbered its messages anew (UIDVALIDITY). The size is asked for before a
    message is fetched: of one over 1 MB the beginning is put aside, and it is marked \\Flagged.
    Nothing is ever deleted. What goes wrong is logged and tried again, after up to five minutes.
    """

    def __init__(
        self,
        login: ImapLogin,
        store: InboundStore,
        *,
        context: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = _utc_now,
        patience: Patience | None = None,
    ) -> None:
        self._login = login
        self._store = store
        self._context = context
        self._now = now
        self._patience = patience or Patience()
        self._failures = 0
        self._numbering = ""
        self._taken: set[str] = set()
        self._rounds = Rounds(self._look, "imap mailbox")

    def start(self) -> str:
        """Begin to watch; whether the server can be reached shows in the log."""
        self._context = self._context or ssl.create_default_context()
        self._rounds.start()
        return f"imap {self._login.host} {self._login.folder}"

    def stop(self) -> None:
        """End, in the middle of a wait or of a message that is then not marked."""
        self._rounds.stop()

    def take(self, stopped: threading.Event | None = None) -> int:
        """Connect, take what is unseen now, and return how many messages were stored.

        Raises StorageError, OSError, and imaplib.IMAP4.error.
        """
        return self._converse(stopped or threading.Event(), lambda _client, _folder: None)

    def _look(self, stopped: threading.Event) -> float:
        def watch(client: ImapClient, folder: Folder) -> None:
            while not stopped.is_set():
                self._failures = 0
                if "IDLE" in client.capabilities:
                    client.wait_for_mail(self._patience.idle_s)
                else:
                    stopped.wait(self._patience.poll_s)
                if not stopped.is_set():
                    self._take_from(folder, stopped)

        try:
            self._converse(stopped, watch)
        except StoppedError:
            return 0
        except (Trouble, OSError, NewsletterError) as error:
            log.warning("imap: %s: %s", self._login.host, " ".join(str(error).split())[:300])
            self._failures += 1
        return self._pause()

    def _pause(self) -> float:
        doublings = min(max(self._failures, 1) - 1, 20)
        return min(self._patience.first_s * float(1 << doublings), self._patience.longest_s)

    def _converse(
        self, stopped: threading.Event, then: Callable[[ImapClient, Folder], None]
    ) -> int:
        context = self._context or ssl.create_default_context()
        client = ImapClient(self._login, context, stopped)
        try:
            client.log_in(self._login)
            folder = Folder(client, self._login.folder)
            count = self._take_from(folder, stopped)
            then(client, folder)
            with suppress(Trouble, OSError):
                client.logout()
        finally:
            client.shutdown()
        return count

    def _take_from(self, folder: Folder, stopped: threading.Event) -> int:
        numbering = folder.open()
        if numbering != self._numbering or len(self._taken) > MOST_REMEMBERED:
            self._taken.clear()
            self._numbering = numbering
        count = 0
        for uid in folder.unseen():
            if stopped.is_set():
                break
            count += self._take_one(folder, uid)
        return count

    def _take_one(self, folder: Folder, uid: str) -> bool:
        """Store one message and mark it; False when it is gone, or was stored already."""
        if uid in self._taken:
            folder.mark(uid, r"\Seen")
            return False
        size = folder.size(uid)
        if size is None:
            return False
        most = MAX_MESSAGE_BYTES + 1 if size <= MAX_MESSAGE_BYTES else MAX_HEADER_BYTES
        raw, aside = folder.fetch(uid, most), None
        if max(size, len(raw)) > MAX_MESSAGE_BYTES:
            aside = f"{max(size, len(raw))} bytes are too many: it is whole in the mailbox, flagged"
            raw = raw[:MAX_HEADER_BYTES]
        elif not raw:
            aside = "the server gave a message without a single octet"
        # The same empty text may come of two messages; their numbers tell these apart.
        origin = f"imap {sha256(raw).hexdigest()}" if raw else f"imap {self._numbering} {uid}"
        self._store.store(raw, None, None, now=self._now(), origin=origin, aside=aside)
        self._taken.add(uid)
        folder.mark(uid, r"\Seen" if aside is None else r"\Seen \Flagged")
        return True
