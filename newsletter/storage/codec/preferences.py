"""Preferences as JSON."""

import re
from dataclasses import fields as fields_of
from datetime import time
from operator import attrgetter
from typing import Any, Final

from newsletter.errors import StorageError
from newsletter.model import (
    Cadence,
    EmailAddress,
    Every,
    Follow,
    LetterFormat,
    Order,
    Preferences,
    Strictness,
    Topic,
    Weekday,
    WhenEmpty,
)
from newsletter.rules.recent import WorkedOut
from newsletter.storage.codec.json import Fields, Json, dump, write_day

_USUAL_WEIGHT: Final = 1.0

_EMAIL: Final = '"email":'
_FOLLOW: Final = ',"follow":'
_NAME: Final = '"name":'
_ORDER: Final = ',"order":'
_TOPICS: Final = '"topics":['
_WANTS_REVISIONS: Final = '],"wants_revisions":'
_TOPIC: Final = '{"about":'
_USUAL_TOPIC: Final = re.compile(
    '"{0}","name":"{0}","query":null,"title":"{0}","weight":1[.]0}}'.format(r'([^"\\\x00-\x1f]*)')
)
"""One without a query and with the usual weight, of whose texts nothing is escaped; without its beginning."""
_TOPIC_BEGINS: Final = len(_TOPIC)
_NEXT_TOPIC: Final = f",{_TOPIC}"


def write_preferences(preferences: Preferences) -> str:
    """Write a typed preferences document."""
    return dump(
        {
            "email": preferences.email,
            "name": preferences.name,
            "cadence": _cadence_json(preferences.cadence),
            "topics": [_topic_json(topic) for topic in preferences.topics],
            "follow": {
                "authors": preferences.follow.authors,
                "organizations": preferences.follow.organizations,
            },
            "mute": preferences.mute,
            "at_most": preferences.at_most,
            "order": preferences.order,
            "minimum_upvotes": preferences.minimum_upvotes,
            "wants_revisions": preferences.wants_revisions,
            "strictness": preferences.strictness,
            "when_empty": preferences.when_empty,
            "format": preferences.format,
            "pause_until": write_day(preferences.pause_until),
            # Said by those who want another thing than all: so an older program's rows stay as they are.
            **({} if preferences.learns else {"learns": False}),
        }
    )


def read_preferences(text: str) -> Preferences:
    """Read what `write_preferences` wrote.

    Everybody's document is another one, but thousands have topics in common, and all that is said
    beside address, name and topics: these parts are cut out as text, and each is read once.
    """
    parts = _parts_of(text)
    if parts is None:
        return _read_whole(text)
    try:
        email_text, name_text, topic_texts, settings = parts
        cadence, others = _SETTINGS[settings]
        email = _read_value(email_text)
        name = None if name_text == "null" else _read_value(name_text)
        topics = tuple(map(_READ_TOPICS.__getitem__, topic_texts))
    except StorageError:  # a newer program's, or damaged: whoever reads the whole will say
        return _read_whole(text)
    if email is None:
        return _read_whole(text)
    # By their places: by fifteen names it takes four times as long, and it is done for everybody.
    return Preferences(EmailAddress(email), name, cadence, topics, *others)


_Settings = tuple[str, str, str, str]
"""A document without what stands behind the keys of address, name and topics."""

_Parts = tuple[str, str, list[str], _Settings]
"""A document cut into what is somebody's own and what many have in common: address, name, topics, each of
these without its beginning, and the rest; all as JSON."""


def _parts_of(text: str) -> _Parts | None:
    """Cut a document at its keys, which stand in the order of their names; None for another order.

    A quotation mark inside a text is escaped: a key stands in no text.
    """
    before, _, rest = text.partition(_EMAIL)
    email, _, rest = rest.partition(_FOLLOW)
    middle, _, rest = rest.partition(_NAME)
    name, _, rest = rest.partition(_ORDER)
    later, _, rest = rest.partition(_TOPICS)
    topics, is_whole, end = rest.rpartition(_WANTS_REVISIONS)
    if not is_whole:
        return None
    if not topics:
        return email, name, [], (before, middle, later, end)
    if not topics.startswith(_TOPIC):
        return None
    return email, name, topics[_TOPIC_BEGINS:].split(_NEXT_TOPIC), (before, middle, later, end)


