"""A maildir that an MTA on this machine delivers into, emptied of what is new."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from newsletter.errors import ConfigError, NewsletterError
from newsletter.mailboxes.rounds import Rounds
from newsletter.mailboxes.sizes import MAX_HEADER_BYTES, MAX_MESSAGE_BYTES
from newsletter.ports import InboundStore

INTERVAL_S: Final = 5.0
AFTER_TROUBLE_S: Final = 30.0
MOST_AT_ONCE: Final = 500

log = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class MaildirMailbox:
    """Implements `ports.Intake`: takes what lies in `new`, then moves it to `cur`, marked as seen.

    A message is committed before it is moved; one that was committed and not moved is known by
    its name and its octets when it is met again. `tmp` is the MTA's own and never looked at.
    Links and folders in `new` are passed over.
    """

    def __init__(
        self,
        folder: Path,
        store: InboundStore,
        *,
        now: Callable[[], datetime] = _utc_now,
        interval_s: float = INTERVAL_S,
    ) -> None:
        self._new = folder / "new"
        self._cur = folder / "cur"
        self._folder = folder
        self._store = store
        self._now = now
        self._interval_s = interval_s
        self._rounds = Rounds(self._look, "maildir")

    def start(self) -> str:
        """Begin to look every five seconds. Raises ConfigError when there is no maildir."""
        missing = [path.name for path in (self._new, self._cur) if not path.is_dir()]
        if missing:
            raise ConfigError(
                f"inbound.maildir: {self._folder} is no maildir: there is no folder "
                f"{' and no folder '.join(missing)} in it"
            )
        self._rounds.start()
        return f"maildir {self._folder}"

    def stop(self) -> None:
        """End after the message at hand."""
        self._rounds.stop()

    def take(self, stopped: threading.Event | None = None) -> int:
        """Take what is new now, at most 500 messages, and return how many were taken.

        One that cannot be read or moved is passed over and logged. Raises StorageError when
        nothing can be kept; then what is left stays new.
        """
        taken = 0
        for path in self._arrived():
            if stopped is not None and stopped.is_set():
                break
            try:
                taken += self._take_one(path)
            except FileNotFoundError:
                continue  # somebody else took it
            except OSError as error:
                log.warning("maildir: %s not taken: %s", path.name, error.strerror or error)
        return taken

    def _look(self, stopped: threading.Event) -> float:
        try:
            self.take(stopped)
        except (NewsletterError, OSError) as error:
            log.warning("maildir: nothing taken: %s", error)
            return AFTER_TROUBLE_S
        return self._interval_s

    def _arrived(self) -> list[Path]:
        """Return the oldest first: a name begins with the second in which it was delivered."""
        found = sorted(path for path in self._new.iterdir() if not path.name.startswith("."))
        return found[:MOST_AT_ONCE]

    def _take_one(self, path: Path) -> bool:
        if path.is_symlink() or not path.is_file():
            return False
        with path.open("rb") as file:
            raw = file.read(MAX_MESSAGE_BYTES + 1)
        aside = None
        if len(raw) > MAX_MESSAGE_BYTES:
            aside = f"{path.stat().st_size} bytes are too many: it is whole in the maildir, as {path.name}"
            raw = raw[:MAX_HEADER_BYTES]
        unique = path.name.partition(":")[0]
        origin = f"maildir {unique} {sha256(raw).hexdigest()}"
        self._store.store(raw, None, None, now=self._now(), origin=origin, aside=aside)
        path.rename(self._cur / f"{unique}:2,{'S' if aside is None else 'F'}")
        return True
