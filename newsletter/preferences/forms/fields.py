"""From the fields that a browser sends to a form."""

import re
from collections.abc import Mapping
from typing import Final

from newsletter.preferences.forms.form import (
    LISTS,
    SWITCHES,
    USUAL_WEIGHT,
    WORDS,
    Form,
    OwnTopic,
    Rhythm,
    Topics,
    clean,
    clean_paragraph,
)
from newsletter.preferences.forms.reading import DAY_NAMES, DAYS

MOST_ROWS: Final = 60
"""Some more than a document may have topics: the rest is told of, not dropped."""
_ROW: Final = re.compile(r"own\.([0-9]{1,3})\.(?:name|query|about)")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


def read_fields(fields: Mapping[str, str], before: Form) -> Form:
    """Return the form as it was sent; a field that was not sent says what it said `before`.

    Unticked boxes are not sent, so a form says with a field `form` that it was sent as a whole.
    """
    if "form" not in fields:
        return before
    return Form(
        rhythm=_rhythm(fields, before.rhythm),
        topics=Topics(_chosen(fields, before.topics), _own(fields)),
        words={key: clean(fields[key]) if key in fields else before.words[key] for key in WORDS},
        switches={key: key in fields for key in SWITCHES},
        lists={key: _lines(fields[key]) if key in fields else before.lists[key] for key in LISTS},
    )


def _rhythm(fields: Mapping[str, str], before: Rhythm) -> Rhythm:
    every = clean(fields.get("send.every", before.every))
    match every:
        case "week":
            return Rhythm(every, weekday=clean(fields.get("send.weekday", before.weekday)))
        case "month":
            return Rhythm(every, date=clean(fields.get("send.date", before.date)))
        case _ if every == DAYS:
            return Rhythm(every, tuple(day for day in DAY_NAMES if f"send.days.{day}" in fields))
        case _:
            return Rhythm(every)


def _chosen(fields: Mapping[str, str], before: Topics) -> Mapping[str, str]:
    names = [name.removeprefix("topic.") for name in fields if name.startswith("topic.")]
    return {
        name: clean(fields.get(f"weight.{name}", "")) or before.chosen.get(name, USUAL_WEIGHT)
        for name in names
    }


def _own(fields: Mapping[str, str]) -> tuple[OwnTopic, ...]:
    numbers = sorted({int(found[1]) for name in fields if (found := _ROW.fullmatch(name))})
    rows = (_row(fields, f"own.{number}.") for number in numbers[:MOST_ROWS])
    return tuple(row for row in rows if not row.is_blank)


def _row(fields: Mapping[str, str], prefix: str) -> OwnTopic:
    place = fields.get(f"{prefix}place", "")
    is_place = place.isascii() and place.isdecimal() and len(place) <= 4  # noqa: PLR2004
    return OwnTopic(
        clean(fields.get(f"{prefix}name", "")),
        clean(fields.get(f"{prefix}query", "")),
        clean_paragraph(fields.get(f"{prefix}about", "")),
        clean(fields.get(f"{prefix}weight", "")) or USUAL_WEIGHT,
        int(place) if is_place else None,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(filter(None, map(clean, _LINE_END.split(text))))
