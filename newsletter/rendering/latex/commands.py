"""What commands of prose do: change the looks, refer to elsewhere, carry arguments nobody reads."""

import re
from typing import Final

from newsletter.rendering.latex.symbols import names

LOOKS: Final = names(
    """
    textbf textit textsl texttt textsc textrm textsf textmd textup textnormal text emph underline
    mbox hbox fbox uline uwave sout st hl ul enquote mathrm mathbf mathit mathsf mathtt mathcal
    mathnormal boldsymbol bm ensuremath texorpdfstring makebox framebox
    """
)
"""Dropped; their argument stays."""

SWITCHES: Final = names(
    """
    em bf it tt sc rm sf sl tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge
    bfseries itshape ttfamily scshape rmfamily sffamily mdseries upshape slshape normalfont centering
    noindent raggedright displaystyle textstyle scriptstyle scriptscriptstyle protect left right
    middle big Big bigg Bigg bigl bigr bigm Bigl Bigr Bigm biggl biggr Biggl Biggr limits nolimits
    maketitle relax leavevmode nonumber notag allowbreak nobreak
    """
)
"""Dropped with the space behind them."""

GAPS: Final = names(
    """
    quad qquad par newline linebreak hfill smallskip medskip bigskip newpage enspace thinspace
    textvisiblespace space
    """
)
"""A space."""

REFERENCES: Final = names(
    """
    ref eqref autoref cref Cref pageref nameref label index vspace hspace includegraphics phantom
    hphantom vphantom thanks bibliography bibliographystyle pagestyle color faIcon input nocite
    begin end xspace footnotemark faGithub
    """
)
"""Dropped with their argument; so is every command that begins with `cite`."""

ASIDES: Final = frozenset({"footnote", "footnotetext"})
"""Their argument is put in parentheses."""

UNREAD: Final = {
    "textcolor": 1,
    "colorbox": 1,
    "scalebox": 1,
    "raisebox": 1,
    "rotatebox": 1,
    "resizebox": 2,
    "hyperlink": 1,
    "hypertarget": 1,
    "parbox": 1,
    "foreignlanguage": 1,
}
"""How many arguments stand before the one that is read."""

VERBATIM: Final = frozenset({"url", "path", "nolinkurl", "verb", "lstinline", "detokenize"})

# The ranges of the font Zapf Dingbats that Unicode took over (U+2700 to U+27BE).
_DINGBATS: Final = 0x2700
_FIRST_DINGBAT: Final = 33
_LAST_DINGBAT: Final = 254
_LOWER_HALF: Final = 126
_UPPER_HALF: Final = 161
_CIRCLED: Final = 172
_CIRCLED_ONE: Final = 0x2460
_BLACK_CIRCLED: Final = 182
_CITES: Final = re.compile(r"[A-Za-z]{0,4}[cC]ite")
_ESCAPED: Final = re.compile(r"\\(?=[_%#&~$^{}])")


def is_reference(name: str) -> bool:
    """Tell whether a command refers to a place that the reader cannot turn to."""
    return name in REFERENCES or bool(_CITES.match(name))


def dingbat(number: str) -> str:
    r"""Return the character of `\ding{number}`, empty when there is none."""
    if not number.isascii() or not number.isdigit():
        return ""
    place = int(number[:4])
    if _CIRCLED <= place < _BLACK_CIRCLED:
        return chr(_CIRCLED_ONE + place - _CIRCLED)
    if _FIRST_DINGBAT <= place <= _LOWER_HALF or _UPPER_HALF <= place <= _LAST_DINGBAT:
        return chr(_DINGBATS + place - 32 - (0 if place <= _LOWER_HALF else 32))
    return ""


def code_point(number: str) -> str:
    r"""Return the character of `\unicode{x1F600}`; empty when it has no shape of its own."""
    try:
        character = chr(int(number.lstrip("xXuU+"), 16 if number[:1] in "xXuU" else 10))
    except (ValueError, OverflowError):
        return ""
    return character if character.isprintable() else ""


def unescaped(text: str) -> str:
    r"""Undo the escapes that authors put into addresses: `a\_b` → `a_b`."""
    return _ESCAPED.sub("", text)
