"""What each key of a preferences document means, for people who write one in an editor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from newsletter.model import Weekday

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_NOTHING: Final[Mapping[str, Json]] = MappingProxyType({})
_DAYS: Final[list[Json]] = [day.name.lower() for day in Weekday]
_RHYTHMS: Final[list[Json]] = ["day", "weekday", "week", "month"]
_DATES: Final[Json] = {
    "anyOf": [
        {"type": "integer", "minimum": 1, "maximum": 31},
        {"type": "string", "pattern": "^(0?[1-9]|[12][0-9]|3[01])$"},
        {"type": "null"},
    ]
}


@dataclass(frozen=True, slots=True)
class Words:
    """Title, description, default (of a newsletter that sets none itself) and examples of a key."""

    title: str
    description: str
    default: Json = None
    examples: tuple[Json, ...] = ()
    conditions: Mapping[str, Json] = field(default_factory=lambda: _NOTHING)


def _when(every: Json, day: Json) -> Json:
    rhythm: Json = {"properties": {"every": every}, "required": ["every"]}
    return {"if": rhythm, "then": {"properties": {"day": day}}}


_TEXT: Final[Mapping[str, Json]] = {"type": ["string", "number", "boolean"], "pattern": "\\S"}
"""One line of text; an editor reads some texts as numbers, our loader reads all as they are."""


_YES_OR_NO: Final[Mapping[str, Json]] = {
    "anyOf": [
        {"type": "boolean"},
        {
            "type": "string",
            "pattern": "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy][Ee][Ss]|[Nn][Oo]"
            "|[Oo][Nn]|[Oo][Ff][Ff])$",
        },
    ]
}


def _whole(least: int, most: int) -> Mapping[str, Json]:
    number: Json = {"type": "integer", "minimum": least, "maximum": most}
    return {"anyOf": [number, {"type": "string", "pattern": "^[0-9]{1,12}$"}]}


SHAPES: Final[Mapping[str, Mapping[str, Json]]] = {
    "email": {"type": "string", "pattern": "^[^\\s@]+@[^\\s@]+$"},
    "name": _TEXT,
    "send.every": {
        "anyOf": [
            {"enum": _RHYTHMS},
            {"type": "array", "items": {"enum": _DAYS}, "minItems": 1},
        ]
    },
    "send.day": {
        "anyOf": [
            {"enum": _DAYS},
            {"type": "integer", "minimum": 1, "maximum": 31},
            {"type": "string", "pattern": "^(0?[1-9]|[12][0-9]|3[01])$"},
        ]
    },
    "send.at": {"type": "string", "pattern": "^([01]?[0-9]|2[0-3]):[0-5][0-9]$"},
    "send.timezone": {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_+/-]*$"},
    "topics.name": _TEXT,
    "topics.query": _TEXT,
    "topics.about": _TEXT,
    "topics.weight": {
        "anyOf": [
            {"type": "number", "exclusiveMinimum": 0, "maximum": 10},
            {"type": "string", "pattern": "^[0-9]{1,2}(\\.[0-9]{1,6})?$"},
        ]
    },
    "follow.authors[]": _TEXT,
    "follow.organizations[]": _TEXT,
    "mute[]": _TEXT,
    "entries.at_most": _whole(1, 50),
    "entries.minimum_upvotes": _whole(0, 1_000_000),
    "entries.revisions": _YES_OR_NO,
    "entries.learn": _YES_OR_NO,
    "pause_until": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$"},
}
"""The values of keys whose types say too little. `key[]` is an item of a list."""

WORDS: Final[Mapping[str, Words]] = {
    "": Words(
        "Preferences",
        "What one subscriber asks for. Only `email` must be there; an empty value means the default, "
        "which the newsletter may have set in its own way.",
    ),
    "email": Words("Address", "Where the letters go.", examples=("ada@example.org",)),
    "name": Words("Name", "How letters greet you; up to 100 characters.", examples=("Ada",)),
    "send": Words(
        "When letters come",
        "A rhythm, a local time and a time zone.",
        conditions={
            "allOf": [
                _when(
                    {"anyOf": [{"enum": ["day", "weekday"]}, {"type": "array"}]}, {"type": "null"}
                ),
                _when({"const": "week"}, {"enum": [*_DAYS, None]}),
                _when({"const": "month"}, _DATES),
            ]
        },
    ),
    "send.every": Words(
        "Rhythm",
        "`day`, `weekday` (Monday to Friday), `week` or `month` (both with a `day`), or a list of "
        "days such as `[mon, thu]`.",
        "weekday",
        ("day", "weekday", "week", "month", ["mon", "thu"]),
    ),
    "send.day": Words(
        "Day",
        "For `every: week` one of `mon` to `sun`; for `every: month` 1 to 31, where 31 means the "
        "last day of a shorter month.",
        examples=("mon", "fri", 1, 31),
    ),
    "send.at": Words(
        "Time", "Local time, hours and minutes.", "08:00", ("07:30", "08:00", "18:00")
    ),
    "send.timezone": Words(
        "Time zone",
        "A name of the IANA time zone database.",
        "UTC",
        (
            *("Europe/Paris", "Europe/Berlin", "Europe/London", "America/New_York"),
            *("America/Chicago", "America/Los_Angeles", "America/Sao_Paulo", "Asia/Tokyo"),
            *("Asia/Shanghai", "Asia/Kolkata", "Australia/Sydney", "Africa/Nairobi", "UTC"),
        ),
    ),
    "topics": Words(
        "Topics",
        "What you follow, up to 50: a name from the newsletter's catalogue, or a topic of your own "
        "with a `query`, an `about` or both. None at all means the newsletter's default topics.",
        examples=(["reinforcement-learning", {"name": "robots", "query": "robot* -drone"}],),
    ),
    "topics.name": Words(
        "Name", "The name of the topic; letters call it so.", examples=("robots",)
    ),
    "topics.query": Words(
        "Query",
        'What must be in an entry, in the topic language: words, "phrases", AND, OR, NOT, '
        "brackets, an ending*, title:word. Best in single quotes.",
        examples=('"safety guardrail*" OR (jailbreak AND title:policy)',),
    ),
    "topics.about": Words(
        "About",
        "What the topic is about, in your own words: a few of them or a paragraph.",
        examples=("machine learning that helps to plan climate policy",),
    ),
    "topics.weight": Words(
        "Weight", "How much the topic counts: above 0, up to 10.", 1, (0.5, 1, 2)
    ),
    "follow": Words("Follow", "Whose entries are always shown."),
    "follow.authors": Words("Authors", "Up to 200 names.", examples=(["Jane Q. Researcher"],)),
    "follow.organizations": Words(
        "Organizations", "Up to 200 names.", examples=(["Example Institute"],)
    ),
    "mute": Words(
        "Mute",
        "What is never shown: up to 50 queries of the topic language.",
        examples=(["title:survey", "benchmark AND leaderboard"],),
    ),
    "entries": Words("Entries", "How many entries a letter has, and which come first."),
    "entries.at_most": Words("At most", "Entries in one letter, 1 to 50.", 10, (5, 10, 20)),
    "entries.order": Words(
        "Order", "By relevance to your topics, by up-votes, or the newest first.", "relevance"
    ),
    "entries.minimum_upvotes": Words(
        "Minimum of up-votes", "An entry with fewer is not shown yet.", 0, (0, 5)
    ),
    "entries.revisions": Words(
        "Revisions", "Whether a new version of an entry already sent comes again.", default=False
    ),
    "entries.learn": Words(
        "Learn",
        "Whether your likes and dislikes change which entries come, and in which order.",
        default=True,
    ),
    "strictness": Words("Strictness", "How sure a topic matched by meaning must be.", "normal"),
    "when_empty": Words(
        "When empty",
        "What happens when nothing was found: `skip` the letter, send a short `note` that says so, "
        "or `carry` the best of the last 14 days.",
        "skip",
    ),
    "format": Words("Format", "HTML with a text part, or text alone.", "html"),
    "pause_until": Words(
        "Pause", "The first day on which letters come again.", examples=("2027-01-04",)
    ),
}
"""Every key in the order of the documentation; the empty one is the whole document."""
