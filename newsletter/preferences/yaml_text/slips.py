"""A slip of the pen in a YAML text: its place, what it is, and the line to write instead."""

import re
from typing import Final, NamedTuple

_LINE: Final = re.compile(r"(?P<lead> *(?:- +)*)(?:(?P<key>[\w-]{1,60}):(?: +|$))?(?P<value>.*)")
_LONGEST_SHOWN: Final = 80
_DEEPEST: Final = 6
_OPENING: Final = {"[": "]", "{": "}"}


class Slip(NamedTuple):
    """What is wrong at a place of a text. `line` and `column` count from 0."""

    line: int
    column: int
    message: str
    suggestion: str | None = None


class Line(NamedTuple):
    """One line as its writer sees it: spaces and dashes, a key if there is one, and the rest."""

    lead: str
    key: str
    value: str
    """Without a comment that follows it."""

    @property
    def is_complete(self) -> bool:
        """Whether the key has its value on this line."""
        return bool(self.key and self.value) and self.value[0] not in "|>[{\"'"

    @property
    def name(self) -> str:
        """What the line begins with, to point at it."""
        return self.key or self.value[:30]


def line_of(text: str) -> Line:
    """Take a line apart. Never fails; a line without a key has an empty one."""
    found = _LINE.match(text)
    if found is None:  # pragma: no cover (every part of the pattern may be empty)
        return Line("", "", text)
    return Line(found["lead"], found["key"] or "", uncommented(found["value"]))


def uncommented(text: str) -> str:
    """Return `text` without the comment at its end."""
    return re.split(r"\s#", text, maxsplit=1)[0].rstrip()


def piece_at(line: str, column: int) -> str:
    """Return the text that begins at `column`: within brackets it ends where the next one begins."""
    before = line[:column]
    if before.count("[") > before.count("]") or before.count("{") > before.count("}"):
        return re.split(r"[,\]}]", line[column:], maxsplit=1)[0].rstrip()
    return uncommented(line[column:])


def in_quotes(text: str) -> str:
    """Return `text` as a YAML scalar in quotes, in the pair that leaves it readable."""
    if "'" in text and '"' not in text and "\\" not in text:
        return f'"{text}"'
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def unquoted(text: str) -> str:
    """Return `text` without a pair of quotes around all of it."""
    is_wrapped = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if is_wrapped else text


def write(mended: str) -> str | None:
    """Return the advice to write `mended`, unless it is too long to be read at a glance."""
    return f"write {mended}" if len(mended) <= _LONGEST_SHOWN else None


def closed(opened: str) -> str:
    """Return a piece that begins with a bracket with what closes it."""
    return uncommented(opened).rstrip(" ,") + _OPENING[opened[0]]


_MEANT_AS: Final = {"*": "an alias", "&": "an anchor", "!": "a tag"}


def marked(line: str, number: int, column: int) -> Slip:
    """Return the slip of a text that begins with a character that YAML keeps for itself."""
    piece = piece_at(line, column)
    sign = piece[:1]
    if not sign.strip():
        return Slip(number, column, "holds a tab where only spaces can stand", "write a space")
    taken = f", which YAML takes for {_MEANT_AS[sign]}" if sign in _MEANT_AS else ""
    message = f'a text cannot begin with "{sign}" without quotes{taken}'
    first, _, rest = piece.partition(" ")
    if first.startswith("!!") or (sign == "&" and not rest):
        return Slip(number, column, message, f"remove {first[:_LONGEST_SHOWN]}")
    return Slip(number, column, message, write(in_quotes(piece)) or "put all of it in quotes")


def path_at(lines: list[str], number: int) -> str:
    """Return the dotted keys that lead to a line, as far as its indentation tells them."""
    if not lines:
        return ""
    own = line_of(lines[number])
    names = [own.key] if own.key else []
    level = len(own.lead)
    for text in reversed(lines[:number]):
        line = line_of(text)
        if level == 0 or len(names) == _DEEPEST:
            break
        if line.key and len(line.lead) < level and not line.is_complete:
            names.append(line.key)
            level = len(line.lead)
    return ".".join(reversed(names))
