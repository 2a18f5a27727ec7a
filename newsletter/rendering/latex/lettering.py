"""Raised, lowered, doubled and accented characters."""
# ruff: noqa: RUF001, RUF002 - the look-alike characters are the point of these tables

import re
import unicodedata
from enum import StrEnum
from typing import Final


class Script(StrEnum):
    """A script's sign in TeX, which also marks what Unicode cannot raise or lower."""

    HIGH = "^"
    LOW = "_"


_HIGH: Final = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδθφχ′*†‡",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿᵠᵡ′*†‡",
)
_LOW: Final = str.maketrans(
    "0123456789+-−=()aehijklmnoprstuvxβγρφχ",
    "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
)
_TABLES: Final = {Script.HIGH: _HIGH, Script.LOW: _LOW}
_SPECIAL: Final = {"∘": "°", "°": "°", "⋆": "*", "∗": "*", "⊤": "ᵀ"}
_RAISED: Final = frozenset("°ᵀ")
_ORDINALS: Final = frozenset({"st", "nd", "rd", "th"})
_WORD: Final = re.compile(r"[A-Za-z0-9\u0370-\u03ff]+(?:[.-][A-Za-z0-9]+)*")
_LONG_WORD: Final = re.compile(r"[A-Za-z]{4,}")
_LOOSE: Final = re.compile(r"\s*([-+=,<>≤≥∈→|~×·∖])\s*")
_WRAPPED: Final = re.compile(r"\([^()]*\)")

_DOUBLED: Final = {"C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"}
_DOUBLED_STARTS: Final = (("A", "𝔸"), ("a", "𝕒"), ("0", "𝟘"))
_ALPHABET: Final = 26

HATS: Final = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0304",
    "vec": "\u20d7",
    "overrightarrow": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "check": "\u030c",
    "breve": "\u0306",
    "acute": "\u0301",
    "grave": "\u0300",
    "mathring": "\u030a",
}
"""Accent commands of formulas."""

_SLASH: Final = "\u0338"


def script(text: str, height: Script) -> str:
    """Raise or lower `text` where Unicode can, else mark it: `x^(a/b)`, `d_model`.

    Words of four letters and more stay on the line: small capitals of that length are no longer
    readable in the fonts of mail programs.
    """
    text = _LOOSE.sub(r"\1", text.strip()).replace("~", "∼")
    if height is Script.HIGH:
        text = _SPECIAL.get(text, text)
        if text in _ORDINALS or text in _RAISED:
            return text
    if not _LONG_WORD.fullmatch(text):
        moved = text.translate(_TABLES[height])
        if all(old != new or old in "′*†‡" for old, new in zip(text, moved, strict=True)):
            return moved
    if height is Script.LOW and text.startswith("±"):
        return text  # an uncertainty set small: 43.5±1.6
    is_name = height is Script.LOW and _WORD.fullmatch(text)
    if len(text) == 1 or is_name or _LONG_WORD.fullmatch(text) or _WRAPPED.fullmatch(text):
        return f"{height}{text}"
    return f"{height}({text})"


def doubled(text: str) -> str:
    """Write `text` in double-struck letters: ℝ. Other characters stay."""
    return "".join(_double(character) for character in text)


def _double(character: str) -> str:
    if character in _DOUBLED:
        return _DOUBLED[character]
    for first, doubled_first in _DOUBLED_STARTS:
        place = ord(character) - ord(first)
        if character.isascii() and character.isalnum() and 0 <= place < _ALPHABET:
            return chr(ord(doubled_first) + place)
    return character


def hatted(text: str, accent: str) -> str:
    """Put an accent on a single character; longer texts stay without."""
    if len(text) != 1 or not text.isalnum():
        return text
    return unicodedata.normalize("NFC", text + accent)


def struck(relation: str) -> str:
    """Negate a relation: = → ≠, ∈ → ∉."""
    return unicodedata.normalize("NFC", relation[:1] + _SLASH) + relation[1:]
