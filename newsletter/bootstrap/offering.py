"""What new readers can choose from: topics in words, and time zones."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final
from zoneinfo import available_timezones

from newsletter.errors import QueryError
from newsletter.model import CatalogueTopic, Topic
from newsletter.preferences import is_timezone
from newsletter.rules.composing import shorten, tidy
from newsletter.rules.query import And, Form, Node, Or, Term, TextField, parse

_SHOWN_WORDS: Final = 6
_CHARACTERS: Final = 140
_PARTS: Final = (
    *("Africa", "America", "Antarctica", "Asia", "Atlantic"),
    *("Australia", "Europe", "Indian", "Pacific"),
)
_NOWHERE: Final = ("UTC",)


def words_of(topic: Topic) -> str:
    """Return in a few words what a topic brings: what it is about, else what its query looks for."""
    if topic.about:
        return shorten(tidy(topic.about), _CHARACTERS)
    try:
        found = _wanted(parse(topic.query or "").root)
        words = list(islice(dict.fromkeys(filter(None, found)), _SHOWN_WORDS + 1))
    except QueryError:  # of a catalogue that was checked; who reads the page cannot mend it
        return ""
    shown = ", ".join(words[:_SHOWN_WORDS])
    is_cut = len(words) > _SHOWN_WORDS and not shown.endswith("…")
    return shorten(f"{shown} …" if is_cut else shown, _CHARACTERS)


def zones_by_part() -> Mapping[str, Sequence[str]]:
    """Return the time zones that this machine knows and people live in, by the part of the world."""
    known = sorted(filter(is_timezone, available_timezones()))
    parts = {part: tuple(one for one in known if one.startswith(f"{part}/")) for part in _PARTS}
    anywhere = tuple(filter(is_timezone, _NOWHERE))
    return {**{part: some for part, some in parts.items() if some}, "Elsewhere": anywhere}


def defaults_first(offered: Iterable[CatalogueTopic]) -> list[CatalogueTopic]:
    """Return topics in their order, those first that people get who name none."""
    return sorted(offered, key=lambda one: not one.is_default)


def _wanted(part: Node) -> Iterator[str]:
    """Yield the words of a query that an entry may have, as they are written."""
    match part:
        case Term(field=None | TextField.TITLE | TextField.ABSTRACT):
            word = part.written.rpartition(":")[2].strip('"*() ')
            yield f"{word}…" if part.form is Form.PREFIX else word
        case And() | Or():
            for one in part.parts:
                yield from _wanted(one)
        case _:
            return
