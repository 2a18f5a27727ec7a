"""From the changed fields of a form to the document, with every other byte as it was."""

from collections.abc import Mapping
from typing import Final

from newsletter.preferences.editing.edit import read_value, rewrite
from newsletter.preferences.editing.quoting import Value
from newsletter.preferences.forms.form import (
    LISTS,
    RHYTHM,
    TOPICS,
    USUAL_WEIGHT,
    Form,
    OwnTopic,
    Rhythm,
    Topics,
    changed_facets,
)
from newsletter.preferences.forms.reading import DAYS, FormReader, as_mapping, line_of, look
from newsletter.preferences.schema.surroundings import folded

_Keys = Mapping[str, Value]
_TOPIC_KEYS: Final = ("name", "query", "about", "weight")


def write_form(text: str, before: Form, after: Form, reader: FormReader) -> str:
    """Return the document `text`, whose form is `before`, as its form `after` wants it.

    Only what differs between the two is written. Raises PreferencesError where `text` is no YAML of
    keys, and for what cannot be written into it.
    """
    changed = changed_facets(before, after)
    if not changed:
        return text
    written = as_mapping(read_value(text))
    wanted = written
    for key in changed:
        wanted = _with_facet(wanted, key, before, after, reader)
    return rewrite(text, dict(wanted))


def _with_facet(written: _Keys, key: str, before: Form, after: Form, reader: FormReader) -> _Keys:
    if key == RHYTHM:
        return _with_rhythm(written, before.rhythm, after.rhythm)
    if key == TOPICS:
        items = _Items(reader, before.topics, after.topics).written(reader.items_of(written))
        return {**written, TOPICS: items}
    if key in LISTS:
        return _put(written, key, _list(look(written, key), after.lists[key]))
    if key in after.switches:
        return _put(written, key, "true" if after.switches[key] else "false")
    return _put(written, key, after.words[key] or None)


def _with_rhythm(written: _Keys, before: Rhythm, after: Rhythm) -> _Keys:
    day = after.weekday or after.date or None
    if (after.every, after.days) != (before.every, before.days):
        every: Value = [*after.days] if after.every == DAYS else after.every or None
        written = _put(written, RHYTHM, every)
    return _put(written, "send.day", day)


def _list(items: Value, wanted: tuple[str, ...]) -> Value:
    """Return the texts of a list; what stands there already is written as it is there."""
    known = {line_of(item): item for item in items} if isinstance(items, list) else {}
    return [known.get(line, line) for line in wanted]


class _Items:
    """The list of topics, made anew out of what is there."""

    def __init__(self, reader: FormReader, before: Topics, after: Topics) -> None:
        self._reader = reader
        self._before = {row.place: row for row in before.own}
        self._chosen = after.chosen
        self._rows, self._new = _placed(before, after)

    def written(self, items: list[Value]) -> list[Value]:
        kept: list[Value] = []
        met: set[str] = set()
        for place, item in enumerate(items):
            name = self._reader.catalogue_name(item)
            if name is not None:
                if name in self._chosen:
                    met.add(name)
                    kept.append(_weighed(item, self._chosen[name]))
            elif place not in self._before:
                kept.append(item)  # no field shows it
            elif row := self._rows.get(place):
                kept.append(item if row == self._before[place] else _as_row(item, row))
        chosen: list[Value] = [
            _weighed(name, weight) for name, weight in self._chosen.items() if name not in met
        ]
        return [*kept, *chosen, *(_as_row({}, row) for row in self._new)]


def _placed(before: Topics, after: Topics) -> tuple[Mapping[int, OwnTopic], list[OwnTopic]]:
    """Return the rows of topics that are there already, by their place, and the new ones.

    A row without a place is the topic of its name, if no other row is.
    """
    places = {row.place for row in before.own if row.place is not None}
    rows: dict[int, OwnTopic] = {}
    new: list[OwnTopic] = []
    for row in after.own:
        if row.place in places and row.place not in rows:
            rows[row.place] = row
        else:
            new.append(row)
    named = {folded(one.name): one.place for one in before.own}
    for row in list(new):
        place = named.get(folded(row.name))
        if place is not None and place not in rows:
            rows[place] = OwnTopic(row.name, row.query, row.about, row.weight, place)
            new.remove(row)
    return rows, new


def _weighed(item: Value, weight: str) -> Value:
    """Return a topic of the catalogue with a weight."""
    if isinstance(item, dict):
        if (line_of(item.get("weight")) or USUAL_WEIGHT) == weight:
            return item
        return {**item, "weight": weight}
    return item if weight == USUAL_WEIGHT else {"name": item, "weight": weight}


def _as_row(item: Value, row: OwnTopic) -> Value:
    """Return a topic that says what its row says; keys that the row does not have stay."""
    old = {"name": item} if isinstance(item, str) else as_mapping(item)
    said: dict[str, str] = {"name": row.name, "query": row.query, "about": row.about}
    if row.weight != USUAL_WEIGHT or old.get("weight") is not None:
        said["weight"] = row.weight
    new: dict[str, Value] = {}
    for key in dict.fromkeys((*old, *_TOPIC_KEYS)):
        value = said.get(key, "")
        before = old.get(key)
        if key not in _TOPIC_KEYS or _says(before, key, value):
            if key in old:
                new[key] = before
        elif value:
            new[key] = value
    return new


def _says(value: Value, key: str, text: str) -> bool:
    """Whether a value shows as `text` in its field already, however it is written."""
    shown = line_of(value)
    return (" ".join(shown.split()) if key == "about" else shown) == text


def _put(written: _Keys, key: str, value: Value) -> _Keys:
    """Return keys with one changed; None takes it away, and its section when it is the last one in it."""
    section, _, inner = key.partition(".")
    if inner:
        keys = as_mapping(written.get(section))
        value = dict(_put(keys, inner, value))
        if not value and not keys:
            return written
        value = value or None
    if value is None:
        return {name: one for name, one in written.items() if name != section}
    return {**written, section: value}
