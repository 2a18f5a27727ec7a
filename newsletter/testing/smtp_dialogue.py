"""The server's side of one SMTP or LMTP conversation, with the faults that its addresses ask for."""

import asyncio
from typing import Final

from newsletter.model import SmtpPhase
from newsletter.testing.faults import MANNERS_OF_SPEECH, TAKEN, Fault, FaultKind, fault_of
from newsletter.testing.smtp_manners import Manners, Record
from newsletter.testing.smtp_voice import Voice

_DEAF_S: Final = 0.05
"""How long nobody reads after an early answer: long enough for a client that would only write."""


class Dialogue:
    """One connection, from greeting to end."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        manners: Manners,
        record: Record,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._manners = manners
        self._record = record
        self._voice = Voice(writer, is_held=manners.holds_replies)
        self._sender = ""
        self._has_sender = False
        self._recipients: list[str] = []
        self._taken = 0
        self._is_signed_in = False

    async def hold(self) -> None:
        """Answer commands until one side has had enough."""
        record = self._record
        record.connections += 1
        record.open += 1
        record.most_open = max(record.most_open, record.open)
        try:
            if await self._greet():
                await self._listen()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client hung up: many tests want to see that
        finally:
            record.open -= 1
            self._writer.transport.abort()

    async def _greet(self) -> bool:
        """Say hello; False when that was all."""
        manners = self._manners
        if manners.greeting_delay_s:
            await asyncio.sleep(manners.greeting_delay_s)
        if manners.most_connections and self._record.open > manners.most_connections:
            self._voice.say("421 4.7.0 too many connections")
            await self._writer.drain()
            return False
        if manners.greeting:
            self._voice.say(manners.greeting)
        return bool(manners.greeting)

    async def _listen(self) -> None:
        while line := await self._reader.readline():
            command = line.decode().rstrip("\r\n")
            self._record.commands.append(command)
            await self._answer(command)
            await self._writer.drain()
            if self._voice.is_silent:
                await self._reader.read()  # until the client has had enough
            if self._writer.is_closing():
                break

    async def _answer(self, command: str) -> None:
        verb = command.split(" ", 1)[0].partition(":")[0].upper()
        answers = {"MAIL": self._mail, "RCPT": self._rcpt, "AUTH": self._auth}
        if verb in answers:
            await answers[verb](command)
        elif verb == "DATA":
            await self._data()
        elif verb == "STARTTLS":
            await self._starttls()
        elif verb == ("LHLO" if self._manners.is_lmtp else "EHLO"):
            self._introduce()
        elif verb == "QUIT":
            self._voice.say("221 2.0.0 goodbye")
            self._voice.hang_up()
        else:
            self._reset()
            is_known = verb == "RSET" or (verb == "HELO" and not self._manners.is_lmtp)
            self._voice.say("250 2.0.0 done" if is_known else "500 5.5.1 what?")

    def _introduce(self) -> None:
        if not self._manners.knows_ehlo:
            self._voice.say("502 5.5.1 what is EHLO?")
            return
        lines = ("test.example", *self._manners.extensions)
        marks = ["-"] * (len(lines) - 1) + [" "]
        told = (f"250{mark}{line}" for mark, line in zip(marks, lines, strict=True))
        self._voice.say("\r\n".join(told))

    async def _mail(self, command: str) -> None:
        self._reset()
        if self._manners.needs_login and not self._is_signed_in:
            self._voice.say("530 5.7.0 sign in first")
            return
        self._sender = _path(command)
        self._record.offers[self._sender] += 1
        fault = _fault(self._sender, SmtpPhase.MAIL, self._record.offers[self._sender])
        self._has_sender = _is_taken(fault)
        await self._voice.answer("250 2.1.0 sender ok", fault)

    async def _rcpt(self, command: str) -> None:
        if not self._has_sender:
            await self._voice.answer("503 5.5.1 no sender")
            return
        recipient = _path(command)
        self._record.tries[recipient] += 1
        fault = self._fault(recipient, SmtpPhase.RCPT)
        if _is_taken(fault):
            self._recipients.append(recipient)
        await self._voice.answer("250 2.1.5 recipient ok", fault)

    async def _data(self) -> None:
        if not self._recipients:
            await self._refuse_data()
            return
        fault = self._fault(self._recipients[0], SmtpPhase.DATA)
        self._voice.release()
        await self._voice.answer("354 go on", fault)
        if _is_taken(fault):
            await self._take_body()

    async def _refuse_data(self) -> None:
        self._voice.release()
        if self._manners.always_354:
            self._voice.say("354 go on for nobody")
            await self._read_body()
        self._voice.say("503 5.5.1 no valid recipient")

    async def _take_body(self) -> None:
        early = self._fault(self._recipients[0], SmtpPhase.BODY)
        if early:
            await self._interrupt(early)
            return
        await self._writer.drain()
        try:
            message = await self._read_body()
        except (OSError, asyncio.IncompleteReadError):
            self._record.unfinished += 1
            raise
        await self._judge(message)
        if self._taken == self._manners.messages_per_connection:
            await self._writer.drain()
            self._voice.hang_up()

    async def _judge(self, message: bytes) -> None:
        """Take the message or not, and say so: in LMTP for each recipient, else for all by the first."""
        answered = self._recipients if self._manners.is_lmtp else self._recipients[:1]
        for recipient in answered:
            fault = self._fault(recipient, SmtpPhase.END_OF_DATA)
            if fault is None or fault.kind in TAKEN:
                kept = [recipient] if self._manners.is_lmtp else self._recipients
                self._record.keep(self._sender, kept, message)
                self._taken += 1
            await self._voice.answer("250 2.0.0 taken", fault)

    async def _interrupt(self, early: Fault) -> None:
        """Speak before the final dot, and let the client write into the void for a while."""
        await self._voice.answer("", early)
        if self._writer.is_closing():
            return
        await self._writer.drain()
        await asyncio.sleep(_DEAF_S)
        while await self._reader.read(1 << 16):
            pass  # until the client has had enough

    async def _read_body(self) -> bytes:
        lines: list[bytes] = []
        while (line := await self._reader.readuntil(b"\r\n")) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    async def _starttls(self) -> None:
        self._voice.say(self._manners.starttls_reply)
        await self._writer.drain()
        if self._manners.tls is not None and self._manners.starttls_reply.startswith("220"):
            await self._writer.start_tls(self._manners.tls)

    async def _auth(self, command: str) -> None:
        mechanism, *heard = command.split(" ")[1:]
        if mechanism == "LOGIN":
            heard = [await self._challenge("VXNlcm5hbWU6"), await self._challenge("UGFzc3dvcmQ6")]
        elif not heard:
            heard = [await self._challenge("")]
        self._is_signed_in = heard[-1] == self._manners.password
        if not self._is_signed_in and mechanism == "XOAUTH2":
            await self._challenge("eyJzdGF0dXMiOiI0MDAifQ==")
        is_welcome = self._is_signed_in
        self._voice.say("235 2.7.0 welcome" if is_welcome else "535 5.7.8 wrong password")

    async def _challenge(self, question: str) -> str:
        self._voice.say(f"334 {question}")
        return (await self._reader.readline()).decode().strip()

    def _fault(self, recipient: str, phase: SmtpPhase) -> Fault | None:
        return _fault(recipient, phase, self._record.tries[recipient])

    def _reset(self) -> None:
        self._sender = ""
        self._has_sender = False
        self._recipients = []
        self._voice.forget()


def _fault(address: str, phase: SmtpPhase, attempt: int) -> Fault | None:
    """Return what goes wrong for `address` now; a manner of speech does at every answer but MAIL's."""
    fault = fault_of(address)
    if fault is None or not fault.concerns(attempt):
        return None
    is_spoken = fault.kind in MANNERS_OF_SPEECH and phase not in {SmtpPhase.MAIL, SmtpPhase.BODY}
    return fault if fault.phase is phase or is_spoken else None


def _is_taken(fault: Fault | None) -> bool:
    """Whether the command is done all the same, however that is said."""
    return fault is None or fault.kind in MANNERS_OF_SPEECH or fault.kind is FaultKind.EXTRA


def _path(command: str) -> str:
    return command.partition("<")[2].rpartition(">")[0]
