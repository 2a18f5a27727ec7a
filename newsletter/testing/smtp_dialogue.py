"""The server's side of one SMTP conversation, with the faults that its addresses ask for."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

from newsletter.model import EmailAddress, Envelope, SmtpPhase
from newsletter.testing.faults import Fault, FaultKind, fault_of


@dataclass(frozen=True, slots=True)
class Manners:
    """How a server behaves to everybody.

    `extensions` is what it offers after EHLO. With `tls` it encrypts from the first octet, or on
    STARTTLS when that is among the extensions. `holds_replies` answers MAIL and RCPT only once
    DATA was heard, as RFC 2920 allows: a client that does not pipeline never gets on.
    `messages_per_connection` ends a connection silently when it carried so many; `password` is
    the last line of an AUTH, in base64, that it accepts.
    """

    extensions: tuple[str, ...] = ("PIPELINING", "SIZE 1000000", "8BITMIME", "SMTPUTF8")
    greeting: str = "220 test.example ready"
    tls: ssl.SSLContext | None = None
    password: str = ""
    messages_per_connection: int | None = None
    holds_replies: bool = False
    knows_ehlo: bool = True
    always_354: bool = False
    """Says 354 to DATA although every recipient was refused (RFC 2920 section 3.1 allows it)."""


@dataclass(slots=True)
class Record:
    """What a server saw. `unfinished` counts messages whose final dot never came."""

    envelopes: list[Envelope] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    most_open: int = 0
    unfinished: int = 0


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
        self._sender = ""
        self._recipients: list[str] = []
        self._held: list[str] = []
        self._taken = 0
        self._is_silent = False

    async def hold(self) -> None:
        """Answer commands until one side has had enough."""
        record = self._record
        record.connections += 1
        record.open += 1
        record.most_open = max(record.most_open, record.open)
        try:
            self._say(self._manners.greeting)
            while line := await self._reader.readline():
                record.commands.append(line.decode().rstrip("\r\n"))
                await self._answer(record.commands[-1])
                await self._writer.drain()
                if self._is_silent:
                    await self._reader.read()  # until the client has had enough
                if self._writer.is_closing():
                    break
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client hung up: many tests want to see that
        finally:
            record.open -= 1
            self._writer.transport.abort()

    async def _answer(self, command: str) -> None:
        verb = command.split(" ", 1)[0].partition(":")[0].upper()
        answers = {"EHLO": self._ehlo, "MAIL": self._mail, "RCPT": self._rcpt}
        if verb in answers:
            answers[verb](command)
        elif verb == "DATA":
            await self._data()
        elif verb == "STARTTLS":
            await self._starttls()
        elif verb == "AUTH":
            await self._auth(command)
        elif verb == "QUIT":
            self._say("221 2.0.0 goodbye")
            self._writer.close()
        else:
            self._reset()
            self._say("250 2.0.0 done" if verb in {"RSET", "HELO"} else "500 5.5.1 what?")

    def _ehlo(self, _: str) -> None:
        if not self._manners.knows_ehlo:
            self._say("502 5.5.1 what is EHLO?")
            return
        lines = ("test.example", *self._manners.extensions)
        marks = ["-"] * (len(lines) - 1) + [" "]
        self._say("\r\n".join(f"250{mark}{line}" for mark, line in zip(marks, lines, strict=True)))

    def _mail(self, command: str) -> None:
        self._reset()
        self._sender = _path(command)
        self._reply(self._fault(self._sender, SmtpPhase.MAIL), "250 2.1.0 sender ok")

    def _rcpt(self, command: str) -> None:
        recipient = _path(command)
        fault = self._fault(recipient, SmtpPhase.RCPT)
        if fault is None:
            self._recipients.append(recipient)
        self._reply(fault, "250 2.1.5 recipient ok")

    async def _data(self) -> None:
        if not self._recipients:
            await self._refuse_data()
            return
        fault = self._fault(self._recipients[0], SmtpPhase.DATA)
        self._release()
        self._reply(fault, "354 go on")
        if fault is None:
            await self._take_body()

    async def _refuse_data(self) -> None:
        self._release()
        if self._manners.always_354:
            self._say("354 go on for nobody")
            await self._read_body()
        self._say("503 5.5.1 no valid recipient")

    async def _take_body(self) -> None:
        early = self._fault(self._recipients[0], SmtpPhase.BODY)
        if early:
            self._reply(early, "")
        await self._writer.drain()
        if early:
            await asyncio.Event().wait()  # until the server is stopped
        try:
            raw = await self._read_body()
        except (OSError, asyncio.IncompleteReadError):
            self._record.unfinished += 1
            raise
        fault = self._fault(self._recipients[0], SmtpPhase.END_OF_DATA)
        if fault is None:
            self._keep(raw)
        self._reply(fault, "250 2.0.0 taken")
        if self._taken == self._manners.messages_per_connection:
            await self._writer.drain()
            self._writer.close()

    async def _read_body(self) -> bytes:
        lines: list[bytes] = []
        while (line := await self._reader.readuntil(b"\r\n")) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _keep(self, message: bytes) -> None:
        self._taken += 1
        sender = EmailAddress(self._sender)
        self._record.envelopes += [
            Envelope(sender, EmailAddress(recipient), message) for recipient in self._recipients
        ]

    async def _starttls(self) -> None:
        self._say("220 2.0.0 go ahead")
        await self._writer.drain()
        if self._manners.tls is not None:
            await self._writer.start_tls(self._manners.tls)

    async def _auth(self, command: str) -> None:
        heard = command.split(" ")[2:]
        if "LOGIN" in command:
            heard = [await self._challenge("VXNlcm5hbWU6"), await self._challenge("UGFzc3dvcmQ6")]
        is_right = bool(heard) and heard[-1] == self._manners.password
        self._say("235 2.7.0 welcome" if is_right else "535 5.7.8 wrong password")

    async def _challenge(self, question: str) -> str:
        self._say(f"334 {question}")
        return (await self._reader.readline()).decode().strip()

    def _fault(self, address: str, phase: SmtpPhase) -> Fault | None:
        fault = fault_of(address)
        return fault if fault and fault.phase is phase else None

    def _reply(self, fault: Fault | None, good: str) -> None:
        if fault is None:
            self._say_in_turn(good)
            return
        actions: dict[FaultKind, Callable[[], None]] = {
            FaultKind.CODE: lambda: self._say_in_turn(f"{fault.code} {fault.text}"),
            FaultKind.DROP: self._writer.close,
            FaultKind.SILENT: self._fall_silent,
            FaultKind.GARBAGE: lambda: self._say("HTTP/1.1 400 Bad Request"),
            FaultKind.ENDLESS: lambda: self._say("\r\n".join(["250-more"] * 1000)),
            FaultKind.EARLY: lambda: self._say(f"{fault.code} {fault.text}"),
            FaultKind.BUSY: lambda: self._say_goodbye(f"421 {fault.text}"),
        }
        actions[fault.kind]()

    def _say_in_turn(self, reply: str) -> None:
        """Say it, or hold it back until DATA is heard, when those are the server's manners."""
        if self._manners.holds_replies and len(self._held) < 2:  # noqa: PLR2004 - MAIL and RCPT
            self._held.append(reply)
        else:
            self._say(reply)

    def _release(self) -> None:
        for reply in self._held:
            self._say(reply)

    def _fall_silent(self) -> None:
        self._is_silent = True

    def _say_goodbye(self, reply: str) -> None:
        self._say(reply)
        self._writer.close()

    def _say(self, reply: str) -> None:
        self._writer.write(reply.encode() + b"\r\n")

    def _reset(self) -> None:
        self._sender = ""
        self._recipients = []
        self._held = []


def _path(command: str) -> str:
    return command.partition("<")[2].rpartition(">")[0]
