"""Chooses the text templates that one part of a letter may be made of."""

from collections.abc import Mapping
from typing import Final

from newsletter.rendering.places import Place, PlacedText

_SUFFIX: Final = ".txt.j2"
_WHOLE: Final = frozenset({"edition.txt.j2", "answer.txt.j2"})
"""The text part of a kind of letter each; what is none of them is a piece."""


def text_templates(name: str, templates: Mapping[str, str]) -> dict[str, PlacedText]:
    """Return the text template `name` and all that it may include.

    The other kinds of letters are left out: one that is broken stops nobody else.
    """
    return {
        one: _as_written(one, source)
        for one, source in templates.items()
        if one.endswith(_SUFFIX) and (one == name or one not in _WHOLE)
    }


def _as_written(name: str, source: str) -> PlacedText:
    lines = range(1, source.count("\n") + 2)
    return PlacedText(source, tuple(Place(name, line) for line in lines))
