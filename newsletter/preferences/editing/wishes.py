"""A command of a mail as a change of the document: `add robotics`, `weekly fri at 07:30`, `pause 14d`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from newsletter.errors import PreferencesError
from newsletter.model import Command, CommandName, Preferences, Topic
from newsletter.preferences.editing.edit import Append, Change, Put, Remove, edit, read_value
from newsletter.preferences.editing.quoting import Value
from newsletter.preferences.schema.surroundings import Surroundings

_LIST: Final = ","


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a command is about: its words, and the document as it stands."""

    arguments: tuple[str, ...]
    preferences: Preferences
    document: Value
    around: Surroundings
    today: date


def fulfil(
    text: str, command: Command, preferences: Preferences, around: Surroundings, *, today: date
) -> str:
    """Return the document `text`, which says `preferences`, as `command` wants it.

    `today` is the day where the person lives. Every other byte stays. Raises PreferencesError,
    in words for the person, for what cannot be done, e.g. a topic that is not there.
    """
    make = _CHANGES.get(command.name)
    if make is None:
        message = f"{command.name}: changes no preferences"
        raise PreferencesError(message)
    asked = _Asked(command.arguments, preferences, read_value(text), around, today)
    return edit(text, *make(asked))


def begin_document(address: str, topics: tuple[str, ...], around: Surroundings) -> str:
    """Return the first document of a person who asked for `topics`; without any, the default ones."""
    changes = [Append(("topics",), _written(topic, around)) for topic in topics]
    return edit(f"email: {address}\n", *changes)


def _add(asked: _Asked) -> Iterator[Change]:
    known = [_names(topic) for topic in asked.preferences.topics]
    for topic in asked.arguments:
        if any(_bare(topic).casefold() in names for names in known):
            message = f"you follow {_bare(topic)} already"
            raise PreferencesError(message)
        yield Append(("topics",), _written(topic, asked.around))


def _delete(asked: _Asked) -> Iterator[Change]:
    places = []
    for topic in asked.arguments:
        wanted = _bare(topic).casefold()
        found = [
            place for place, one in enumerate(asked.preferences.topics) if wanted in _names(one)
        ]
        if not found:
            message = f"{_bare(topic)} is none of your topics"
            raise PreferencesError(message)
        places += found
    for place in sorted(set(places), reverse=True):
        yield Remove(("topics", place))


def _cadence(asked: _Asked) -> Iterator[Change]:
    values = dict(zip(asked.arguments[::2], asked.arguments[1::2], strict=True))
    send = asked.document.get("send") if isinstance(asked.document, dict) else None
    if "every" in values and "day" not in values and isinstance(send, dict) and "day" in send:
        yield Remove(("send", "day"))  # it belonged to another rhythm
    for key, value in values.items():
        written: Value = [*value.split(_LIST)] if _LIST in value else value
        yield Put(("send", key), written)


def _at_most(asked: _Asked) -> Iterator[Change]:
    yield Put(("entries", "at_most"), asked.arguments[0])


def _pause(asked: _Asked) -> Iterator[Change]:
    how, value = asked.arguments
    until = asked.today + timedelta(days=int(value)) if how == "days" else date.fromisoformat(value)
    if until <= asked.today:
        message = f"{until.isoformat()} is no day ahead"
        raise PreferencesError(message)
    yield Put(("pause_until",), until.isoformat())


def _resume(asked: _Asked) -> Iterator[Change]:
    if isinstance(asked.document, dict) and "pause_until" in asked.document:
        yield Remove(("pause_until",))


_CHANGES: Final[Mapping[CommandName, Callable[[_Asked], Iterator[Change]]]] = {
    CommandName.ADD: _add,
    CommandName.DELETE: _delete,
    CommandName.CADENCE: _cadence,
    CommandName.AT_MOST: _at_most,
    CommandName.PAUSE: _pause,
    CommandName.RESUME: _resume,
}


def _written(topic: str, around: Surroundings) -> Value:
    """Return how a topic stands in a document: by its name in the catalogue, else with a query."""
    if topic in around.catalogue:
        return topic
    return {"name": _bare(topic), "query": topic}


def _bare(topic: str) -> str:
    return " ".join(topic.replace('"', " ").split())


def _names(topic: Topic) -> frozenset[str]:
    """Return what a person may call a topic."""
    written = (topic.name, topic.title, topic.query or "")
    return frozenset(_bare(one).casefold() for one in written if one)
