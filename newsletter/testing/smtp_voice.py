"""How a test server says what it says: well, badly, or not at all."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from newsletter.testing.faults import MANNERS_OF_SPEECH, Fault, FaultKind

SLOW_ACK_S: Final = 0.05
_DRIP_S: Final = 0.0005
_MAIL_AND_RCPT: Final = 2
_CLOSING: Final = 421


class Voice:
    """The server's side of a connection. `is_held` keeps answers back until DATA was heard."""

    def __init__(self, writer: asyncio.StreamWriter, *, is_held: bool = False) -> None:
        self._writer = writer
        self._is_held = is_held
        self._held: list[str] = []
        self.is_silent = False

    def say(self, reply: str) -> None:
        """Say it at once."""
        self._writer.write(reply.encode() + b"\r\n")

    def hang_up(self) -> None:
        """End the connection, after what was said."""
        self._writer.close()

    def forget(self) -> None:
        """Drop what was kept back: another message begins."""
        self._held = []

    def release(self) -> None:
        """Say what was kept back."""
        for reply in self._held:
            self.say(reply)

    async def answer(self, good: str, fault: Fault | None = None) -> None:
        """Say `good`, or do what the fault wants in its place."""
        if fault is None:
            self._say_in_turn(good)
        elif fault.kind in MANNERS_OF_SPEECH:
            await self._speak(good, fault.kind)
        else:
            await self._misbehave(good, fault)

    async def _speak(self, good: str, kind: FaultKind) -> None:
        """Say `good` as only few servers would."""
        code, _, words = good.partition(" ")
        spoken = {
            FaultKind.TARPIT: good.encode() + b"\r\n",
            FaultKind.MULTILINE: f"{code}-one\r\n{code}-two\r\n{code}-\r\n{good}\r\n".encode(),
            FaultKind.NONASCII: f"{code}-{words} für Ådå\r\n{code} ".encode() + b"\xe9\x1b[1m\r\n",
            FaultKind.BARE: f"{code}\r\n".encode(),
            FaultKind.LINEFEED: f"{good}\n".encode(),
        }[kind]
        if kind is not FaultKind.TARPIT:
            self._writer.write(spoken)
            return
        for octet in spoken:
            self._writer.write(bytes([octet]))
            await asyncio.sleep(_DRIP_S)

    async def _misbehave(self, good: str, fault: Fault) -> None:
        code = good[:3]
        actions: dict[FaultKind, Callable[[], Awaitable[None] | None]] = {
            FaultKind.CODE: lambda: self._say_code(fault),
            FaultKind.EARLY: lambda: self.say(f"{fault.code} {fault.text}"),
            FaultKind.DROP: self.hang_up,
            FaultKind.LOST_ACK: self.hang_up,
            FaultKind.SILENT: self._fall_silent,
            FaultKind.GARBAGE: lambda: self.say("HTTP/1.1 400 Bad Request"),
            FaultKind.ENDLESS: lambda: self.say("\r\n".join([f"{code}-more"] * 1000)),
            FaultKind.OVERLONG: lambda: self.say(f"{code} {'a' * 8192}"),
            FaultKind.SHIFTING: lambda: self.say(f"{code}-yes\r\n550 no"),
            FaultKind.CUT: self._stop_in_the_middle,
            FaultKind.ODD: lambda: self.say("250 what?" if code == "354" else "354 what?"),
            FaultKind.EXTRA: lambda: self.say(f"{good}\r\n{good}"),
            FaultKind.SLOW_ACK: lambda: self._say_late(good),
            FaultKind.CLOSE_AFTER_ACK: lambda: self._say_last(good),
            FaultKind.BUSY_AFTER_ACK: lambda: self._say_last(f"{good}\r\n421 4.3.2 closing"),
        }
        waiting = actions[fault.kind]()
        if waiting is not None:
            await waiting

    def _say_code(self, fault: Fault) -> None:
        reply = f"{fault.code} {fault.text}"
        if fault.code == _CLOSING:
            self._say_last(reply)
        else:
            self._say_in_turn(reply)

    def _say_in_turn(self, reply: str) -> None:
        """Say it, or keep it back until DATA is heard, when those are the server's manners."""
        if self._is_held and len(self._held) < _MAIL_AND_RCPT:
            self._held.append(reply)
        else:
            self.say(reply)

    def _say_last(self, reply: str) -> None:
        self.say(reply)
        self.hang_up()

    async def _say_late(self, reply: str) -> None:
        await asyncio.sleep(SLOW_ACK_S)
        self.say(reply)

    def _stop_in_the_middle(self) -> None:
        self._writer.write(b"25")
        self.hang_up()

    def _fall_silent(self) -> None:
        self.is_silent = True
