"""Reads prose that TeX was written into."""

import re
from typing import Final

from newsletter.rendering.latex import commands, shields, symbols
from newsletter.rendering.latex.cursor import Cursor, Span
from newsletter.rendering.latex.formula import read_formula
from newsletter.rendering.latex.lettering import Script, read_accent, script
from newsletter.rendering.latex.words import read_command

_NAME: Final = re.compile(r"\\([A-Za-z]+)\*?")
_SPELLED: Final = re.compile(r"\\([a-z])\{([a-z]+)\}")
_ESCAPE: Final = re.compile(r"\\(?:\\(?:\[\d[^\]]{0,8}\])?|[^\w\\])", re.DOTALL)
_GAP_ESCAPES: Final = frozenset("\\,;:> \t\n")
_SILENT_ESCAPES: Final = frozenset("!/-@")
_BESIDE_LETTER: Final = re.compile(r"\{\}|[ \t]")
_SPACES: Final = re.compile(r"\s+")
_SECTION: Final = re.compile(r"\s*(?=\d)")
_TEX_GROUP: Final = re.compile(
    r"""\s*\\(?:[A-Za-z]{2,}|['"`^~=.]|[uvHcdbkrijoOlL](?=[\s{}])) | https?://""", re.VERBOSE
)
_PERCENTAGE: Final = re.compile(r"\$(?=\d[\d.,]*\s?\\?%)")
_STOP: Final = re.compile(r"[\s.,;:)\]!?]|\Z")
_NUMBER_SCRIPT: Final = re.compile(r"\^(?:\(([+-]?\d+)\)|([+-]?\d+)(?!\.?\d))")
_LETTER_SCRIPT: Final = re.compile(r"\^([A-Za-z*])(?!\w)")
_INDEX: Final = re.compile(r"(?<!\w)(?<=[A-Za-z])_([0-9a-z])(?![\w(])")
_LOOSE_INDEX: Final = re.compile(r"_([0-9a-z])(?![\w(])")
_SHORT: Final = 2


def read_prose(cursor: Cursor) -> str:
    """Read the span of `cursor`."""
    if cursor.is_too_deep():
        return cursor.without_marks()
    return _ProseReader(cursor).read()


def _read_in_formula(cursor: Cursor, name: str) -> str | None:
    return read_command(cursor, name, read_prose)


