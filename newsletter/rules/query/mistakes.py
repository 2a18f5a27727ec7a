"""What people write in other search boxes, and what they should write here instead.

Read as words these would be understood, as something else than was meant: `!survey` as the word itself.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from newsletter.rules.query.tree import TextField, ValueField, field_named

_COMPARED: Final = re.compile(r"([A-Za-z_]+)[<>=\u2264\u2265]")
_SIGNS: Final = {
    **dict.fromkeys(("&", "&&"), "words side by side mean AND; leave this sign out"),
    **dict.fromkeys(("|", "||"), "for one or the other write OR between them"),
}
_EXAMPLES: Final[Mapping[TextField | ValueField, str]] = {
    ValueField.DATE: ">=2026-01-31",
    ValueField.UPVOTES: ">=10",
}
_QUOTES: Final = ('"', "\u201c", "\u201d", "\u201e", "\u201f", "\u00ab", "\u00bb", "\uff02")


class Mistake(NamedTuple):
    """What to write instead, and the place within the word, from 0."""

    advice: str
    position: int


def mistake_in(word: str, before: str) -> Mistake | None:
    """Return what is wrong with a word that stands behind `before`, if anything is."""
    if word in _SIGNS:
        return Mistake(_SIGNS[word], 0)
    if word.startswith(("*", "\uff0a")) and before.endswith(_QUOTES):
        advice = 'a * stands inside the quotes, as in "safety guardrail*"'
        return Mistake(advice, 0)
    if word.startswith("!") and word.strip("!"):
        return Mistake(f"to exclude a word write -{word.lstrip('!')[:20]}", 0)
    if "|" in word.strip("|"):
        return Mistake("for one or the other write OR between them", word.index("|"))
    return _uncoloned(word)


def _uncoloned(word: str) -> Mistake | None:
    found = _COMPARED.match(word)
    field = field_named(found[1]) if found else None
    if field is None:
        return None
    example = _EXAMPLES.get(field, "survey")
    return Mistake(f"a colon stands behind a field, as in {field}:{example}", len(field))
