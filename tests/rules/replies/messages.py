"""Whole messages as mail programs write them, and the small steps by which they change a text."""
# ruff: noqa: RUF001 - the look-alike characters are the point

import base64
import html
import quopri
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from newsletter.model import InboundId, InboundMail, InboundMessage
from newsletter.rules.inbound import read_mail

BEGIN: Final = "# BEGIN PREFERENCES"
END: Final = "# END PREFERENCES"
BOUNDARY: Final = "=_part_of_a_test"

Lines = Sequence[str]


def letter(block: str) -> list[str]:
    """Return the mail that was answered."""
    return [
        "Hello Ada,",
        "",
        "these are your preferences now. To change them, answer this mail, edit the",
        "lines between the two marker lines and keep both of these.",
        "",
        BEGIN,
        *block.rstrip("\n").split("\n"),
        END,
        "",
        "To stop all mail, answer with one word: stop",
        "-- ",
        "Paper Letter, 1 Sample Street, 12345 Sampletown",
    ]


def marked(block: str) -> list[str]:
    """Return the block alone, between its marker lines."""
    return [BEGIN, *block.rstrip("\n").split("\n"), END]


def quote(lines: Iterable[str], mark: str = "> ") -> list[str]:
    return [f"{mark}{line}" if line else mark.rstrip() for line in lines]


def wrap(lines: Iterable[str], width: int, soft: str = "") -> list[str]:
    """Break lines at spaces, as programs do: what follows a break begins at the left."""
    broken: list[str] = []
    for whole in lines:
        line = whole
        while len(line) > width:
            at = line.rfind(" ", len(line) - len(line.lstrip()) + 1, width + 1)
            if at < 0:
                break
            broken.append(line[:at] + soft)
            line = line[at + 1 :]
        broken.append(line)
    return broken


def curl(line: str) -> str:
    """Bend quotation marks the way telephones and word processors do."""
    bent: list[str] = []
    for index, char in enumerate(line):
        opens = index == 0 or line[index - 1] in " ([\"':"
        pair = {'"': "“”", "'": "‘’"}.get(char)
        bent.append(char if pair is None else pair[0 if opens else 1])
    return "".join(bent)


def capitalize(line: str) -> str:
    """Begin the key of a line with a capital."""
    lead = len(line) - len(line.lstrip(" -"))
    is_key = ":" in line.partition(" ")[0] or line.lstrip(" -").partition(" ")[0].endswith(":")
    return line[:lead] + line[lead : lead + 1].upper() + line[lead + 1 :] if is_key else line


def spaces(line: str, space: str = "&nbsp;") -> str:
    """Return a line as HTML with its indentation in spaces that do not break."""
    lead = len(line) - len(line.lstrip(" "))
    return space * lead + html.escape(line[lead:], quote=False)


def divs(lines: Iterable[str], attributes: str = "", space: str = "&nbsp;") -> str:
    return "".join(
        f"<div{attributes}>{spaces(line, space) if line else '<br>'}</div>" for line in lines
    )


def breaks(lines: Iterable[str], end: str = "<br>\r\n") -> str:
    return end.join(spaces(line) for line in lines)


def bullets(lines: Lines) -> str:
    """Return HTML with lists where the lines had dashes; keys of an item are on lines of it."""
    out: list[str] = []
    is_list = False
    for line in lines:
        text = html.escape(line.strip(), quote=False)
        if line.startswith("  - "):
            out.append(("</li>" if is_list else "<ul>") + f"<li>{text[2:]}")
            is_list = True
        elif is_list and line.startswith("    "):
            out.append(f"<br>{text}")
        else:
            out.append(("</li></ul>" if is_list else "") + f"<div>{spaces(line)}</div>")
            is_list = False
    return "".join(out) + ("</li></ul>" if is_list else "")


def encoded(text: str, encoding: str, charset: str) -> str:
    raw = text.encode(charset)
    if encoding == "base64":
        return base64.encodebytes(raw).decode("ascii").replace("\n", "\r\n")
    if encoding == "quoted-printable":
        shown = quopri.encodestring(raw.replace(b"\r\n", b"\n")).decode("ascii")
        return shown.replace("\n", "\r\n")
    return raw.decode("latin-1")


def part(
    kind: str, lines: Iterable[str] | str, encoding: str, charset: str = "utf-8", more: str = ""
) -> str:
    text = lines if isinstance(lines, str) else "\r\n".join(lines)
    head = f"Content-Type: text/{kind}; charset={charset}{more}\r\n"
    return f"{head}Content-Transfer-Encoding: {encoding}\r\n\r\n{encoded(text, encoding, charset)}"


def message(*parts: str, program: str = "") -> bytes:
    """Return a whole message of one part, or of alternatives."""
    head = [
        "Return-Path: <ada@example.org>",
        "Received: from mail.example.org (mail.example.org [192.0.2.7]) by mx.example.net with ESMTPS;",
        " Mon, 23 Nov 2026 09:12:00 +0000",
        "From: Ada <ada@example.org>",
        "To: Paper Letter <preferences+token@example.net>",
        "Subject: Re: Your preferences",
        "Date: Mon, 23 Nov 2026 10:11:58 +0100",
        "Message-ID: <reply.1@example.org>",
        "In-Reply-To: <letter.1@example.net>",
        *([program] if program else []),
        "MIME-Version: 1.0",
    ]
    if len(parts) == 1:
        body = parts[0]
    else:
        joined = "".join(f"--{BOUNDARY}\r\n{one}\r\n" for one in parts)
        head.append(f'Content-Type: multipart/alternative; boundary="{BOUNDARY}"')
        body = f"\r\n{joined}--{BOUNDARY}--\r\n"
    return ("\r\n".join(head) + "\r\n" + body).encode("latin-1")


def read(raw: bytes) -> InboundMail:
    """Read a message the way the program does."""
    when = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
    return read_mail(InboundMessage(InboundId(1), raw, "ada@example.org", None, when))
