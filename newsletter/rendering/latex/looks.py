"""Tells a formula between dollar signs from two amounts of money."""

import re
import unicodedata
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
        return _is_surely_tex(inside) and not inside[0].isdigit() and not _is_prose(inside)
    if _is_prose(inside):
        return bool(_TITLE.fullmatch(inside)) and not after.isalnum()
    if _LOOSE_END.search(inside) and len(inside) > 1:
        return False
    return not after.isalnum() or _may_touch(inside, after)


def _is_prose(inside: str) -> bool:
    plain = _COMMAND.sub("\\\\", _TEXT_ARGUMENT.sub("\\\\", inside))
    return bool(_SENTENCE.search(plain))


def _may_touch(inside: str, after: str) -> bool:
    """Tell whether a letter or digit may follow at once, as in `$k$NN` and `4$\\times$4`."""
    if _is_surely_tex(inside) or (len(inside) == 1 and not inside.isdigit()):
        return True
    if not any(character.isalnum() for character in inside):
        return True
    if after.isdigit():
        return False
    return bool(_PLAIN_TERM.fullmatch(inside)) and not _TWO_LETTERS.search(inside)


def _is_surely_tex(inside: str) -> bool:
    return any(
        character in "\\^_{"
        or (
            not character.isascii()
            and (character.isalpha() or unicodedata.category(character) == "Sm")
        )
        for character in inside
    )
