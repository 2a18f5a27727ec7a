"""The embedded SMTP server of the demo: takes every letter and keeps it in a folder."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from newsletter.errors import ConfigError
from newsletter.mailboxes.listening import Listener
from newsletter.mailboxes.trial.letters import keep

MAX_MESSAGE_BYTES: Final = 10_000_000

log = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TrialServer:
    """Listens in a thread of its own from `start` to `stop`; nothing ever leaves it.

    `now` gives the time of arrival, aware.
    """

    def __init__(
        self,
        folder: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._folder = folder
        self._now = now
        self._listener = Listener(self._begin, host=host, port=port, name="trial server")

    def start(self) -> int:
        """Listen and return the port, which for port 0 the system has chosen.

        Creates the folder. Raises ConfigError when the folder or the port cannot be had.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"the trial server cannot keep letters in {self._folder}: {error.strerror or error}"
            ) from error
        return self._listener.start()

    def stop(self) -> None:
        """Stop to listen and end every connection. Harmless when it does not run."""
        self._listener.stop()

    def _begin(self, listener: Listener) -> SMTP:
        conversation = _conversation(_Keeper(self._folder, self._now))
        listener.end_with(conversation)
        return conversation


class _Keeper:
    """What aiosmtpd asks when a message was heard."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._now = now

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the message, then take it."""
        octets = envelope.content
        if not isinstance(octets, bytes):
            return "554 5.6.0 no message"
        # aiosmtpd writes the empty sender of answers with its brackets.
        sender = (envelope.mail_from or "").removeprefix("<>")
        try:
            letter = keep(self._folder, sender, envelope.rcpt_tos, octets, now=self._now())
        except OSError as error:
            log.warning("trial server: letter not kept: %s", error.strerror or error)
            return "451 4.3.0 cannot keep the letter now"
        return f"250 2.0.0 kept as {letter.name}"


def _conversation(keeper: _Keeper) -> SMTP:
    return SMTP(
        keeper,
        data_size_limit=MAX_MESSAGE_BYTES,
        enable_SMTPUTF8=True,
        # Without a name it asks the DNS for one, which can take seconds.
        hostname="localhost",
        ident="newsletter trial server",
        loop=asyncio.get_running_loop(),
    )
