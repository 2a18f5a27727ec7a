"""What the likes of one person make of a ranking.

The more somebody has liked, the better their likes tell what they want: the topics of n likes count
1 / (1 + n / 2). What a topic does not find may come by the likes alone, where these are sure enough; three
are asked for, since one like says little of what it was liked for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from newsletter.model import (
    EntryId,
    Liking,
    Match,
    Reason,
    ReasonKind,
    ScoreTerm,
    Topic,
    TopicHit,
)
from newsletter.rules.matching.gate import let_through
from newsletter.rules.matching.merging import BY_ORDER, Ranked
from newsletter.rules.matching.scoring import exact, source_terms

LEAST_LIKES: Final = 3
"""From so many on an entry may come by the likes alone."""

_TELLING: Final = 0.05
"""A liking is a reason when it is less probable than this off somebody's interests."""

_SHARE_OF_BUDGET: Final = 0.2
"""Of the budget of a letter. The chances of likes are three to four times too small: 1,000 entries off the
interests gave .29 to .35 where .1 was promised (docs/matching.md)."""

_BY_LIKES: Final = Topic("likes", "Likes", about="what was liked")


def share_of_topics(likes: int) -> float:
    """Return how much topics count beside so many likes."""
    return 1 / (1 + likes / 2)


def liked_alone(
    likings: Mapping[EntryId, Liking], likes: int, among: AbstractSet[EntryId], budget: float
) -> frozenset[EntryId]:
    """Return the new entries `among` which the likes alone are sure enough of."""
    if likes < LEAST_LIKES:
        return frozenset()
    hits = {
        one: TopicHit(liking.score, (), chance=liking.chance)
        for one, liking in likings.items()
        if one in among and liking.chance is not None and liking.chance <= _TELLING
    }
    return frozenset(let_through(_BY_LIKES, hits, among, _SHARE_OF_BUDGET * budget))


def with_likings(
    ranking: Sequence[Ranked],
    likings: Mapping[EntryId, Liking],
    likes: int,
    weight: Callable[[EntryId], float],
) -> tuple[Ranked, ...]:
    """Return `ranking` with what the likes say, best first; terms still sum to the score exactly.

    `weight` is what the sources of an entry multiply all by that it is worth, as `Ranker.weight`.
    """
    return tuple(sorted(_liked(ranking, likings, likes, weight), key=BY_ORDER))


def _liked(
    ranking: Sequence[Ranked],
    likings: Mapping[EntryId, Liking],
    likes: int,
    weight: Callable[[EntryId], float],
) -> Iterator[Ranked]:
    for one in ranking:
        liking = likings.get(one.id)
        yield _with(one, liking, likes, weight(one.id)) if liking else one


def _with(one: Ranked, liking: Liking, likes: int, weight: float) -> Ranked:
    match = one.match
    # What the sources make of it stands last, and is to be made of what the likes say as well.
    unweighted = match.terms if weight == 1 else match.terms[:-1]
    of_topics = sum(term.value for term in match.terms[: len(match.topics)])
    less = exact(of_topics * (share_of_topics(likes) - 1))
    terms = (
        *unweighted,
        *((ScoreTerm(f"topics beside {likes} likes", less),) if less else ()),
        ScoreTerm(f"like “{liking.title}”", exact(liking.score)),
    )
    terms += source_terms(terms, weight)
    score = sum(term.value for term in terms)
    changed = replace(match, score=score, terms=terms, reasons=_reasons(match, liking))
    return replace(one, match=changed, order=(-score, *one.order[1:]))


def _reasons(match: Match, liking: Liking) -> tuple[Reason, ...]:
    if liking.chance is None or liking.chance > _TELLING:
        return match.reasons
    # Behind the topics and before the names: what stands last says whether a name is followed.
    count = len(match.topics)
    why = Reason(ReasonKind.LIKED, liking.title)
    return (*match.reasons[:count], why, *match.reasons[count:])
