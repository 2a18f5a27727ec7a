"""Reads a formula into a line of Unicode."""
# ruff: noqa: RUF001 - signs of formulas

import re
from collections.abc import Callable
from typing import Final

from newsletter.rendering.latex import symbols
from newsletter.rendering.latex.atoms import Atom, Kind, joined
from newsletter.rendering.latex.commands import LOOKS, SWITCHES
from newsletter.rendering.latex.cursor import Cursor, Span
from newsletter.rendering.latex.fractions import binomial, is_one, quotient, radical
from newsletter.rendering.latex.lettering import HATS, Script, doubled, hatted, script, struck

ReadText = Callable[[Cursor, str], str | None]
"""Reads a command of prose that stands in a formula, with its arguments; None: it is none."""

_TOKEN: Final = re.compile(
    r"""(?P<space>[\s~&]+|\\[,;:>\s]) | (?P<command>\\([A-Za-z]+)\*?[ \t]*) | (?P<escape>\\.?)
    | (?P<script>[\^_]) | (?P<primes>'+) | (?P<number>\d+(?:\.\d+)*) | (?P<letters>[^\W\d_]+)
    | (?P<other>:=|.)""",
    re.VERBOSE | re.DOTALL,
)
_TABLES: Final = (
    (symbols.RELATIONS, Kind.RELATION),
    (symbols.BINARY, Kind.BINARY),
    (symbols.OPENING, Kind.OPENING),
    (symbols.CLOSING, Kind.CLOSING),
    (symbols.SUMS, Kind.FUNCTION),
    (symbols.LETTERS | symbols.SIGNS, Kind.ORDINARY),
    (symbols.MACROS, Kind.ORDINARY),
    ({name: name for name in symbols.FUNCTIONS}, Kind.FUNCTION),
)
_COMMANDS: Final = {
    name: (sign, kind) for table, kind in reversed(_TABLES) for name, sign in table.items()
}
_SIGNS: Final = {
    **dict.fromkeys("([", Kind.OPENING),
    **dict.fromkeys(")]", Kind.CLOSING),
    **dict.fromkeys(",;", Kind.PUNCTUATION),
    **dict.fromkeys("+-*=<>≤≥≈≠×±−→∈", Kind.BINARY),
    ":=": Kind.BINARY,
}
_ESCAPED: Final = {
    "{": ("{", Kind.OPENING),
    "}": ("}", Kind.CLOSING),
    "|": ("‖", Kind.ORDINARY),
    **{sign: (sign, Kind.ORDINARY) for sign in "%&#_$"},
}
_FONTS: Final = symbols.names(
    """
    mathrm mathbf mathit mathsf mathtt mathnormal mathcal mathscr mathfrak boldsymbol bm pmb bold
    mathbin mathrel mathord mathopen mathclose mathpunct smash ensuremath substack underbrace
    overbrace underline boxed cal vphantom
    """
)
_NAMES: Final = frozenset({"operatorname", "mathop", "DeclareMathOperator"})
_DOUBLED: Final = frozenset({"mathbb", "Bbb", "mathds", "mathbbm"})
_FRACTIONS: Final = frozenset({"frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"})
_BINOMIALS: Final = frozenset({"binom", "dbinom", "tbinom"})
CONSTRUCTS: Final = _FRACTIONS | _BINOMIALS | _DOUBLED | HATS.keys() | {"sqrt"}
"""Commands of formulas that authors use outside of them."""

_OVER: Final = {"overset": Script.HIGH, "stackrel": Script.HIGH, "underset": Script.LOW}
_ARROWS: Final = {"xrightarrow": "→", "xleftarrow": "←", "xleftrightarrow": "↔", "xmapsto": "↦"}
_MODULI: Final = frozenset({"pmod", "pod"})
_TABLE_NAMES: Final = frozenset({"array", "tabular", "alignat"})
_WIDE: Final = frozenset({"quad", "qquad", "enspace", "thinspace", "space"})
_DOUBLE_SPACE: Final = re.compile(r" {2,}")
_ENVIRONMENT_NAME: Final = re.compile(r"\{([A-Za-z]+)\*?\}")
_PRIMES: Final = {2: "″", 3: "‴"}
_PERIOD: Final = re.compile(r"\s*\.")


def read_formula(cursor: Cursor, read_text: ReadText) -> str:
    """Read the span of `cursor`; `read_text` reads what is prose within it."""
    if cursor.is_too_deep():
        return cursor.without_marks()
    return _FormulaReader(cursor, read_text).read()


