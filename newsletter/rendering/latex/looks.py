"""Tells a formula between dollar signs from two amounts of money."""

import re
from typing import Final

_LONGEST: Final = 1_000
"""Characters; the longest formula in 7,387 real abstracts has 170."""
_TEXT_ARGUMENT: Final = re.compile(
    r"\\(?:text\w*|math\w+|mbox|emph|operatorname|href|url|underline)\*?\s*\{[^{}]*\}"
)
_COMMAND: Final = re.compile(r"\\[A-Za-z]+|\\.", re.DOTALL)
_SENTENCE: Final = re.compile(r"[A-Za-z]{2,}[,;:.]? +[A-Za-z]{2,}|[a-z][.!?] +[A-Z]")
_TITLE: Final = re.compile(r"[A-Za-z]+(?:[ -][A-Za-z]+){1,3}")
_LOOSE_END: Final = re.compile(r"[(\[~/]$")
_FACTOR: Final = re.compile(r"[\d.\s+]+")
# Commands, scripts, Greek, mathematical operators, letter-like signs.
_TEX: Final = re.compile(r"[\\^_{\u0370-\u03ff\u2100-\u214f\u2190-\u22ff]")
_LETTER_OR_DIGIT: Final = re.compile(r"[^\W_]")
_PLAIN_TERM: Final = re.compile(r"[\w+\-*=<>(),.]+")
_TWO_LETTERS: Final = re.compile(r"[A-Za-z]{2}")


def is_formula(text: str, start: int, end: int) -> bool:
    """Tell whether what stands between two dollar signs, `text[start:end]`, is mathematics.

    Money, variables of a shell and prose are not: between the dollars of "$5 and $10" stands a
    text that ends with a space; those of "$5/$10" are followed by a digit.
    """
    inside = text[start:end]
    if not inside.strip() or len(inside) > _LONGEST:
        return False
    after = text[end + 1 : end + 2]
    if inside[0].isspace() != inside[-1].isspace():
        is_amount = inside[0].isdigit() and not _FACTOR.fullmatch(_plain(inside))
        return bool(_TEX.search(inside)) and not is_amount and not _is_prose(inside)
    if inside[0].isspace() and not _TEX.search(inside):
        return not inside.strip()[0].isdigit() and not _TWO_LETTERS.search(inside)
    if _is_prose(inside):
        return bool(_TITLE.fullmatch(inside)) and not after.isalnum()
    if _LOOSE_END.search(inside) and len(inside) > 1:
        return False
    return not after.isalnum() or _may_touch(inside, after)


def _is_prose(inside: str) -> bool:
    return bool(_SENTENCE.search(_plain(inside)))


def _plain(inside: str) -> str:
    """Take out commands and the prose that they are given."""
    return _COMMAND.sub("+", _TEXT_ARGUMENT.sub("#", inside))


def _may_touch(inside: str, after: str) -> bool:
    r"""Tell whether a letter or digit may follow at once, as in `$k$NN` and `4$\times$4`."""
    if _TEX.search(inside) or (len(inside) == 1 and not inside.isdigit()):
        return True
    if not _LETTER_OR_DIGIT.search(inside):
        return True
    if after.isdigit():
        return False
    return bool(_PLAIN_TERM.fullmatch(inside)) and not _TWO_LETTERS.search(inside)
