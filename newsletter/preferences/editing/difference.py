"""What is different between two preferences, key by key, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsletter.model import Cadence, Every, Preferences, Topic, Weekday


@dataclass(frozen=True, slots=True)
class Difference:
    """One key that says something else. None: it said, or says, nothing."""

    key: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        """Write `send.at: 08:00 → 07:30`, or what was added or removed."""
        if self.before is None:
            return f"{self.key}: + {self.after}"
        if self.after is None:
            return f"{self.key}: - {self.before}"
        return f"{self.key}: {self.before} → {self.after}"


def differences(old: Preferences, new: Preferences) -> tuple[Difference, ...]:
    """Return what differs, in the order of the documentation; nothing for equal preferences.

    Items of lists are told as added and removed; of a topic that stays, what changed in it. A
    changed order of a list changes nothing and is not told.
    """
    return tuple(_differences(old, new))


def _differences(old: Preferences, new: Preferences) -> Iterator[Difference]:
    yield from _values(_head(old), _head(new))
    yield from _topics(old.topics, new.topics)
    yield from _items("follow.authors", old.follow.authors, new.follow.authors)
    yield from _items("follow.organizations", old.follow.organizations, new.follow.organizations)
    yield from _items("mute", old.mute, new.mute)
    yield from _values(_tail(old), _tail(new))


def _head(one: Preferences) -> dict[str, str | None]:
    return {
        "email": one.email,
        "name": one.name,
        "send.every": _rhythm(one.cadence),
        "send.at": f"{one.cadence.at:%H:%M}",
        "send.timezone": one.cadence.timezone,
    }


def _tail(one: Preferences) -> dict[str, str | None]:
    return {
        "entries.at_most": str(one.at_most),
        "entries.order": str(one.order),
        "entries.minimum_upvotes": str(one.minimum_upvotes),
        "entries.revisions": str(one.wants_revisions).lower(),
        "entries.learn": str(one.learns).lower(),
        "strictness": str(one.strictness),
        "when_empty": str(one.when_empty),
        "format": str(one.format),
        "pause_until": one.pause_until.isoformat() if one.pause_until else None,
    }


def _rhythm(cadence: Cadence) -> str:
    days = ", ".join(day.name.lower() for day in Weekday if day in cadence.days)
    match cadence.every:
        case Every.DAYS:
            return f"[{days}]"
        case Every.WEEK:
            return f"week (day: {days})" if days else "week"
        case Every.MONTH:
            return f"month (day: {cadence.month_day})" if cadence.month_day else "month"
        case every:
            return str(every)


def _values(old: Mapping[str, str | None], new: Mapping[str, str | None]) -> Iterator[Difference]:
    for key, before in old.items():
        if before != new[key]:
            yield Difference(key, before, new[key])


def _items(key: str, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Difference]:
    yield from (Difference(key, one, None) for one in old if one not in new)
    yield from (Difference(key, None, one) for one in new if one not in old)


def _topics(old: tuple[Topic, ...], new: tuple[Topic, ...]) -> Iterator[Difference]:
    before = {topic.name: topic for topic in old}
    after = {topic.name: topic for topic in new}
    yield from _items("topics", tuple(before), tuple(after))
    for name, topic in after.items():
        if name in before:
            yield from _values(_in_topic(before[name], name), _in_topic(topic, name))


def _in_topic(topic: Topic, name: str) -> dict[str, str | None]:
    prefix = f"topics.{name}"
    return {
        f"{prefix}.query": topic.query,
        f"{prefix}.about": topic.about,
        f"{prefix}.weight": f"{topic.weight:g}",
    }
