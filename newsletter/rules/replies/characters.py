"""Characters that mail programs put in the place of others, and the way back.

A sign is taken back only where the block that was sent has the plain one: nobody can see in a line
of its own whether a dash was typed or made.
"""
# ruff: noqa: RUF001 - the look-alike characters are the point

import re
from collections.abc import Iterator
from typing import Final
from unicodedata import normalize

DOUBLE_QUOTES: Final = "“”„‟«»″＂"
SINGLE_QUOTES: Final = "‘’‚‛′＇ʼ"
DASHES: Final = "‐‑‒–—―−﹘﹣－"

_FORMS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(DOUBLE_QUOTES, ('"',)),
    **dict.fromkeys(SINGLE_QUOTES, ("'",)),
    **dict.fromkeys(DASHES, ("--", "-")),
    "…": ("...",),
    "：": (":",),
    "，": (",",),
    "（": ("(",),
    "）": (")",),
    "［": ("[",),
    "］": ("]",),
    "＃": ("#",),
}
"""What may have been typed, the longest first."""

_PLAIN: Final = str.maketrans({sign: forms[-1] for sign, forms in _FORMS.items()})
_MANY_DASHES: Final = re.compile("-{2,}")

# WHATWG encoding standard, windows-1252: bytes that ISO 8859-1 has as control characters.
_CONTROLS_MEANT: Final = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_INVISIBLE: Final = dict.fromkeys(
    [0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
_WIDE_SPACES: Final = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F], " ")
_CLEAN: Final = {**_CONTROLS_MEANT, **_INVISIBLE, **_WIDE_SPACES}
# Joiners shape letters of other scripts and emoji; beside plain ones they are left-overs.
_IDLE_JOINER: Final = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])")
_LEAD: Final = re.compile("[ \t\u3000]*")
_TAB_STOP: Final = 8
_WORD: Final = re.compile(r"\S+")


def clean(text: str) -> str:
    """Return a line with plain spaces, without tabs and without what cannot be seen."""
    if not text.isascii():
        text = _IDLE_JOINER.sub("", normalize("NFC", text.translate(_CLEAN)))
    if "\t" in text or "\u3000" in text:
        end = _LEAD.match(text).end()  # type: ignore[union-attr]
        lead = text[:end].replace("\u3000", "  ").expandtabs(_TAB_STOP)
        text = lead + text[end:].replace("\t", " ")
    return text.rstrip()


def squeeze(text: str) -> str:
    """Return a text with one space wherever there are any."""
    return " ".join(normalize("NFC", text).split())


def fold(text: str) -> str:
    """Return what all forms of a line have in common, to look it up; `consume` then tells."""
    return _MANY_DASHES.sub("-", squeeze(text).translate(_PLAIN))


def consume(seen: str, sent: str, start: int = 0) -> int | None:
    """Read `seen` as what a mail program made of `sent[start:]`; return where that ended.

    None where it is something else. A plain sign never stands for a bent one.
    """
    for char in seen:
        if sent.startswith(char, start):
            start += 1
            continue
        form = next((one for one in _FORMS.get(char, ()) if sent.startswith(one, start)), None)
        if form is None:
            return None
        start += len(form)
    return start


def stems_from(seen: str, sent: str) -> bool:
    """Whether a mail program may have made all of `seen` of all of `sent`."""
    return consume(squeeze(seen), sent := squeeze(sent)) == len(sent)


def restore_words(seen: str, sent: tuple[str, ...]) -> str:
    """Put back the words of `sent` that a mail program bent in `seen`."""
    if seen.isascii():
        return seen
    words = {fold(word): word for text in sent for word in squeeze(text).split()}

    def restored(found: re.Match[str]) -> str:
        word = words.get(fold(found[0]))
        return word if word is not None and stems_from(found[0], word) else found[0]

    return _WORD.sub(restored, seen)


def misread(text: str) -> str | None:
    """Return what UTF-8 that was read as windows-1252 said; None where it cannot be that."""
    if text.isascii():
        return None
    try:
        meant = text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None
    return meant if meant != text else None


def has_lost_letters(seen: str, sent: Iterator[str]) -> bool:
    """Whether a "?" may stand for a letter of `sent` that the mail's charset does not have."""
    marks = seen.count("?")
    return marks > 0 and any(not one.isascii() and one.count("?") < marks for one in sent)
