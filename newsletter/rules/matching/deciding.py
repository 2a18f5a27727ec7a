"""Which of the new entries match one subscriber."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from newsletter.model import (
    Entry,
    EntryId,
    Follow,
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


@dataclass(frozen=True, slots=True)
class Ranked:
    """One entry with what it is worth to everyone who asks for the same."""

    entry: Entry
    match: Match
    is_followed: bool


def match(
    preferences: Preferences,
    topics: Sequence[Topic],
    entries: Sequence[Entry],
    hits: Mapping[str, Mapping[EntryId, TopicHit]],
    *,
    muted: frozenset[EntryId],
    already: frozenset[EntryId],
    most_upvotes: int | None = None,
) -> Matching:
    """Return which of `entries` match, best first: `rank` and `select` in one."""
    fresh = frozenset(entry.id for entry in entries)
    ranking = rank(preferences.follow, topics, entries, hits, most_upvotes)
    return select(ranking, preferences, fresh=fresh, muted=muted, already=already)


def rank(
    follow: Follow,
    topics: Sequence[Topic],
    entries: Sequence[Entry],
    hits: Mapping[str, Mapping[EntryId, TopicHit]],
    most_upvotes: int | None = None,
) -> tuple[Ranked, ...]:
    """Return each of `entries` that has a reason, best first, with its score and all its reasons.

    `topics` are the ones in force, `hits` answers them by name (an unknown name: no answers). Who
    has no topic and follows nobody gets the most up-voted entries, measured by `most_upvotes` (None:
    the most among `entries`). The same for all who have equal
    topics and follow the same names.
    """
    answered = _answered(follow, topics, hits)
    most = most_upvotes
    if most is None:
        most = max((entry.content.upvotes or 0 for entry in entries), default=0)
    ranking = [
        Ranked(entry, found.matched(entry, most), bool(found.follows))
        for entry in entries
        if (answered is None or entry.id in answered)
        and (found := _Found.of(entry, follow, topics, hits))
    ]
    return tuple(sorted(ranking, key=_order))


def select(
    ranking: Sequence[Ranked],
    preferences: Preferences,
    *,
    fresh: frozenset[EntryId],
    muted: frozenset[EntryId],
    already: frozenset[EntryId],
) -> Matching:
    """Return what of `ranking` is for one subscriber, to whom the entries of `fresh` are new.

    Of one entry the first of these counts: sent already, muted, too few up-votes. What is not
    known to have too few up-votes is not left out, and neither is an entry by somebody who is
    followed. Mute also silences those.
    """
    candidates = [one for one in ranking if one.entry.id in fresh]
    unsent = [one for one in candidates if one.entry.id not in already]
    heard = [one for one in unsent if one.entry.id not in muted]
    least = preferences.minimum_upvotes
    low = {one.entry.id for one in heard if _is_below(one, least)}
    return Matching(
        matches=tuple(one.match for one in heard if one.entry.id not in low),
        considered=len(fresh),
        muted=len(unsent) - len(heard),
        below_upvotes=tuple(one.entry.id for one in heard if one.entry.id in low),
        already=len(candidates) - len(unsent),
        minimum_upvotes=least,
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
        follow: Follow,
        topics: Sequence[Topic],
        hits: Mapping[str, Mapping[EntryId, TopicHit]],
    ) -> "_Found | None":
        """Return the reasons for `entry`, None when there is none; both empty when only popularity counts."""
        answered = [
            (topic, hit) for topic in topics if (hit := hits.get(topic.name, {}).get(entry.id))
        ]
        answered.sort(key=lambda pair: -weighted(*pair))
        found = cls(tuple(answered), followed(entry.content, follow))
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
    follow: Follow,
    topics: Sequence[Topic],
    hits: Mapping[str, Mapping[EntryId, TopicHit]],
) -> frozenset[EntryId] | None:
    """Return the only entries that can have a reason; None when any entry can."""
    if follow.authors or follow.organizations or not topics:
        return None
    return frozenset[EntryId]().union(*(hits.get(topic.name, {}) for topic in topics))


def _is_below(one: Ranked, least: int) -> bool:
    upvotes = one.entry.content.upvotes
    return not one.is_followed and upvotes is not None and upvotes < least


def _order(one: Ranked) -> tuple[float, int, int, str]:
    """Order by score, then day, then release, newest first; the id makes it the same every time."""
    day = one.entry.content.published_on
    day_no = day.toordinal() if day else _NO_DAY
    return (-one.match.score, -day_no, -one.entry.release_no, one.entry.id)
