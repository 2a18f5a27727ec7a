"""Our side of one SMTP or LMTP conversation."""

import asyncio
import logging
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from newsletter.mailboxes.server.body import TooLongError, read_body
from newsletter.mailboxes.server.reception import Reception

BUSY: Final = "421 4.7.0 too much at once, please come later"
COMMAND_LIMITS: Final = {
    "*": 25,
    "NOOP": 100,
    "RSET": 2000,
    "MAIL": 2000,
    "RCPT": 20_000,
    "DATA": 2000,
}
"""Commands of one connection; beyond it ends with 421, and the peer may open another."""
MOST_STRANGERS: Final = 25
"""Unknown recipients of one connection: more is somebody who tries names."""
LINE_LIMIT: Final = 65_536
QUIET_LIMIT_S: Final = 120

log = logging.getLogger(__name__)


class Dialogue(SMTP):
    """A conversation in SMTP. What was committed is acknowledged, and nothing else."""

    line_length_limit = LINE_LIMIT

    def __init__(self, reception: Reception, size_bytes: int) -> None:
        super().__init__(
            _Hooks(reception),
            data_size_limit=size_bytes,
            enable_SMTPUTF8=True,
            # Without a name it asks the DNS for one, which can take seconds.
            hostname=reception.hostname,
            ident="newsletter",
            timeout=QUIET_LIMIT_S,
            command_call_limit=dict(COMMAND_LIMITS),
            loop=asyncio.get_running_loop(),
        )
        self._reception = reception
        self._size_bytes = size_bytes

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        """Read one message and commit it before it is acknowledged.

        In place of aiosmtpd's own, which keeps all of a line without end, and has one reply
        where LMTP wants one for each recipient (RFC 2033 section 4.2).
        """
        envelope = self.envelope
        if arg or envelope is None or not envelope.rcpt_tos:
            await self.push("501 5.5.4 DATA stands alone" if arg else "503 5.5.1 nobody to send to")
            return
        await self.push("354 go on, end with a dot on a line of its own")
        try:
            raw = await read_body(self._reader, self._size_bytes)
        except TooLongError:
            await self.push("421 4.3.4 the message does not end")
            self._writer.close()
            return
        sender, recipients = str(envelope.mail_from), list(envelope.rcpt_tos)
        self.envelope = Envelope()
        for reply in await self._settle(raw, sender, recipients):
            await self.push(reply)

    async def _settle(self, raw: bytes | None, sender: str, recipients: list[str]) -> list[str]:
        """Return the one reply of SMTP: that of the first recipient who was not served, if any."""
        replies = await self._reception.keep(raw, sender, recipients)
        return [next((reply for reply in replies if not reply.startswith("250")), replies[0])]


class LocalDialogue(Dialogue):
    """A conversation in LMTP (RFC 2033)."""

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Greet."""
        await super().smtp_EHLO(arg)

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Refuse the greeting of another protocol (section 4.1)."""
        await self.push(f"500 5.5.1 this is LMTP, say LHLO{'' if hostname else ' and your name'}")

    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Refuse the greeting of another protocol (section 4.1)."""
        await self.smtp_EHLO(hostname)

    async def _settle(self, raw: bytes | None, sender: str, recipients: list[str]) -> list[str]:
        return await self._reception.keep(raw, sender, recipients)


class _Hooks:
    """What aiosmtpd asks on the way."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._strangers = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, offers: list[str]
    ) -> list[str]:
        """Offer pipelining too (RFC 2920): each line is read when the one before it was answered."""
        session.host_name = hostname
        return [*offers[:-1], "250-PIPELINING", offers[-1]]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Let a message begin."""
        if not self._reception.may_begin():
            return BUSY
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 go on"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take a recipient who lives here."""
        if self._strangers >= MOST_STRANGERS:
            return "421 4.7.0 too many unknown recipients"
        if len(envelope.rcpt_tos) >= self._reception.most_recipients:
            return "452 4.5.3 too many recipients, send the others in another message"
        if not self._reception.is_ours(address):
            self._strangers += 1
            return "550 5.1.1 there is no such address here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 go on"

    async def handle_exception(self, error: Exception) -> str:
        """Ask for another try: what we cannot do now must not be lost."""
        log.warning("mail server: a conversation failed: %s", type(error).__name__)
        return "451 4.3.0 trouble here, please try again"
