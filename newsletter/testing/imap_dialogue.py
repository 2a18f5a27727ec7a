"""The server's side of one IMAP conversation: as much of RFC 3501 as a client of ours asks."""

import asyncio
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from newsletter.testing.imap_script import KeptMail, MailboxScript

_FETCH: Final = re.compile(r"BODY\.PEEK\[\]<0\.([0-9]+)>")


class _CutError(Exception):
    """The script wants the connection to end here."""


class ImapDialogue:
    """One connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, script: MailboxScript
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._script = script
        self._is_idle = False

    def tell(self) -> None:
        """Say that there is mail, if the client waits for that."""
        if self._is_idle:
            self._writer.write(b"* %d EXISTS\r\n" % len(self._script.mails))

    async def hold(self) -> None:
        """Talk until one of both ends."""
        self._say(f"* OK [CAPABILITY IMAP4rev1 {' '.join(self._script.offers)}] ready")
        with suppress(_CutError, ConnectionError, asyncio.IncompleteReadError):
            while line := await self._reader.readline():
                tag, _, command = line.decode("utf-8", "replace").strip().partition(" ")
                self._script.heard.append(command)
                await self._answer(tag, command)
                await self._writer.drain()
        self._writer.close()

    async def _answer(self, tag: str, command: str) -> None:
        words = command.upper().removeprefix("UID ").split(" ")
        verb = words[0]
        self._drop(f"before {verb}")
        if verb == "IDLE":
            await self._idle()
        for line in self._script.says:
            self._writer.write(line)
        self._script.says.clear()
        if verb == "AUTHENTICATE":
            self._say("+ ")
            command = f"AUTHENTICATE {(await self._reader.readline()).decode().strip()}"
        outcome = self._obey(verb, command)
        self._drop(f"after {verb}")
        self._say(f"{tag} {outcome}")
        if verb == "LOGOUT":
            raise _CutError

    def _obey(self, verb: str, command: str) -> str:
        match verb:
            case "CAPABILITY":
                self._say(f"* CAPABILITY IMAP4rev1 {' '.join(self._script.offers)}")
            case "AUTHENTICATE" | "LOGIN":
                return (
                    "OK welcome" if self._knows(verb, command) else "NO [AUTHENTICATIONFAILED] no"
                )
            case "SELECT":
                self._say(f"* {len(self._script.mails)} EXISTS")
                self._say(f"* OK [UIDVALIDITY {self._script.numbering}] numbers")
                return (
                    "OK [READ-ONLY] look" if self._script.is_read_only else "OK [READ-WRITE] open"
                )
            case "SEARCH":
                found = (str(mail.uid) for mail in self._script.mails if r"\Seen" not in mail.flags)
                self._say(f"* SEARCH {' '.join(found)}".strip())
            case "FETCH":
                self._fetch(command)
            case "STORE":
                flags = set(command.partition("(")[2].rstrip(")").split(" "))
                for _, mail in self._named(command):
                    mail.flags |= flags
            case "IDLE" | "NOOP" | "LOGOUT":
                pass
            case _:
                return f"BAD {verb}"
        return f"OK {verb} done"

    def _knows(self, verb: str, command: str) -> bool:
        script = self._script
        if verb == "LOGIN":
            return command == f'LOGIN "{script.username}" "{script.password}"'
        given = b64decode(command.partition(" ")[2]).decode()
        return given == f"\0{script.username}\0{script.password}"

    def _named(self, command: str) -> Iterator[tuple[int, KeptMail]]:
        uid = int(command.split(" ")[2])
        for number, mail in enumerate(self._script.mails, 1):
            if mail.uid == uid:
                yield number, mail

    def _fetch(self, command: str) -> None:
        for number, mail in self._named(command):
            if "RFC822.SIZE" in command:
                size = len(mail.raw) if mail.claimed_bytes is None else mail.claimed_bytes
                self._say(f"* {number} FETCH (UID {mail.uid} RFC822.SIZE {size})")
            elif found := _FETCH.search(command):
                part = mail.raw[: int(found[1])]
                head = f"* {number} FETCH (UID {mail.uid} BODY[]<0> {{{len(part)}}}\r\n"
                self._writer.write(head.encode() + part + b")\r\n")

    async def _idle(self) -> None:
        self._say("+ waiting")
        self._is_idle = True
        try:
            await self._reader.readline()
        finally:
            self._is_idle = False

    def _drop(self, moment: str) -> None:
        if moment in self._script.drops:
            self._script.drops.remove(moment)
            raise _CutError

    def _say(self, line: str) -> None:
        self._writer.write(line.encode() + b"\r\n")