def _read_value(text: str) -> str | None:
    if text == "null":
        return None
    plain = text[1:-1]
    if text == f'"{plain}"' and "\\" not in plain and '"' not in plain:
        return plain
    value = Fields.load(f'{{"value":{text}}}', "preferences")
    return value.maybe("value", value.text)


_OTHERS: Final = attrgetter(*[one.name for one in fields_of(Preferences)][4:])
"""All that a document says beside address, name, cadence and topics, which come first."""


def _read_settings(parts: _Settings) -> tuple[Cadence, tuple[Any, ...]]:
    before, middle, later, end = parts
    nobodys = f'{before}{_EMAIL}""{_FOLLOW}{middle}{_NAME}null{_ORDER}{later}'
    said = _read_whole(f"{nobodys}{_TOPICS}{_WANTS_REVISIONS}{end}")
    return said.cadence, _OTHERS(said)


def _read_topic_text(rest: str) -> Topic:
    usual = _USUAL_TOPIC.fullmatch(rest)
    if usual is None:
        return _read_topic(Fields.load(_TOPIC + rest, "preferences.topics"))
    about, name, title = usual.groups()
    return Topic(
        name=name, title=title, about=title if about == title else about, weight=_USUAL_WEIGHT
    )


_SETTINGS: Final = WorkedOut(8_192, _read_settings)
_READ_TOPICS: Final = WorkedOut(80_000, _read_topic_text)


def _read_whole(text: str) -> Preferences:
    fields = Fields.load(text, "preferences")
    follow = fields.part("follow")
    return Preferences(
        email=EmailAddress(fields.text("email")),
        name=fields.maybe("name", fields.text),
        cadence=_read_cadence(fields.part("cadence")),
        topics=tuple(_read_topic(topic) for topic in fields.parts("topics")),
        follow=Follow(follow.texts("authors"), follow.texts("organizations")),
        mute=fields.texts("mute"),
        at_most=fields.integer("at_most"),
        order=fields.parsed("order", Order),
        minimum_upvotes=fields.integer("minimum_upvotes"),
        wants_revisions=fields.flag("wants_revisions"),
        strictness=fields.parsed("strictness", Strictness),
        when_empty=fields.parsed("when_empty", WhenEmpty),
        format=fields.parsed("format", LetterFormat),
        pause_until=fields.maybe("pause_until", fields.day),
        learns=fields.maybe("learns", fields.flag) is not False,
    )


def _cadence_json(cadence: Cadence) -> Json:
    return {
        "every": cadence.every,
        "at": cadence.at.isoformat(),
        "timezone": cadence.timezone,
        "days": [day.name for day in sorted(cadence.days)],
        "month_day": cadence.month_day,
    }


def _read_cadence(fields: Fields) -> Cadence:
    return Cadence(
        every=fields.parsed("every", Every),
        at=fields.parsed("at", time.fromisoformat),
        timezone=fields.text("timezone"),
        days=frozenset(fields.parsed_all("days", _read_weekday)),
        month_day=fields.maybe("month_day", fields.integer),
    )


def _read_weekday(name: str) -> Weekday:
    try:
        return Weekday[name]
    except KeyError as error:
        raise ValueError(name) from error


def _topic_json(topic: Topic) -> Json:
    return {
        "name": topic.name,
        "title": topic.title,
        "query": topic.query,
        "about": topic.about,
        "weight": topic.weight,
    }


def _read_topic(fields: Fields) -> Topic:
    title, weight = fields.text("title"), fields.number("weight")
    about = fields.maybe("about", fields.text)
    return Topic(
        name=fields.text("name"),
        title=title,
        query=fields.maybe("query", fields.text),
        # The same objects where nothing else was said: very many topics are held at once.
        about=title if about == title else about,
        weight=_USUAL_WEIGHT if weight == _USUAL_WEIGHT else weight,
    )
