"""Characters that no document may hold, and blanks that only look like indentation.

Each is named and then taken out, so that the rest of the text can still be read.
"""

import re
from typing import Final

from newsletter.preferences.yaml_text.slips import Slip

# Control characters (YAML 1.2 section 5.1), half surrogates, a BOM inside the text, and the three
# line ends that only YAML 1.1 knows: with them our line numbers would not be those of an editor.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
_WIDE: Final = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000"
"""Blanks that a web page or a word processor leaves; YAML takes them for letters."""
_SUSPECT: Final = re.compile(f"[\t{_WIDE}]")
_ODD_LEAD: Final = re.compile(rf"^ *[\t{_WIDE}][ \t{_WIDE}]*(?=[^\s#])")
_ODD_GAP: Final = re.compile(rf"^( *(?:- +)*[\w-]{{1,60}}:|[ ]*-)([{_WIDE}]+)")
_NAMES: Final = {
    "\0": "a NUL character; the file is damaged or no text",
    "\ufeff": "an invisible byte order mark (U+FEFF)",
    "\u2028": "an invisible line separator (U+2028)",
    "\u2029": "an invisible paragraph separator (U+2029)",
    "\x85": "a line end of old mainframes (U+0085)",
}


def clean(text: str) -> tuple[str, tuple[Slip, ...]]:
    """Return the text with all of it that can be read, and what was wrong with it, line by line.

    Lines keep their number, and what follows an odd blank keeps its column.
    """
    if not _SUSPECT.search(text) and not _FORBIDDEN.search(text):
        return text, ()
    lines, slips = [], []
    for number, line in enumerate(text.split("\n")):
        mended = line
        for repair in (_without_forbidden, _with_plain_lead, _with_plain_gap):
            mended, slip = repair(number, mended)
            slips.extend([slip] if slip else [])
        lines.append(mended)
    return "\n".join(lines), tuple(slips)


_Repair = tuple[str, Slip | None]


def _without_forbidden(number: int, line: str) -> _Repair:
    found = _FORBIDDEN.search(line)
    if not found:
        return line, None
    name = _NAMES.get(found[0], f"the control character U+{ord(found[0]):04X}")
    slip = Slip(number, found.start(), f"holds {name}", "remove it, or type the line anew")
    return _FORBIDDEN.sub("", line), slip


def _with_plain_lead(number: int, line: str) -> _Repair:
    found = _ODD_LEAD.match(line)
    if not found:
        return line, None
    column = len(found[0]) - len(found[0].lstrip(" "))
    slip = Slip(number, column, *_odd(found[0], "is indented with"))
    return " " * found.end() + line[found.end() :], slip


def _with_plain_gap(number: int, line: str) -> _Repair:
    found = _ODD_GAP.match(line)
    if not found:
        return line, None
    slip = Slip(number, found.start(2), *_odd(found[2], f'has behind "{found[1].strip()}"'))
    return found[1] + " " * len(found[2]) + line[found.end() :], slip


def _odd(blanks: str, how: str) -> tuple[str, str]:
    if "\t" in blanks:
        return f"{how} a tab, which YAML does not take", "write two spaces for each tab"
    return f"{how} a blank of a web page or word processor", "write plain spaces in its place"
