"""Reads the commands of prose, wherever they stand: looks, references, addresses, asides."""

import re
from collections.abc import Callable
from typing import Final

from newsletter.rendering.latex import commands
from newsletter.rendering.latex.cursor import Cursor, Span
from newsletter.rendering.latex.lettering import Script, script

ReadProse = Callable[[Cursor], str]
"""Reads a span of prose, for instance the argument of a command."""

_NEVER_CLOSED: Final = re.compile(r"\{")
_VERBATIM: Final = re.compile(r"([|!+/@#])(.{0,300}?)\1")
_SCHEME: Final = re.compile(r"^https?://(?:www\.)?|/$")
_SCRIPTS: Final = {
    "textsuperscript": Script.HIGH,
    "textsubscript": Script.LOW,
    "textsuper": Script.HIGH,
}
_CHARACTERS: Final = {
    "ding": commands.dingbat,
    "unicode": commands.code_point,
    "symbol": commands.code_point,
}


def read_command(cursor: Cursor, name: str, read: ReadProse) -> str | None:
    r"""Read the arguments of a command whose name was just read; None: nobody knows it.

    A command that nobody knows stands for its argument when it is written in small letters
    (`\gls{DRL}`, `\revision{...}`); with a capital it is a name that takes one: ECUAS(n).
    """
    if name in commands.LOOKS:
        return _inner(cursor, read)
    if name in commands.ASIDES:
        return _aside(cursor, read)
    if commands.is_reference(name):
        return _drop(cursor)
    if name in commands.VERBATIM:
        return _verbatim(cursor)
    if name in _CHARACTERS or name in _SCRIPTS:
        return _character(cursor, name, read)
    return _link(cursor, read) if name == "href" else _other(cursor, name, read)


def _aside(cursor: Cursor, read: ReadProse) -> str:
    cursor.skip_option()
    if cursor.peek() == "{" and not cursor.is_group():
        cursor.place += 1
        return " "
    aside = _inner(cursor, read).strip()
    return f" ({aside})" if aside else ""


def _inner(cursor: Cursor, read: ReadProse) -> str:
    group = cursor.group()
    if group:
        return read(cursor.into(group))
    cursor.match(_NEVER_CLOSED)
    return ""


def _raw(cursor: Cursor, group: Span | None) -> str:
    return cursor.text[group.start : group.end] if group else ""


def _drop(cursor: Cursor) -> str:
    cursor.skip_option()
    cursor.skip_option()
    cursor.group()
    return ""


def _verbatim(cursor: Cursor) -> str:
    group = cursor.group()
    if group:
        return commands.unescaped(_raw(cursor, group)).strip()
    fenced = cursor.match(_VERBATIM)
    return fenced[2] if fenced else ""


def _link(cursor: Cursor, read: ReadProse) -> str:
    """Show a link's address beside its words, once."""
    address = commands.unescaped(_raw(cursor, cursor.group())).strip()
    label = _inner(cursor, read).strip()
    if not address or not label:
        return address or label
    is_repeated = label.startswith("http") or _SCHEME.sub("", label) == _SCHEME.sub("", address)
    return label if is_repeated else f"{label} ({address})"


def _character(cursor: Cursor, name: str, read: ReadProse) -> str:
    if name in _SCRIPTS:
        return script(_inner(cursor, read), _SCRIPTS[name])
    return _CHARACTERS[name](_raw(cursor, cursor.group()).strip())


def _other(cursor: Cursor, name: str, read: ReadProse) -> str | None:
    if name in commands.UNREAD:
        for _ in range(commands.UNREAD[name]):
            cursor.skip_option()
            cursor.group()
        return _inner(cursor, read)
    if cursor.peek() != "{":
        return None
    argument = _inner(cursor, read)
    if name.islower():
        return argument or name
    return f"{name}({argument})" if argument.strip() else name
