"""Reads prose that TeX was written into."""

import re
from typing import Final

from newsletter.rendering.latex import commands, shields, symbols
from newsletter.rendering.latex.accents import read_accent
from newsletter.rendering.latex.cursor import Cursor, Span
from newsletter.rendering.latex.formula import CONSTRUCTS, read_formula
from newsletter.rendering.latex.lettering import Script, script
from newsletter.rendering.latex.words import read_command

_NAME: Final = re.compile(r"\\([A-Za-z]+)\*?")
_ESCAPE: Final = re.compile(r"\\(?:\\(?:\[\d[^\]]{0,8}\])?|[^\w\\]|_)", re.DOTALL)
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
_LONE_SIGNS: Final = frozenset(",.:-=*")
_NOTHING: Final = re.compile(r"\{\}")
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
            if found.lastgroup == "mark":
                self._mark(found.group())
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
        if found.lastgroup == "shield":
            return commands.unescaped(text) if shields.is_address(text) else text
        if found.lastgroup == "dash":
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
        inside = text[group.start : group.end]
        is_glued = len(inside) == 1 and (inside in _LONE_SIGNS or not inside.isascii())
        return is_glued and self._last().isalnum()

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
            plain = shields.plain_script(cursor.text, begin, cursor.end)
            self._put(script(plain.text, height) if plain else height)
            cursor.place = plain.end if plain else cursor.place

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
        written = self._cursor.text[begin : self._cursor.place]
        cursor = self._cursor
        if len(name) < _SHORT or name in symbols.TEXT_LETTERS:
            self._put(self._short(name, written))
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

    def _short(self, name: str, written: str) -> str:
        r"""Read a command of one letter; `\n` and `\d` of other languages are no TeX."""
        cursor = self._cursor
        if name in symbols.TEXT_LETTERS:
            cursor.match(_BESIDE_LETTER)
            return symbols.TEXT_LETTERS[name]
        if name == "S" and cursor.match(_SECTION):
            return "§"
        return written

    def _sign(self, name: str) -> str:
        cursor = self._cursor
        cursor.match(_NOTHING)
        if name not in symbols.MACROS:
            return symbols.PLAIN[name]
        meant = symbols.MACROS[name].replace("␣", " ")
        return meant.removesuffix(".") if cursor.peek() == "." else meant

    def _close_gap(self) -> None:
        """Take back the space before something that was dropped."""
        if self._parts and _STOP.match(self._cursor.text, self._cursor.place, self._cursor.end):
            self._parts[-1] = self._parts[-1].rstrip(" ")

    def _named(self, name: str, begin: int) -> None:
        """Print what a command stands for, at last its own name; the backslash of a path stays."""
        cursor = self._cursor
        if name in CONSTRUCTS and cursor.is_group():
            cursor.place = begin
            self._put(self._in_formula(cursor.argument()))
            return
        name = name.removeprefix("noindent") or name
        known = read_command(cursor, name, read_prose)
        if known == "":
            self._close_gap()
            return
        if known is not None:
            self._put(known.lstrip() if self._last().isspace() else known)
            return
        before = cursor.text[begin - 1 : begin]
        is_path = before.isalpha() or before in {".", "_", "\\"}
        self._put(f"\\{name}" if is_path else name)
