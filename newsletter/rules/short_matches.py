"""Matches as letters have them by the million: a line for each, and a match made of it when somebody looks.

Few people share all their topics, so nearly every letter has matches that no other letter has. As objects,
each with reasons, terms and words, they would cost more than all the rest of planning. A line names the
entry by a number, and says of each of the reader's topics that finds it what that is worth, and why:

    12 ␞ 0 523423 g ⇥ guardrail ⇥ jailbreak ␞ 2 40211 p

is entry 12, found by the reader's topic 0 (worth 523,423 units, a good match, by two of its words) and by
topic 2. What is said of the entry itself, and of the topics, stands elsewhere, once for all lines. Words and
values are written down, not worked out again: a letter stays as it was decided, whatever changes.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple, overload

from newsletter.model import (
    NO_RELEASE,
    Entry,
    EntryId,
    Match,
    Reason,
    ReasonKind,
    ReleaseNo,
    RevisionId,
    ScoreTerm,
    SourceName,
    Sureness,
    Topic,
    TopicHit,
)
from newsletter.rules.matching import prior_terms, source_name, topic_name

UNITS: Final = 2**20
"""Scores are whole multiples of 1 / UNITS."""

BETWEEN: Final = "\x1e"
"""Between the parts of a line. Words of entries hold neither this nor tabulators: they are cut at them."""

_BEFORE_WORD: Final = "\t"
_SOURCES: Final = "s"
"""In place of a topic: what the weight of the sources adds."""

_SURENESS: Final = {None: "n", Sureness.STRONG: "s", Sureness.GOOD: "g", Sureness.POSSIBLE: "p"}
"""In capitals where the meaning says more than the words."""
_SURENESSES: Final = {letter: sureness for sureness, letter in _SURENESS.items()}
_KEPT: Final = 16_384


class AskedTopic(NamedTuple):
    """What a line needs to know of a topic."""

    name: str
    title: str
    weight: float

    @classmethod
    def of(cls, topic: Topic) -> "AskedTopic":
        """Return it of a topic."""
        return cls(topic.name, topic.title, topic.weight)


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """Entries by their numbers, for all lines of those who share them."""

    texts: Sequence[str]
    """As `write_entry` writes them."""
    numbers: Mapping[EntryId, int]
    lowest_release: ReleaseNo = NO_RELEASE
    """None of the entries was released below it."""


class ShortMatches(Sequence[Match]):
    """The matches of one letter, in order; equal to any sequence of the same matches.

    `entries` are theirs, `lines` what is said of each, `topics` those of the reader.
    """

    __slots__ = ("_made", "entries", "lines", "register", "topics")

    def __init__(
        self,
        entries: Sequence[EntryId],
        lines: Sequence[str],
        topics: tuple[Topic, ...],
        register: Register,
    ) -> None:
        self.entries = entries
        self.lines = lines
        self.topics = topics
        self.register = register
        self._made: tuple[Match, ...] | None = None

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.lines)

    @overload
    def __getitem__(self, place: int) -> Match: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Match]: ...
    def __getitem__(self, place: int | slice) -> Match | Sequence[Match]:
        """Return one match, or some."""
        return self._all()[place]

    def __iter__(self) -> Iterator[Match]:
        """Yield the matches."""
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        """Compare the matches."""
        if not isinstance(other, tuple | ShortMatches):
            return NotImplemented
        return self._all() == tuple(other)

    def __hash__(self) -> int:
        """Return the hash of a tuple of the same."""
        return hash(self._all())

    def __repr__(self) -> str:
        """Write them as a tuple."""
        return repr(self._all())

    def _all(self) -> tuple[Match, ...]:
        if self._made is None:
            texts, topics = self.register.texts, tuple(map(AskedTopic.of, self.topics))
            self._made = tuple([read_line(line, texts, topics) for line in self.lines])
        return self._made


def entries_of(matches: Sequence[Match]) -> Sequence[EntryId]:
    """Return the entries of matches, without making these."""
    if isinstance(matches, ShortMatches):
        return matches.entries
    return [match.entry for match in matches]


def lowest_release(matches: Sequence[Match]) -> ReleaseNo:
    """Return a number that no entry of matches was released below, as far as that is known."""
    return matches.register.lowest_release if isinstance(matches, ShortMatches) else NO_RELEASE


def possible_entries(matches: Sequence[Match]) -> Collection[EntryId]:
    """Return the entries of matches, and perhaps others that might have been chosen in their place.

    The same object for all letters that were chosen together.
    """
    if isinstance(matches, ShortMatches):
        return matches.register.numbers
    return entries_of(matches)


def write_entry(entry: Entry, weight: float) -> str:
    """Write what all lines of one entry have in common; `weight` is that of its sources."""
    priors = [[term.name, _as_units(term.value)] for term in prior_terms(entry.content)]
    return json.dumps([entry.id, entry.revision, entry.sources, priors, weight])


def write_reason(hit: TopicHit) -> str:
    """Write why a topic finds an entry."""
    return write_why(hit.words, hit.sureness, by_meaning=hit.by_meaning)


def write_why(words: Iterable[str], sureness: Sureness | None, *, by_meaning: bool = False) -> str:
    """Write how sure a hit is, and its words."""
    how = _SURENESS[sureness]
    said = [" ".join(word.split()) for word in words]
    return _BEFORE_WORD.join([how.upper() if by_meaning else how, *said])


def write_said(units: int, reason: str) -> str:
    """Write what a topic says of an entry, whoever has the topic."""
    return f"{units} {reason}"


def reason_in(said: str) -> str:
    """Return the reason in what `write_said` wrote."""
    return said.partition(" ")[2]


def write_part(topic: int, units: int, reason: str) -> str:
    """Write what one topic of the reader says of an entry."""
    return f"{topic} {write_said(units, reason)}"


def begin_line(entry: int, topic: int) -> str:
    """Write the beginning of a line, by their numbers; what the topic says comes next, then other parts."""
    return f"{entry}{BETWEEN}{topic} "


def write_source_part(units: int) -> str:
    """Write what the weight of an entry's sources adds, where it is not 1."""
    return f"{_SOURCES} {units} "


