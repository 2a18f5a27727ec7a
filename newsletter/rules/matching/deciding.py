"""Which of the new entries match one subscriber."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from newsletter.model import (
    Entry,
    EntryId,
    Match,
    Preferences,
    Reason,
    ReasonKind,
    ScoreTerm,
    Topic,
    TopicHit,
)
from newsletter.rules.matching.following import followed
from newsletter.rules.matching.scoring import (
    follow_terms,
    prior_terms,
    topic_terms,
    trending_reason,
    trending_terms,
    weighted,
)

_NO_DAY: Final = 0
"""Stands for the day of an entry of which the day is not known: before all others."""


@dataclass(frozen=True, slots=True)
class Matching:
    """What became of the entries that were new to one subscriber.

    Only entries with a reason to be shown are counted in `muted`, `below_upvotes` and `already`.
    """

    matches: tuple[Match, ...]
    """Best first."""
    considered: int
    """How many entries there were to choose from."""
    muted: int = 0
    """How many the subscriber's `mute` took out."""
    below_upvotes: tuple[EntryId, ...] = ()
    """Entries with fewer than `minimum_upvotes` up-votes: they may get more and match later."""
    already: int = 0
    """How many were in an earlier letter."""
    minimum_upvotes: int = 0


def match(
    preferences: Preferences,
    topics: Sequence[Topic],
    entries: Sequence[Entry],
    hits: Mapping[str, Mapping[EntryId, TopicHit]],
    *,
    muted: frozenset[EntryId],
    already: frozenset[EntryId],
) -> Matching:
    """Return which of `entries` match, best first, each with its score and all its reasons.

    `topics` are the ones in force, `hits` answers them by name (an unknown name: no answers). Who
    has no topic and follows nobody gets the most up-voted entries. Of one entry the first of
    these counts: sent already, muted, too few up-votes. What is not known to have too few up-votes
    is not left out, and neither is an entry by somebody who is followed. Mute also silences those.
    """
    answered = _answered(preferences, topics, hits)
    candidates = [
        (entry, found)
        for entry in entries
        if (answered is None or entry.id in answered)
        and (found := _Found.of(entry, preferences, topics, hits))
    ]
    fresh = [(entry, found) for entry, found in candidates if entry.id not in already]
    heard = [(entry, found) for entry, found in fresh if entry.id not in muted]
    low = {entry.id for entry, found in heard if _is_below(entry, found, preferences)}
    kept = [(entry, found) for entry, found in heard if entry.id not in low]
    most = max((entry.content.upvotes or 0 for entry, _ in kept), default=0)
    best_first = sorted(((entry, found.matched(entry, most)) for entry, found in kept), key=_rank)
    return Matching(
        matches=tuple(matched for _, matched in best_first),
        considered=len(entries),
        muted=len(fresh) - len(heard),
        below_upvotes=tuple(entry.id for entry, _ in heard if entry.id in low),
        already=len(candidates) - len(fresh),
        minimum_upvotes=preferences.minimum_upvotes,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """Why one entry may be shown: topics with their answers, best first, and followed names."""

    topics: tuple[tuple[Topic, TopicHit], ...]
    follows: tuple[Reason, ...]

    @classmethod
    def of(
        cls,
        entry: Entry,
        preferences: Preferences,
        topics: Sequence[Topic],
        hits: Mapping[str, Mapping[EntryId, TopicHit]],
    ) -> "_Found | None":
        """Return the reasons for `entry`, None when there is none; both empty when only popularity counts."""
        answered = [
            (topic, hit) for topic in topics if (hit := hits.get(topic.name, {}).get(entry.id))
        ]
        answered.sort(key=lambda pair: -weighted(*pair))
        found = cls(tuple(answered), followed(entry.content, preferences.follow))
        follow = preferences.follow
        asks_for_nothing = not (topics or follow.authors or follow.organizations)
        return found if found.topics or found.follows or asks_for_nothing else None

    def matched(self, entry: Entry, most_upvotes: int) -> Match:
        terms = self._terms(entry, most_upvotes)
        return Match(
            entry.id,
            entry.revision,
            sum(term.value for term in terms),
            tuple(self._reasons(entry)),
            terms,
            tuple(topic.name for topic, _ in self.topics),
        )

    def _terms(self, entry: Entry, most_upvotes: int) -> tuple[ScoreTerm, ...]:
        if not self.topics and not self.follows:
            return trending_terms(entry.content, most_upvotes)
        return (*topic_terms(self.topics), *follow_terms(self.follows), *prior_terms(entry.content))

    def _reasons(self, entry: Entry) -> Iterable[Reason]:
        if not self.topics and not self.follows:
            yield trending_reason(entry.content)
        for topic, hit in self.topics:
            yield Reason(ReasonKind.TOPIC, topic.title, hit.words, hit.by_meaning)
        yield from self.follows


def _answered(
    preferences: Preferences,
    topics: Sequence[Topic],
    hits: Mapping[str, Mapping[EntryId, TopicHit]],
) -> frozenset[EntryId] | None:
    """Return the only entries that can have a reason; None when any entry can."""
    follow = preferences.follow
    if follow.authors or follow.organizations or not topics:
        return None
    return frozenset[EntryId]().union(*(hits.get(topic.name, {}) for topic in topics))


def _is_below(entry: Entry, found: _Found, preferences: Preferences) -> bool:
    upvotes = entry.content.upvotes
    return not found.follows and upvotes is not None and upvotes < preferences.minimum_upvotes


def _rank(pair: tuple[Entry, Match]) -> tuple[float, int, int, str]:
    """Order by score, then day, then release, newest first; the id makes it the same every time."""
    entry, matched = pair
    day = entry.content.published_on
    return (-matched.score, -(day.toordinal() if day else _NO_DAY), -entry.release_no, entry.id)
