"""Other words that people write for keys and values, and the right ones for them."""

from collections.abc import Mapping
from typing import Final

TOPIC_KEYS: Final[Mapping[str, str]] = {
    "title": "name",
    "topic": "name",
    "search": "query",
    "keywords": "query",
    "terms": "query",
    "description": "about",
    "text": "about",
    "priority": "weight",
}

FOLLOW_KEYS: Final[Mapping[str, str]] = {"author": "authors", "people": "authors"}

ENTRIES_KEYS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("limit", "max", "maximum", "count", "number", "how_many"), "at_most"),
    **dict.fromkeys(("sort", "sort_by", "order_by", "sorting"), "order"),
    **dict.fromkeys(("min_upvotes", "upvotes", "minimum_votes"), "minimum_upvotes"),
    **dict.fromkeys(("likes", "learning", "learns", "personalize"), "learn"),
}

PREFERENCES_KEYS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("interests", "tags", "keywords", "subscriptions", "topic"), "topics"),
    **dict.fromkeys(("exclude", "filter", "filters", "block", "ignore", "muted"), "mute"),
    **dict.fromkeys(("schedule", "delivery"), "send"),
    **dict.fromkeys(("frequency", "cadence", "send.every"), "send.every"),
    **dict.fromkeys(("time_zone", "tz", "zone"), "send.timezone"),
    **dict.fromkeys(("time", "hour"), "send.at"),
    **dict.fromkeys(("limit", "max", "maximum", "count"), "entries.at_most"),
    **dict.fromkeys(("min_upvotes", "upvotes"), "entries.minimum_upvotes"),
    **dict.fromkeys(("sort", "sorting"), "entries.order"),
    **dict.fromkeys(("author", "people"), "follow.authors"),
}

DOCUMENT_KEYS: Final[Mapping[str, str]] = {
    **PREFERENCES_KEYS,
    **dict.fromkeys(("mail", "e_mail", "address", "to", "email_address"), "email"),
    **dict.fromkeys(("paused", "pause", "holiday", "vacation", "until"), "pause_until"),
}

ORDERS: Final = {
    **dict.fromkeys(("popular", "popularity", "upvotes", "top", "hot"), "trending"),
    **dict.fromkeys(("date", "new", "latest", "recent", "time"), "newest"),
    **dict.fromkeys(("relevant", "best", "score", "match"), "relevance"),
}
STRICTNESS: Final = {"high": "strict", "low": "relaxed", "medium": "normal", "loose": "relaxed"}
WHEN_EMPTY: Final = {"yes": "note", "true": "note", "no": "skip", "false": "skip", "send": "note"}
FORMATS: Final = {
    "plain": "text",
    "txt": "text",
    "plaintext": "text",
    "plain text": "text",
    "rich": "html",
}
