"""Preferences as JSON."""

from datetime import time
from functools import lru_cache

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
from newsletter.storage.codec.json import Fields, Json, dump, write_day


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
        }
    )


@lru_cache(maxsize=8_192)  # `serve` reads all of them each minute, and few ever change
def read_preferences(text: str) -> Preferences:
    """Read what `write_preferences` wrote."""
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
    return Topic(
        name=fields.text("name"),
        title=fields.text("title"),
        query=fields.maybe("query", fields.text),
        about=fields.maybe("about", fields.text),
        weight=fields.number("weight"),
    )
