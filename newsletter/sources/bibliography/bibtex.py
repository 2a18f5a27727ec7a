"""A tolerant reader of BibTeX: one broken entry stops nobody else, and its line is told.

It is linear in the size of the file: an entry that is never closed ends where a line begins another.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from newsletter.rules.months import MONTHS
from newsletter.sources.bibliography.items import Record
from newsletter.sources.complaints import Complaints

_BEGIN: Final = re.compile(r"@[ \t]*([A-Za-z]{1,40})[ \t]*([{(])")
_NEXT: Final = re.compile(r"\n[ \t]*(?=@[ \t]*[A-Za-z]{1,40}[ \t]*[{(])")
_KEY: Final = re.compile(r"[^\s,{}()\"#=]{0,300}")
_NAME: Final = re.compile(r"[A-Za-z][^\s,{}()\"#=%]{0,80}")
_BLANKS: Final = re.compile(r"\s*")
_TOLD: Final = re.compile(r'[{}"]')
_CLOSING: Final = {"{": "}", "(": ")"}
_NO_PAPER: Final = frozenset({"comment", "preamble"})
_MOST_STRINGS: Final = 2_000
_MOST_BROKEN: Final = 1_000
_LONGEST_VALUE: Final = 200_000
_LONGEST_STRING: Final = 2_000

_ID_FIELDS: Final = ("eprint", "arxivid", "arxiv", "doi")
_NOTE_FIELDS: Final = ("journal", "note", "howpublished", "volume", "number", "pages")
_VENUE_FIELDS: Final = ("journal", "journaltitle", "booktitle")


class _BrokenError(Exception):
    """An entry cannot be read; never leaves this module."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at


@dataclass(slots=True)
class _Cursor:
    """A place in the text, and the abbreviations that `@string` made so far."""

    text: str
    at: int = 0
    end: int = 0
    """Where the entry that is being read must have ended."""
    strings: dict[str, str] = field(default_factory=lambda: dict.fromkeys(MONTHS, ""))

    def enter(self, at: int) -> None:
        """Begin to read an entry; where the next line with one begins, this one must have ended."""
        self.at = at
        if at > self.end or not self.end:
            following = _NEXT.search(self.text, at)
            self.end = following.end() if following else len(self.text)

    def skip(self) -> None:
        found = _BLANKS.match(self.text, self.at, self.end)
        self.at = found.end() if found else self.at

    def peek(self) -> str:
        self.skip()
        return self.text[self.at : self.at + 1] if self.at < self.end else ""

    def take(self, pattern: re.Pattern[str]) -> str:
        self.skip()
        found = pattern.match(self.text, self.at, self.end)
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    def expect(self, sign: str) -> None:
        seen = self.peek()
        if seen != sign:
            raise _BrokenError(self.at, f"has {_shown(seen)} where {sign} is expected")
        self.at += 1


def read_bibtex(text: str, complaints: Complaints) -> Iterator[Record]:
    """Yield the entries of a file; complain of those that are broken."""
    cursor = _Cursor(text)
    line, counted, broken = 1, 0, 0
    while (begin := _BEGIN.search(text, cursor.at)) and broken < _MOST_BROKEN:
        line += text.count("\n", counted, begin.start())
        counted = begin.start()
        cursor.enter(begin.end())
        kind = begin[1].lower()
        try:
            if kind == "string":
                _read_string(cursor)
            elif kind not in _NO_PAPER:
                yield _record(f"line {line}", _read_entry(cursor, _CLOSING[begin[2]]))
        except _BrokenError as error:
            seen = text[begin.start() : error.at]
            there = line + (seen if error.at < cursor.end else seen.rstrip()).count("\n")
            complaints.add(there, "", f"@{begin[1]} of line {line} {error}; it is left out")
            cursor.at = cursor.end
            broken += 1
    if broken == _MOST_BROKEN:
        complaints.add(line, "", "too many entries are broken; the rest is left out")


def _read_string(cursor: _Cursor) -> None:
    name = cursor.take(_NAME).lower()
    cursor.expect("=")
    value = _read_value(cursor)
    if len(cursor.strings) < _MOST_STRINGS:
        cursor.strings[name] = value[:_LONGEST_STRING]


def _read_entry(cursor: _Cursor, closing: str) -> Mapping[str, str]:
    cursor.take(_KEY)
    fields: dict[str, str] = {}
    while (sign := cursor.peek()) == ",":
        cursor.at += 1
        name = cursor.take(_NAME).lower()
        if not name:
            continue  # a comma before the end, or two in a row
        cursor.expect("=")
        fields.setdefault(name, _read_value(cursor))
    if sign != closing:
        fact = "is never closed" if not sign else f"has {_shown(sign)} where a comma is expected"
        raise _BrokenError(cursor.at, fact)
    cursor.at += 1
    return fields


def _read_value(cursor: _Cursor) -> str:
    """Read `{…}`, `"…"`, a number or an abbreviation, and more of them after `#`."""
    parts = [_read_part(cursor)]
    while cursor.peek() == "#":
        cursor.at += 1
        parts.append(_read_part(cursor))
    return "".join(parts)[:_LONGEST_VALUE]


def _read_part(cursor: _Cursor) -> str:
    sign = cursor.peek()
    if sign in ("{", '"'):
        return _read_enclosed(cursor, sign)
    word = cursor.take(_KEY)
    if not word:
        raise _BrokenError(cursor.at, f"has {_shown(sign)} where a value is expected")
    return word if word.isdecimal() else cursor.strings.get(word.lower(), word)


def _read_enclosed(cursor: _Cursor, opening: str) -> str:
    """Read to the closing brace, or to a quotation mark outside of braces."""
    start = cursor.at + 1
    depth = 0
    for found in _TOLD.finditer(cursor.text, start, cursor.end):
        sign = found[0]
        is_end = depth == 0 and sign == ("}" if opening == "{" else '"')
        if is_end:
            cursor.at = found.end()
            return cursor.text[start : found.start()]
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            raise _BrokenError(found.start(), "has a } too many")
    raise _BrokenError(cursor.at, "has a value that is never closed")


def _record(place: str, fields: Mapping[str, str]) -> Record:
    told = {name: _plain(value) for name, value in fields.items()}
    return Record(
        place,
        title=told.get("title", ""),
        abstract=told.get("abstract", ""),
        authors=tuple(" ".join(told.get("author", "").split()).split(" and ")),
        venue=next((told[name] for name in _VENUE_FIELDS if told.get(name)), ""),
        ids=tuple(told[name] for name in _ID_FIELDS if name in told),
        urls=(told["url"],) if "url" in told else (),
        notes=tuple(told[name] for name in _NOTE_FIELDS if name in told),
    )


def _plain(value: str) -> str:
    """Return a value without the braces that only keep capitals; TeX stays as it is written."""
    is_tex = "\\" in value or "$" in value
    return value if is_tex else value.replace("{", "").replace("}", "")


def _shown(sign: str) -> str:
    return f"“{sign}”" if sign else "the end"