def read_line(line: str, texts: Sequence[str], topics: Sequence[AskedTopic]) -> Match:
    """Return the match of a line. Raises ValueError or LookupError for one that was not written here."""
    number, _, said = line.partition(BETWEEN)
    if BETWEEN not in said:  # nearly all
        topic, _, why = said.partition(" ")
        return _read_of_one(texts[int(number)], topics[int(topic)], why)
    found, added = [], 0
    for part in said.split(BETWEEN):
        topic, _, why = part.partition(" ")
        if topic == _SOURCES:
            added = int(why)
        else:
            found.append((topics[int(topic)], why))
    return _read(texts[int(number)], tuple(found), added)


# The same object for all who get the same for the same reasons.
@lru_cache(maxsize=_KEPT)
def _read_of_one(text: str, topic: AskedTopic, why: str) -> Match:
    return _make(text, ((topic, why),), 0)


@lru_cache(maxsize=_KEPT)
def _read(text: str, given: tuple[tuple[AskedTopic, str], ...], added: int) -> Match:
    return _make(text, given, added)


def _make(text: str, given: tuple[tuple[AskedTopic, str], ...], added: int) -> Match:
    entry, revision, sources, priors, weight = json.loads(text)
    found = [(topic, int(units), reason) for topic, (units, reason) in _split(given)]
    terms = [
        *(
            (topic_name(topic.title, topic.weight, place), units)
            for place, (topic, units, _) in enumerate(found)
        ),
        *((str(name), int(units)) for name, units in priors),
        *([(source_name(float(weight)), added)] if weight != 1 else []),
    ]
    return Match(
        entry=EntryId(entry),
        revision=RevisionId(revision),
        score=sum(units for _, units in terms) / UNITS,
        reasons=tuple(_read_reason(topic.title, reason) for topic, _, reason in found),
        terms=tuple(ScoreTerm(name, units / UNITS) for name, units in terms),
        topics=tuple(topic.name for topic, _, _ in found),
        sources=tuple(map(SourceName, sources)),
    )


def _split(
    given: tuple[tuple[AskedTopic, str], ...],
) -> Iterator[tuple[AskedTopic, list[str]]]:
    return ((topic, why.split(" ", 1)) for topic, why in given)


def _read_reason(title: str, text: str) -> Reason:
    how, *words = text.split(_BEFORE_WORD)
    sureness = _SURENESSES[how.lower()]
    return Reason(ReasonKind.TOPIC, title, tuple(words), how.isupper(), sureness)


def _as_units(value: float) -> int:
    return round(value * UNITS)