class _ProseReader:
    """Copies one span and reads what TeX means on the way."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._parts: list[str] = []
        self._open_quotes = 0

    def read(self) -> str:
        cursor = self._cursor
        while found := shields.NEXT.search(cursor.text, cursor.place, cursor.end):
            self._put(cursor.text[cursor.place : found.start()])
            cursor.place = found.start()
            if found["mark"]:
                self._mark(found["mark"])
                continue
            cursor.place = found.end()
            self._put(self._whole(found))
        self._put(cursor.text[cursor.place : cursor.end])
        return "".join(self._parts)

    def _put(self, text: str) -> None:
        if text:
            self._parts.append(text)

    def _put_gap(self) -> None:
        """Put a space unless there is one."""
        if not self._last().isspace() and not self._cursor.peek().isspace():
            self._put(" ")

    def _last(self) -> str:
        return self._parts[-1][-1] if self._parts else ""

    def _whole(self, found: re.Match[str]) -> str:
        text = found.group()
        if found["shield"]:
            return commands.unescaped(text) if shields.is_address(text) else text
        if found["dash"]:
            return shields.dash(found.string, found.start(), found.end())
        if text == "``":
            self._open_quotes += 1
            return "“"
        if self._open_quotes and not self._last().isspace():
            self._open_quotes -= 1
            return "”"
        return text

    def _mark(self, mark: str) -> None:
        if mark == "\\":
            self._backslash()
        elif mark == "$":
            self._formula()
        elif mark == "{":
            self._braces()
        elif mark in "^_":
            self._script(Script(mark))
        else:
            place = self._cursor.place
            self._cursor.place += 1
            self._put(shields.tie(self._cursor.text, place) if mark == "~" else mark)

    def _formula(self) -> bool:
        """Read the formula that begins here; without one, the delimiter is printed."""
        cursor = self._cursor
        formula = cursor.outline.formulas.get(cursor.place)
        if formula and formula.after <= cursor.end:
            self._put(self._in_formula(Span(formula.start, formula.end)))
            cursor.place = formula.after
            return True
        if cursor.peek() == "$":
            is_stray = cursor.match(_PERCENTAGE)  # nobody pays in percent
            if not is_stray:
                cursor.place += 1
                self._put("$")
        return False

    def _in_formula(self, span: Span) -> str:
        text = read_formula(self._cursor.into(span), _read_in_formula)
        if text == "~" and self._last().isalnum() and not self._last().isdigit():
            return "∼"  # noqa: RUF001 - a tilde between letters would be read as a space
        return text

    def _braces(self) -> None:
        """Drop the braces that TeX wants, keep those of the prose."""
        cursor = self._cursor
        begin = cursor.place
        group = cursor.group()
        if group and self._is_tex_group(group):
            self._put(read_prose(cursor.into(group)))
        else:
            cursor.place = begin + 1
            self._put("{")

    def _is_tex_group(self, group: Span) -> bool:
        text = self._cursor.text
        if _TEX_GROUP.match(text, group.start, group.end):
            return True
        is_sign = group.end - group.start == 1 and text[group.start] in ",.:-="
        return is_sign and self._last().isalnum()

    def _script(self, height: Script) -> None:
        """Raise or lower what clearly is a script: 10^-6, R^2, h_t; snake_case stays."""
        cursor = self._cursor
        begin = cursor.place
        before = cursor.text[begin - 1 : begin]
        is_based = before.isalnum() or before in {")", "]", "}", "$"}
        cursor.place += 1
        if not is_based:
            self._put(height)
        elif cursor.peek() in {"{", "\\"}:
            self._put(script(self._in_formula(cursor.argument()), height))
        else:
            self._put(self._plain_script(height, begin))

    def _plain_script(self, height: Script, begin: int) -> str:
        cursor = self._cursor
        pattern = _NUMBER_SCRIPT if height is Script.HIGH else _LOOSE_INDEX
        found = pattern.match(cursor.text, begin, cursor.end)
        if not found and height is Script.HIGH:
            found = _LETTER_SCRIPT.match(cursor.text, begin, cursor.end)
        if not found or (height is Script.LOW and not self._is_single_letter(begin - 1)):
            return height
        cursor.place = found.end()
        return script(found[found.lastindex or 1], height)

    def _is_single_letter(self, place: int) -> bool:
        text = self._cursor.text
        return text[place].isalpha() and not (place and (text[place - 1].isalnum() or text[place - 1] in "_\\"))

    def _backslash(self) -> None:
        cursor = self._cursor
        accent = read_accent(cursor.text, cursor.place, cursor.end)
        if accent:
            self._put(accent.letter)
            cursor.place = accent.end
            return
        begin = cursor.place
        if begin in cursor.outline.formulas and self._formula():
            return
        name = cursor.match(_NAME)
        if name:
            self._command(name[1], begin)
            return
        escape = cursor.match(_ESCAPE)
        if escape:
            self._escape(escape.group()[1])
        else:
            cursor.place += 1
            self._put("\\")

    def _escape(self, sign: str) -> None:
        if sign in _GAP_ESCAPES:
            self._put_gap()
        elif sign not in _SILENT_ESCAPES:
            self._put(sign)

    def _command(self, name: str, begin: int) -> None:
        cursor = self._cursor
        if len(name) < _SHORT:
            self._put(self._short(name))
        elif name in symbols.PLAIN or name in symbols.MACROS:
            self._put(self._sign(name))
        elif name in commands.SWITCHES:
            cursor.skip_option()
            cursor.match(_SPACES)
        elif name in commands.GAPS:
            self._put_gap()
        elif commands.is_reference(name):
            read_command(cursor, name, read_prose)
            self._close_gap()
        else:
            self._named(name, begin)
