"""The lines that the writer of a message wrote: no quotation, no signature, nothing forwarded.

What a quotation begins with was noted from the usual mail programs; where it is in doubt, a line
is taken as quoted: a word of an older letter must never be taken for a wish.
"""
# ruff: noqa: RUF001 - words and marks of many languages

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from newsletter.model import InboundMail
from newsletter.rules.plain_lines.html import html_lines
from newsletter.rules.plain_lines.line import MAX_LINE, MAX_LINES, PlainLine, tidy

MAX_PLAIN: Final = 300_000
"""Characters of the plain part that are read."""

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_MARKS: Final = re.compile(r"(?:[ ]?[>|])*")

_WROTE: Final = (
    "wrote", "writes", "schrieb", "a écrit", "escribió", "ha scritto", "escreveu", "schreef",
    "skrev", "kirjoitti", "napisał", "napisała", "napisał(a)", "napsal", "írta", "yazdı",
    "написал", "написала", "пишет", "писал", "写道", "寫道", "のメール", "작성",
)  # fmt: skip
"""Verbs that end the line above a quotation, before the colon or some words before it."""
_OPENERS: Final = (
    "on ", "am ", "le ", "el ", "il ", "em ", "op ", "den ", "dnia ", "w dniu ", "dne ", "à ",
)  # fmt: skip
_SENT_FROM: Final = (
    "sent from", "get outlook for", "sent via", "sent with proton", "von meinem", "gesendet von",
    "gesendet mit", "diese nachricht wurde von meinem", "envoyé de", "envoyé depuis", "envoyé à partir",
    "enviado desde", "enviado do", "enviado de", "enviado a partir", "inviato da", "verzonden vanaf",
    "verstuurd vanaf", "skickat från", "sendt fra", "lähetetty", "wysłane z", "отправлено с",
    "発信元", "iphoneから送信", "发自我的", "從我的",
)  # fmt: skip
_FORWARDED: Final = (
    "original message", "forwarded message", "begin forwarded message", "ursprüngliche nachricht",
    "originalnachricht", "weitergeleitete nachricht", "message d'origine", "message transféré",
    "mensaje original", "mensaje reenviado", "messaggio originale", "messaggio inoltrato",
    "mensagem original", "mensagem encaminhada", "oorspronkelijk bericht", "ursprungligt meddelande",
    "oprindelig meddelelse", "wiadomość oryginalna", "исходное сообщение", "пересылаемое сообщение",
)  # fmt: skip
_HEADS: Final = (
    "from:",
    "von:",
    "de :",
    "de:",
    "da:",
    "van:",
    "från:",
    "fra:",
    "od:",
    "от:",
    "发件人",
)
_LONGEST_ATTRIBUTION: Final = 300
_ATTRIBUTION_LINES: Final = 3
_SHORTEST_RULE: Final = 10


def own_lines(mail: InboundMail) -> tuple[PlainLine, ...]:
    """Return what the writer wrote: lines of the plain part, or of the HTML part where that is blank.

    Spaces and quotation marks are those of `tidy`; empty lines are there. Text below a quotation
    whose lines are marked is read again from the first empty line on: people answer below it,
    while a line right under it may be a wrapped end of its last one. Below a quotation that is not
    marked nothing is read. Time grows with the length only.
    """
    if mail.plain is not None and mail.plain.strip():
        lines = _plain_lines(mail)
    else:
        lines = html_lines(mail.html or "")
    tidied = [PlainLine(one.number, tidy(one.text), one.depth) for one in lines]
    return tuple(written(tidied))


def _plain_lines(mail: InboundMail) -> tuple[PlainLine, ...]:
    text = (mail.plain or "")[:MAX_PLAIN]
    written = islice(_LINE_END.split(text), MAX_LINES)
    lines = [_unmarked(number, line[:MAX_LINE]) for number, line in enumerate(written, 1)]
    return tuple(_reflowed(lines, is_delsp=mail.is_delsp) if mail.is_flowed else lines)


def _unmarked(number: int, text: str) -> PlainLine:
    marks = _MARKS.match(text)
    end = marks.end() if marks else 0
    depth = text.count(">", 0, end) + text.count("|", 0, end)
    return PlainLine(number, text[end:] if depth else text, depth)


def _reflowed(lines: Sequence[PlainLine], *, is_delsp: bool) -> Iterator[PlainLine]:
    """Join the lines of one paragraph (RFC 3676 section 4.2). Joined ones have the first's number."""
    held: PlainLine | None = None
    for line in lines:
        # Section 4.4: a space in front was put there by the sender's program.
        text = line.text.removeprefix(" ")
        is_signature = text == "-- "
        if held and (held.depth != line.depth or is_signature or len(held.text) > MAX_LINE):
            yield held
            held = None
        start = held.text.removesuffix(" " if is_delsp else "") if held else ""
        joined = PlainLine(held.number if held else line.number, start + text, line.depth)
        if text.endswith(" ") and not is_signature:
            held = joined
        else:
            yield joined
            held = None
    if held:
        yield held


def written(lines: Sequence[PlainLine]) -> Iterator[PlainLine]:
    """Yield of all lines of a message, made tidy, those that its writer wrote."""
    is_tail = False
    skip_to = 0
    for index, line in enumerate(lines):
        if index < skip_to:
            continue
        if line.depth:
            is_tail = True
        elif is_tail and line.text:
            continue
        elif _ends_all(line.text, lines[index + 1 : index + 3]):
            return
        elif length := _attribution_length(lines[index : index + _ATTRIBUTION_LINES]):
            skip_to = index + length
            if not _is_quoted_next(lines, skip_to):
                return
        else:
            is_tail = False
            yield line


def _is_quoted_next(lines: Sequence[PlainLine], index: int) -> bool:
    following = next((line for line in lines[index : index + 3] if line.text or line.depth), None)
    return following is not None and following.depth > 0


def _ends_all(text: str, following: Sequence[PlainLine]) -> bool:
    """Whether a signature begins here, or something that is forwarded or quoted without marks."""
    folded = text.casefold()
    if folded in {"--", "—", "–"} or folded.startswith(_SENT_FROM):
        return True
    if len(folded) >= _SHORTEST_RULE and not folded.strip("_-=*— "):
        return True
    if folded.strip("-_:* ").startswith(_FORWARDED):
        return True
    # Outlook has no line above the quotation but its header.
    heads = sum(":" in line.text or "：" in line.text for line in following)
    return folded.lstrip("*").startswith(_HEADS) and heads == len(following) > 0


def _attribution_length(lines: Sequence[PlainLine]) -> int:
    """Return how many of `lines` say whose words follow; 0: these do not."""
    if _is_attribution(lines[0].text):
        return 1
    first = lines[0].text.casefold()
    if not first.startswith(_OPENERS) or not any(c.isdigit() or c == "@" for c in first):
        return 0
    for count in range(2, len(lines) + 1):
        if _is_attribution(" ".join(line.text for line in lines[:count])):
            return count
    return 0


def _is_attribution(text: str) -> bool:
    if len(text) > _LONGEST_ATTRIBUTION or not text.endswith((":", "：")):
        return False
    folded = f" {text.casefold()}"
    return any(verb in folded for verb in _WROTE)
