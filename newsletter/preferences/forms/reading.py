"""From a document to the fields of its form, broken values and all, with the defaults it leaves out."""

import re
from collections.abc import Mapping
from typing import Final

from newsletter.errors import PreferencesError
from newsletter.model import Weekday
from newsletter.preferences.editing.edit import read_value
from newsletter.preferences.editing.quoting import Value
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
from newsletter.preferences.schema.surroundings import Surroundings
from newsletter.preferences.show import show

DAY_NAMES: Final = tuple(day.name.lower() for day in Weekday)
DAYS: Final = "days"
_YES: Final = frozenset({"true", "yes", "on"})
_NO: Final = frozenset({"false", "no", "off"})
_TIME: Final = re.compile(r"[0-9]:[0-5][0-9]")


class FormReader:
    """Reads documents into forms; the defaults are those of the operator."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._defaults = as_mapping(read_value(show(around.defaults)))

    def read(self, text: str) -> Form | None:
        """Return the form of a document; None for a text that is no YAML of keys.

        A value that no field can hold is left empty there: the document's problems tell of it.
        """
        try:
            value = read_value(text)
        except PreferencesError:
            return None
        if value is not None and not isinstance(value, dict):
            return None
        return self.read_mapping(as_mapping(value))

    def read_mapping(self, written: Mapping[str, Value]) -> Form:
        """Return the form of a document that is read already."""
        return Form(
            rhythm=self._rhythm(written),
            topics=self.topics_in(self.items_of(written)),
            words={key: _word(key, self._effective(written, key)) for key in WORDS},
            switches={key: self._switch(written, key) for key in SWITCHES},
            lists={key: _lines(self._effective(written, key)) for key in LISTS},
        )

    def items_of(self, written: Mapping[str, Value]) -> list[Value]:
        """Return the topics as they are written, or the default ones where none are."""
        items = self._effective(written, "topics")
        if isinstance(items, list):
            return items
        return [items] if isinstance(items, str) else []

    def topics_in(self, items: list[Value]) -> Topics:
        """Return what the fields for topics show."""
        chosen: dict[str, str] = {}
        own: list[OwnTopic] = []
        for place, item in enumerate(items):
            if name := self.catalogue_name(item):
                chosen.setdefault(name, _weight_of(item))
            elif row := _own_topic(item, place):
                own.append(row)
        return Topics(chosen, tuple(own))

    def catalogue_name(self, item: Value) -> str | None:
        """Return the catalogue's name of a topic that is the catalogue's, None for another."""
        name = item
        if isinstance(item, dict):
            is_own = item.get("query") is not None or item.get("about") is not None
            name = None if is_own else item.get("name")
        known = self._around.topic(name) if isinstance(name, str) else None
        return known.name if known else None

    def _effective(self, written: Mapping[str, Value], key: str) -> Value:
        found = look(written, key)
        return look(self._defaults, key) if found is None else found

    def _rhythm(self, written: Mapping[str, Value]) -> Rhythm:
        every, day = look(written, "send.every"), look(written, "send.day")
        default = look(self._defaults, "send.every")
        if day is None and (every is None or every == default):
            day = look(self._defaults, "send.day")
        every = default if every is None else every
        if isinstance(every, list):
            named = {one.casefold() for one in every if isinstance(one, str)}
            return Rhythm(DAYS, days=tuple(name for name in DAY_NAMES if name in named))
        word, said = _text(every), _text(day)
        return Rhythm(
            word,
            weekday=said if word == "week" else "",
            date=said if word == "month" else "",
        )

    def _switch(self, written: Mapping[str, Value], key: str) -> bool:
        said = _text(look(written, key)).casefold()
        if said in _YES | _NO:
            return said in _YES
        return _text(look(self._defaults, key)) == "true"


def as_mapping(value: Value) -> Mapping[str, Value]:
    """Return keys with their values; none for what has none."""
    return value if isinstance(value, dict) else {}


def look(written: Mapping[str, Value], key: str) -> Value:
    """Return the value at a dotted key of at most two words; None where there is none."""
    section, _, inner = key.partition(".")
    value = written.get(section)
    return as_mapping(value).get(inner) if inner else value


def line_of(item: Value) -> str:
    """Return an item of a list as its line shows it; "" for what none can show."""
    return _text(item)


def _text(value: Value) -> str:
    return clean(value) if isinstance(value, str) else ""


def _word(key: str, value: Value) -> str:
    said = _text(value)
    return f"0{said}" if key == "send.at" and _TIME.fullmatch(said) else said


def _lines(value: Value) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(filter(None, map(_text, items)))


def _own_topic(item: Value, place: int) -> OwnTopic | None:
    if isinstance(item, str):
        row = OwnTopic(_text(item), place=place)
    else:
        keys = as_mapping(item)
        about = keys.get("about")
        row = OwnTopic(
            _text(keys.get("name")),
            _text(keys.get("query")),
            clean_paragraph(about) if isinstance(about, str) else "",
            _weight_of(item),
            place,
        )
    return None if row.is_blank else row


def _weight_of(item: Value) -> str:
    return _text(as_mapping(item).get("weight")) or USUAL_WEIGHT
