"""What a form shows of a preferences document: every value as the text that stands in its field."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar
from unicodedata import category

WORDS: Final = (
    *("name", "send.at", "send.timezone"),
    *("entries.at_most", "entries.order", "entries.minimum_upvotes"),
    *("strictness", "when_empty", "format", "pause_until"),
)
"""Keys with one text each; an empty one means the default."""
SWITCHES: Final = ("entries.revisions", "entries.learn")
"""Keys that say true or false."""
LISTS: Final = ("follow.authors", "follow.organizations", "mute")
"""Keys with a list of texts, a line each."""
RHYTHM: Final = "send.every"
TOPICS: Final = "topics"
FACETS: Final = ("name", RHYTHM, *WORDS[1:3], TOPICS, *LISTS, *SWITCHES, *WORDS[3:])
"""All that a form can change, in the order of the documentation."""
USUAL_WEIGHT: Final = "1"

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often letters come. `every` is `days` for a list of days; what goes with others is kept empty."""

    every: str
    days: tuple[str, ...] = ()
    weekday: str = ""
    date: str = ""
    """Of the month, as text."""


@dataclass(frozen=True, slots=True)
class OwnTopic:
    """A topic that is not the catalogue's. `place` is that in the list of the document, from 0; None: new."""

    name: str
    query: str = ""
    about: str = ""
    weight: str = USUAL_WEIGHT
    place: int | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in it."""
        return not (self.name or self.query or self.about)


@dataclass(frozen=True, slots=True)
class Topics:
    """Topics of the catalogue by name, each with its weight, and a person's own."""

    chosen: Mapping[str, str]
    own: tuple[OwnTopic, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """All fields. `words`, `switches` and `lists` have the keys of WORDS, SWITCHES and LISTS."""

    rhythm: Rhythm
    topics: Topics
    words: Mapping[str, str]
    switches: Mapping[str, bool]
    lists: Mapping[str, tuple[str, ...]]

    def facet(self, key: str) -> object:
        """Return what stands under one of FACETS, to be compared."""
        if key == RHYTHM:
            return self.rhythm
        if key == TOPICS:
            return self.topics
        for values in (self.words, self.switches, self.lists):
            if key in values:
                return values[key]
        raise KeyError(key)

    def with_facets_of(self, other: "Form", keys: Iterable[str]) -> "Form":
        """Return this form with some facets of another."""
        wanted = set(keys)
        return replace(
            self,
            rhythm=other.rhythm if RHYTHM in wanted else self.rhythm,
            topics=other.topics if TOPICS in wanted else self.topics,
            words={**self.words, **_some(other.words, wanted)},
            switches={**self.switches, **_some(other.switches, wanted)},
            lists={**self.lists, **_some(other.lists, wanted)},
        )


def changed_facets(old: Form, new: Form) -> tuple[str, ...]:
    """Return the keys under which two forms say something else."""
    return tuple(key for key in FACETS if old.facet(key) != new.facet(key))


_BLANK: Final = re.compile(r"[\t\r\n]")


def clean(text: str) -> str:
    """Return a text as a field of one line carries it: on one line, without control characters."""
    line = _BLANK.sub(" ", text.replace("\r\n", "\n")).strip()
    if line.isprintable():
        return line
    return "".join(sign for sign in line if category(sign) not in {"Cc", "Cs"}).strip()


def clean_paragraph(text: str) -> str:
    """Return a text of several lines as one: line ends and runs of blanks mean nothing in it."""
    return " ".join(clean(text).split())


def _some(values: Mapping[str, _Value], wanted: set[str]) -> Mapping[str, _Value]:
    return {key: value for key, value in values.items() if key in wanted}