class _FormulaReader:
    """Reads one span, piece by piece; inner spans get a reader of their own."""

    def __init__(self, cursor: Cursor, read_text: ReadText) -> None:
        self._cursor = cursor
        self._read_text = read_text
        self._atoms: list[Atom] = []

    def read(self) -> str:
        while self._cursor.place < self._cursor.end:
            self._step()
        while self._atoms and self._atoms[-1].text in {";", " "}:
            self._atoms.pop()
        return _DOUBLE_SPACE.sub(" ", joined(self._atoms))

    def _step(self) -> None:
        if self._cursor.peek() == "{":
            self._braces()
            return
        token = self._cursor.match(_TOKEN)
        if token is None:  # the pattern takes any character
            self._cursor.place = self._cursor.end
            return
        text, kind = token.group(), token.lastgroup
        if token["command"]:
            self._command(token[3], text)
        elif kind == "script":
            self._script(Script(text))
        elif kind == "escape":
            self._escape(text[1:])
        elif kind == "primes":
            self._raise_primes(len(text))
        elif kind == "space":
            self._add(" ", Kind.SPACE)
        elif text not in {"}", "$"}:
            self._add(text, _SIGNS.get(text, Kind.ORDINARY))

    def _add(self, text: str, kind: Kind = Kind.ORDINARY) -> None:
        if text:
            self._atoms.append(Atom(text, kind))

    def _inner(self, span: Span) -> str:
        return read_formula(self._cursor.into(span), self._read_text)

    def _argument(self) -> str:
        sign = self._cursor.peek()
        if sign.isalnum() or sign in {"^", "_"}:  # a script of nothing is an author's mistake
            self._cursor.place += 1
            return sign if sign.isalnum() else ""
        span = self._cursor.argument()
        return self._inner(span).strip() if span.start < span.end else ""

    def _braces(self) -> None:
        """Print a group: braces of TeX are not seen. `{=}` takes the spaces from a sign."""
        group = self._cursor.group()
        if group is None:
            self._cursor.place += 1
            return
        self._add(self._inner(group))

    def _script(self, height: Script) -> None:
        while self._atoms and self._atoms[-1].kind is Kind.SPACE:
            self._atoms.pop()
        text = self._argument()
        if not text:
            return
        text = script(text, height)
        if not self._atoms:
            self._atoms.append(Atom(""))
        if height is Script.HIGH:
            self._atoms[-1].high += text
        else:
            self._atoms[-1].low += text

    def _raise_primes(self, count: int) -> None:
        primes = _PRIMES.get(count, "′" * count)
        if self._atoms and self._atoms[-1].kind is not Kind.SPACE:
            self._atoms[-1].high += primes
        else:
            self._add(primes)

    def _escape(self, sign: str) -> None:
        if sign == "\\":
            self._cursor.skip_option()
            if self._atoms:
                self._add(";", Kind.PUNCTUATION)
                self._add(" ", Kind.SPACE)
        elif sign in _ESCAPED:
            self._add(*_ESCAPED[sign])

    def _command(self, name: str, written: str) -> None:
        if name in _COMMANDS:
            sign, kind = _COMMANDS[name]
            self._add(sign.replace("␣", " "), kind)
            if (
                kind is Kind.ORDINARY
                and written[-1].isspace()
                and self._cursor.peek() in "+-*=<>\\"
            ):
                self._add(" ", Kind.SPACE)
        elif not (self._letters(name) or self._construct(name)):
            self._other(name)

    def _letters(self, name: str) -> bool:
        """Read a command that changes the look of its argument; False: it is none."""
        if name in _FONTS:
            self._add(self._argument())
        elif name in _DOUBLED:
            self._add(doubled(self._argument()))
        elif name in _NAMES:
            self._add(self._argument(), Kind.FUNCTION)
        elif name in HATS:
            self._add(hatted(self._argument(), HATS[name]))
        elif name in _WIDE:
            self._add(" ", Kind.SPACE)
        else:
            return False
        return True

    def _construct(self, name: str) -> bool:
        """Read a command that builds something from its arguments; False: it is none."""
        if name in _FRACTIONS:
            above, below = self._argument(), self._argument()
            self._add(quotient(above, below), Kind.FRACTION)
        elif name in _BINOMIALS:
            above, below = self._argument(), self._argument()
            self._add(binomial(above, below))
        elif name == "sqrt":
            index = self._cursor.option()
            self._add(radical(self._argument(), index))
        elif name in _OVER:
            above = script(self._argument(), _OVER[name])
            self._add(self._argument() + above, Kind.RELATION)
        elif name in _ARROWS:
            self._cursor.skip_option()
            self._add(_ARROWS[name] + script(self._argument(), Script.HIGH), Kind.RELATION)
        else:
            return False
        return True

    def _other(self, name: str) -> None:
        if name in SWITCHES:
            self._cursor.match(_PERIOD)  # `\left.` is a parenthesis that is not there
        elif name in _MODULI:
            self._add(f" (mod {self._argument()})")
        elif name == "bmod":
            self._add("mod", Kind.RELATION)
        elif name == "not":
            self._negate()
        elif name in {"begin", "end"}:
            self._environment(name)
        else:
            self._text(name)

    def _negate(self) -> None:
        self._add(struck(self._argument()), Kind.RELATION)

    def _environment(self, name: str) -> None:
        called = self._cursor.match(_ENVIRONMENT_NAME)
        self._cursor.skip_option()
        if name == "begin" and called and called[1] in _TABLE_NAMES:
            self._cursor.group()

    def _text(self, name: str) -> None:
        """Read prose within the formula, or print the name of a command that nobody knows."""
        text = self._read_text(self._cursor, name)
        if text is not None:
            self._add(text, Kind.ORDINARY if name in LOOKS or is_one(text) else Kind.FUNCTION)
            return
        self._add(name, Kind.FUNCTION if len(name) > 1 else Kind.ORDINARY)
