"""The words of the form: what its choices are called, and what both sides say where they differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from zoneinfo import available_timezones

from newsletter.preferences import DAY_NAMES, Form
from newsletter.rules.composing import join_words

if TYPE_CHECKING:
    from newsletter.model import Problem
    from newsletter.preferences import Difference

Choice = tuple[str, str]
_LONG_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS: Final = tuple(zip(DAY_NAMES, _LONG_DAYS, strict=True))
CHOICES: Final[Mapping[str, Sequence[Choice]]] = {
    "send.every": (
        ("day", "every day"),
        ("weekday", "Monday to Friday"),
        ("days", "on the days ticked below"),
        ("week", "once a week"),
        ("month", "once a month"),
    ),
    "send.weekday": DAYS,
    "entries.order": (
        ("relevance", "what fits my topics best"),
        ("trending", "what most people liked"),
        ("newest", "what is newest"),
    ),
    "strictness": (
        ("strict", "strict: only what is surely about it"),
        ("normal", "normal"),
        ("relaxed", "relaxed: rather too much than too little"),
    ),
    "when_empty": (
        ("skip", "no letter"),
        ("note", "a short letter that says so"),
        ("carry", "the best of the last two weeks"),
    ),
    "format": (("html", "designed, with colour"), ("text", "plain text")),
}
_RHYTHMS: Final[Mapping[str, str]] = {"day": "every day", "weekday": "Monday to Friday"}
_NAMES: Final = {
    "name": "Your name",
    "send.every": "How often",
    "send.at": "Time",
    "send.timezone": "Time zone",
    "topics": "Topics",
    "follow.authors": "Authors to follow",
    "follow.organizations": "Organizations to follow",
    "mute": "Never show",
    "entries.at_most": "Entries at most",
    "entries.order": "First comes",
    "entries.minimum_upvotes": "Up-votes at least",
    "entries.revisions": "Show new versions of what I got before",
    "entries.learn": "Learn from my votes",
    "strictness": "How sure a topic in your own words must be",
    "when_empty": "When nothing was found",
    "format": "Looks",
    "pause_until": "No letters before",
}
_IN_TOPICS: Final = {
    "query": "words that must be there",
    "about": "in your own words",
    "weight": "weight",
}
_LISTS: Final = frozenset({"topics", "follow.authors", "follow.organizations", "mute"})
_EXCERPT: Final = 80
_SAID: Final = 200


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One key that both sides were changed in, and what each says now."""

    name: str
    form: str
    yaml: str


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A problem at its line of the YAML; `line` 0: of all of it."""

    line: int
    excerpt: str
    sentence: str


@cache
def zones() -> tuple[str, ...]:
    """Return the time zones that are places, and UTC."""
    return ("UTC", *sorted(one for one in available_timezones() if "/" in one and "Etc" not in one))


def contradictions(keys: Sequence[str], form: Form, yaml: Form | None) -> Iterator[Contradiction]:
    """Yield what the sides say under these keys."""
    for key in keys:
        told = _said(yaml, key) if yaml else ""
        yield Contradiction(_NAMES.get(key, key), _said(form, key), told)


def told(change: "Difference", titles: Mapping[str, str]) -> str:
    """Return one change as the form would call it; `titles` are those of topics, by their names."""
    if change.key in _LISTS:
        name = change.after or change.before or ""
        named = titles.get(name, name) if change.key == "topics" else name
        return f"{_NAMES[change.key]}: “{named}” {'added' if change.after else 'removed'}"
    label = _label(change.key, titles)
    before, after = (_value(change.key, one) for one in (change.before, change.after))
    if before is None:
        return f"{label}: {after}"
    return f"{label}: {before} → {after or 'nothing'}"


def _label(key: str, titles: Mapping[str, str]) -> str:
    if not key.startswith("topics."):
        return _NAMES.get(key, key)
    name, _, last = key.removeprefix("topics.").rpartition(".")
    return f"{titles.get(name, name)}, {_IN_TOPICS[last]}"


def _value(key: str, value: str | None) -> str | None:
    if value is None:
        return None
    if key == "send.every":
        return _rhythm(value)
    if key in {"entries.revisions", "entries.learn"}:
        return "yes" if value == "true" else "no"
    return dict(CHOICES.get(key, ())).get(value, value)


def _rhythm(value: str) -> str:
    """Return `day`, `[mon, thu]`, `week (day: fri)` and their like as people say it."""
    every, _, rest = value.partition(" (day: ")
    if every.startswith("["):
        names = dict(DAYS)
        days = [names.get(one, one) for one in every.strip("[]").split(", ")]
        return f"every {join_words(days)}"
    if rest:
        day = rest.rstrip(")")
        return f"once a {every}, on {dict(DAYS).get(day, f'day {day}')}"
    return _RHYTHMS.get(every, f"once a {every}")


def sentence(problem: "Problem") -> str:
    """Return what is wrong, and what to write instead."""
    told = f"{problem.message}; {problem.suggestion}" if problem.suggestion else problem.message
    return f"{told[:1].upper()}{told[1:]}."


def full_sentence(problem: "Problem") -> str:
    """Return the same with the key it is about, for a place that does not show which one."""
    return f"{problem.key}: {sentence(problem)}" if problem.key else sentence(problem)


def at_lines(problems: Sequence["Problem"], text: str) -> tuple[LineProblem, ...]:
    """Return the problems with the lines on which they are."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return tuple(_at_line(one, lines) for one in problems)


def _at_line(problem: "Problem", lines: Sequence[str]) -> LineProblem:
    is_there = 0 < problem.line <= len(lines)
    excerpt = lines[problem.line - 1].strip()[:_EXCERPT] if is_there else ""
    return LineProblem(problem.line if is_there else 0, excerpt, full_sentence(problem))


def _said(form: Form, key: str) -> str:
    if key == "topics":
        named = [*form.topics.chosen, *(row.name or row.query for row in form.topics.own)]
        return ", ".join(named)[:_SAID] or "none"
    if key == "send.every":
        rhythm = form.rhythm
        parts = (rhythm.every, *rhythm.days, rhythm.weekday, rhythm.date)
        return " ".join(filter(None, parts))
    value = form.facet(key)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))[:_SAID] or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "nothing"
