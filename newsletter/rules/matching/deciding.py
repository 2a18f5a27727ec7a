"""Which of the new entries match one subscriber."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.model import Entry, EntryId, Match, Preferences, Topic, TopicHit
from newsletter.rules.matching.columns import Ranker
from newsletter.rules.matching.merging import Ranked


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
    most_upvotes: int | None = None,
) -> Matching:
    """Return which of `entries` match, best first: ranked and selected in one.

    `topics` are the ones in force, `hits` answers them by name (an unknown name: no answers).
    """
    ranker = Ranker(entries, most_upvotes)
    everything = ranker.everything
    found = [ranker.column(topic, hits.get(topic.name, {}), everything) for topic in topics]
    ranking = ranker.rank(found, preferences.follow, everything)
    return select(ranking, preferences, fresh=everything, muted=muted, already=already)


def select(
    ranking: Sequence[Ranked],
    preferences: Preferences,
    *,
    fresh: frozenset[EntryId],
    muted: frozenset[EntryId],
    already: frozenset[EntryId],
) -> Matching:
    """Return what of `ranking` is for one subscriber, to whom the entries of `fresh` are new.

    `ranking` is best first. Of one entry the first of these counts: sent already, muted, too few
    up-votes. What is not known to have too few up-votes is not left out, and neither is an entry by
    somebody who is followed. Mute also silences those.
    """
    candidates = [one for one in ranking if one.id in fresh]
    unsent = [one for one in candidates if one.id not in already]
    heard = [one for one in unsent if one.id not in muted]
    least = preferences.minimum_upvotes
    low = {one.id for one in heard if _is_below(one, least)}
    return Matching(
        matches=tuple(one.match for one in heard if one.id not in low),
        considered=len(fresh),
        muted=len(unsent) - len(heard),
        below_upvotes=tuple(one.id for one in heard if one.id in low),
        already=len(candidates) - len(unsent),
        minimum_upvotes=least,
    )


def _is_below(one: Ranked, least: int) -> bool:
    return not one.is_followed and one.upvotes is not None and one.upvotes < least
