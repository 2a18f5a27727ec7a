"""Write a document with every default filled in."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

from newsletter.model import Cadence, Every, Preferences, Topic, Weekday

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9@.+_/-]*( [A-Za-z0-9@.+_/-]+)*")
# Words that other YAML programs would not read as texts.
_TYPED: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def show(preferences: Preferences) -> str:
    """Return the YAML of a document that reads as `preferences`, every key written out.

    A topic whose title is not its name comes from the catalogue and is written by its name. What
    is not set stays empty after its colon.
    """
    return "\n".join(_lines(preferences)) + "\n"


def _lines(preferences: Preferences) -> Iterator[str]:
    yield f"email: {_scalar(preferences.email)}"
    yield _optional("name", None if preferences.name is None else _scalar(preferences.name))
    yield from _send(preferences.cadence)
    yield from _list("topics", (_topic(topic) for topic in preferences.topics))
    yield "follow:"
    yield f"  authors: {_flow(preferences.follow.authors)}"
    yield f"  organizations: {_flow(preferences.follow.organizations)}"
    yield from _list("mute", ([_scalar(query)] for query in preferences.mute))
    yield "entries:"
    yield f"  at_most: {preferences.at_most}"
    yield f"  order: {preferences.order}"
    yield f"  minimum_upvotes: {preferences.minimum_upvotes}"
    yield f"  revisions: {str(preferences.wants_revisions).lower()}"
    yield f"  learn: {str(preferences.learns).lower()}"
    yield f"strictness: {preferences.strictness}"
    yield f"when_empty: {preferences.when_empty}"
    yield f"format: {preferences.format}"
    until = preferences.pause_until
    yield _optional("pause_until", until.isoformat() if until else None)


def _send(cadence: Cadence) -> Iterator[str]:
    yield "send:"
    days = [day.name.lower() for day in Weekday if day in cadence.days]
    match cadence.every:
        case Every.DAYS:
            yield f"  every: [{', '.join(days)}]"
        case Every.WEEK:
            yield "  every: week"
            yield f"  day: {days[0]}"
        case Every.MONTH:
            yield "  every: month"
            yield f"  day: {cadence.month_day}"
        case every:
            yield f"  every: {every}"
    yield f'  at: "{cadence.at:%H:%M}"'
    yield f"  timezone: {cadence.timezone}"


def _topic(topic: Topic) -> list[str]:
    weight = [] if topic.weight == 1 else [f"weight: {topic.weight:g}"]
    if topic.title != topic.name:
        return [f"name: {_scalar(topic.name)}", *weight] if weight else [_scalar(topic.name)]
    query = [] if topic.query is None else [f"query: {_scalar(topic.query)}"]
    about = [] if topic.about is None else [f"about: {_scalar(topic.about)}"]
    return [f"name: {_scalar(topic.name)}", *query, *about, *(weight or ["weight: 1"])]


def _list(key: str, items: Iterable[list[str]]) -> Iterator[str]:
    written = list(items)
    yield f"{key}:" if written else f"{key}: []"
    for first, *rest in written:
        yield f"  - {first}"
        yield from (f"    {line}" for line in rest)


def _flow(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(_scalar(text) for text in texts)}]"


def _optional(key: str, value: str | None) -> str:
    return f"{key}:" if value is None else f"{key}: {value}"


def _scalar(text: str) -> str:
    """Quote a text where YAML asks for it; a JSON string is one of YAML (YAML 1.2 section 1.3)."""
    if _PLAIN.fullmatch(text) and text.lower() not in _TYPED:
        return text
    if "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False)
